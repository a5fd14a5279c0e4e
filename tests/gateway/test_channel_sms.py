"""Text messages: what goes, what came of it, and which callbacks are believed."""

import json
import logging
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.warning.gateways.making import make_provider
from anlan.warning.gateways.provider import (
    Outcome,
    Outgoing,
    ProviderSettings,
)
from anlan.warning.gateways.sms.frame import length_of, parts_of, text_of
from tests.raw_server import Call
from tests.sms_centre import (
    ACCOUNT,
    SECRET,
    Centre,
    answers_twice,
    centre,
    cut_off,
    drips,
    hangs_up,
    is_silent,
    json_answer,
    resets,
    says,
    with_status,
)

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
SETTINGS = ProviderSettings("sms", "http://127.0.0.1:9/", ACCOUNT, SECRET, {"sign_name": "县应急"})
PHONES = [f"1390000{number:04}" for number in range(250)]


def sms(number: int = 0, **given: str) -> Outgoing:
    values: dict[str, Any] = {
        "key": f"k{number}",
        "to": PHONES[number],
        "title": "",
        "text": "山洪来了，请转移。",
    }
    return Outgoing(**{**values, **given})


def sent(gateway: Centre, *messages: Outgoing, **options: str):
    provider = make_provider("sms", gateway.settings(**options))
    found = provider.send(messages or [sms()])
    provider.close()
    return found


def test_two_hundred_and_fifty_messages_go_in_three_orders():
    with centre() as gateway:
        messages = [sms(n, text=f"第{n}村请转移") for n in range(250)]
        found = sent(gateway, *messages)
        assert [len(order["messages"]) for order in gateway.orders] == [100, 100, 50]
        assert gateway.server.calls == 1
    assert [(each.outcome, each.reference) for each in found] == [
        (Outcome.TAKEN, f"m-k{n}") for n in range(250)
    ]
    assert gateway.texts()[7] == "【县应急】第7村请转移"


def test_each_message_has_its_own_answer():
    with centre(
        codes={PHONES[1]: 101, PHONES[2]: "201", PHONES[3]: 302, PHONES[4]: 999}
    ) as gateway:
        found = sent(gateway, *[sms(n) for n in range(5)], sms(5, to="12345"))
    assert [(each.outcome, each.reason) for each in found] == [
        (Outcome.TAKEN, ""),
        (Outcome.REFUSED, "code 101"),
        (Outcome.LATER, "code 201"),
        (Outcome.DOWN, "code 302"),
        (Outcome.UNKNOWN, "code 999"),
        (Outcome.REFUSED, "bad-number"),
    ]


def test_a_gateway_that_counts_otherwise_is_told_so_in_the_options():
    options = {"taken_codes": "success", "refused_codes": "E7, E8", "later_codes": "E9"}
    codes = {PHONES[0]: "success", PHONES[1]: "E8", PHONES[2]: "E9"}
    with centre(codes=codes) as gateway:
        found = sent(gateway, *[sms(n) for n in range(3)], **options)
    assert [each.outcome for each in found] == [Outcome.TAKEN, Outcome.REFUSED, Outcome.LATER]


def test_an_older_gateway_gets_an_md5():
    with centre() as gateway:
        found = sent(gateway, signing="md5")
        assert "password" not in json.dumps(gateway.orders)
        assert set(gateway.orders[0]) == {"account", "timestamp", "sign", "messages"}
    assert found[0].outcome is Outcome.TAKEN


@pytest.mark.parametrize("signing", ["hmac", "md5"])
def test_a_wrong_secret_stops_everything(signing):
    with centre() as gateway:
        settings = replace(gateway.settings(signing=signing), secret="wrong")
        with closing(make_provider("sms", settings)) as provider:
            found = provider.send([sms(n) for n in range(150)])
    assert {each.outcome for each in found} == {Outcome.DOWN}
    assert not gateway.sent
    assert gateway.server.calls == 1


OK_EMPTY = json_answer({"code": 0, "results": []})
ROW = {"extId": "k0", "code": 0}


@pytest.mark.parametrize(
    ("mood", "outcome"),
    [
        (with_status("429 Too Many Requests"), Outcome.LATER),
        (with_status("503 Service Unavailable"), Outcome.LATER),
        (with_status("500 Internal Server Error"), Outcome.UNKNOWN),
        (with_status("502 Bad Gateway"), Outcome.UNKNOWN),
        (with_status("400 Bad Request"), Outcome.REFUSED),
        (with_status("401 Unauthorized"), Outcome.DOWN),
        (with_status("404 Not Found"), Outcome.DOWN),
        (with_status("302 Found"), Outcome.DOWN),
        (hangs_up, Outcome.UNKNOWN),
        (resets, Outcome.UNKNOWN),
        (cut_off, Outcome.UNKNOWN),
        (is_silent, Outcome.UNKNOWN),
        (drips, Outcome.UNKNOWN),
        (says(b"\x16\x03\x01garbage\r\n\r\n"), Outcome.UNKNOWN),
        (says(OK_EMPTY), Outcome.UNKNOWN),
        (says(json_answer("ok")), Outcome.UNKNOWN),
        (says(json_answer({"code": True, "results": [ROW]})), Outcome.UNKNOWN),
        (says(json_answer({"code": 0, "results": {"k0": 0}})), Outcome.UNKNOWN),
        (
            says(json_answer({"code": 0, "results": [7, None, {"extId": "k9", "code": 0}]})),
            Outcome.UNKNOWN,
        ),
        (says(json_answer({"code": 0, "results": [ROW, {**ROW, "code": 101}]})), Outcome.UNKNOWN),
        (says(json_answer({"code": 0, "results": [ROW, ROW]})), Outcome.TAKEN),
        (
            says(json_answer({"code": 0, "results": [{"extId": "k9", "code": 101}, ROW]})),
            Outcome.TAKEN,
        ),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n[[[["), Outcome.UNKNOWN),
        (
            says(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n" + b"[" * 60_000),
            Outcome.UNKNOWN,
        ),
    ],
)
def test_a_gateway_in_trouble(mood, outcome, caplog):
    caplog.set_level(logging.DEBUG)
    with centre(mood=mood, timeout_s=0.3 if mood in (is_silent, drips) else 5.0) as gateway:
        begin = perf_counter()
        found = sent(gateway)
        assert perf_counter() - begin < 8
    assert [each.outcome for each in found] == [outcome]
    assert SECRET not in caplog.text + repr(found)


def test_a_gateway_that_is_not_there():
    with centre() as gateway:
        settings = gateway.settings()
    assert make_provider("sms", settings).send([sms()])[0].outcome is Outcome.DOWN


def test_a_silent_gateway_is_asked_once_for_many():
    with centre(mood=is_silent, timeout_s=0.3) as gateway:
        begin = perf_counter()
        found = sent(gateway, *[sms(n) for n in range(250)])
        assert perf_counter() - begin < 8
    assert [each.outcome for each in found] == [Outcome.UNKNOWN] * 100 + [Outcome.DOWN] * 150
    assert found[-1].reason == "not tried: timeout"


def test_one_message_that_a_gateway_cannot_read_does_not_stop_the_others():
    def picky(call: Call, request: bytes) -> bool:
        if b"poison" in request:
            call.say(b"HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n")
        return b"poison" in request

    with centre(mood=picky) as gateway:
        found = sent(gateway, *[sms(n, text="poison" if n == 13 else "水") for n in range(20)])
    assert [n for n, each in enumerate(found) if each.outcome is not Outcome.TAKEN] == [13]
    assert found[13].outcome is Outcome.REFUSED
    assert len(gateway.sent) == 19


@pytest.mark.parametrize("mood", [with_status("400 Bad Request"), says(json_answer({"code": 101}))])
def test_a_gateway_that_refuses_everything_is_not_asked_for_each(mood):
    asked = []

    def counted(call: Call, request: bytes) -> bool:
        asked.append(request)
        return bool(mood(call, request))

    with centre(mood=counted) as gateway:
        found = sent(gateway, *[sms(n) for n in range(200)])
    assert {each.outcome for each in found} == {Outcome.REFUSED}
    assert len(asked) <= 2 + 2 * 40


def test_one_number_that_is_over_its_limit_stops_no_other():
    with centre(codes={PHONES[0]: 201}) as gateway:
        found = sent(gateway, sms(0), sms(1), sms(2), batch="1")
    assert [each.outcome for each in found] == [Outcome.LATER, Outcome.TAKEN, Outcome.TAKEN]


def test_an_answer_given_twice_is_not_the_answer_to_the_next_order():
    with centre() as gateway:
        gateway.mood = answers_twice(gateway)
        provider = make_provider("sms", gateway.settings(batch="1"))
        found = provider.send([sms(n) for n in range(4)])
        provider.close()
    assert [each.reference for each in found] == [f"m-k{n}" for n in range(4)]


def test_a_repeat_is_known_by_its_number():
    with centre() as gateway:
        sent(gateway, sms())
        sent(gateway, sms())
    assert (len(gateway.sent), gateway.repeats) == (1, 1)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("水" * 70, 1),
        ("水" * 71, 2),
        ("水" * 134, 2),
        ("水" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_parts_are_counted_as_the_networks_count(text, parts):
    assert parts_of(text) == parts


def test_a_long_text_is_cut_and_its_link_is_not():
    message = sms(text="水" * 500, title="山洪红色预警", link="https://a.cn/w/abc")
    text = text_of(message, replace(SETTINGS, options={"sign_name": "县应急", "most_parts": "3"}))
    assert parts_of(text) == 3
    assert text.startswith("【县应急】山洪红色预警\n水")
    assert text.endswith("水… https://a.cn/w/abc")


def test_markup_and_control_characters_are_text():
    text = text_of(
        sms(text="{{7*7}} ${x} %(y)s {0} \x00\x07\x1b[31m\u202e\ud800红\r\n二"), SETTINGS
    )
    assert text == "【县应急】{{7*7}} ${x} %(y)s {0} [31m红\n二"


@given(
    st.text(), st.text(), st.text(alphabet="abc/:\n\x00"), st.sampled_from(["1", "2", "5", "x", ""])
)
def test_any_text_fits(title, text, link, most):
    settings = replace(SETTINGS, options={"sign_name": "县应急", "most_parts": most})
    message = sms(title=title, text=text + "水", link=link)
    made = text_of(message, settings)
    made.encode()
    assert parts_of(made) <= (int(most) if most.isdigit() else 5)
    assert length_of(made) == len(made.encode("utf-16-le")) // 2


def test_settings_and_faults_show_no_secret(monkeypatch, caplog):
    settings = ProviderSettings("one", "http://a.cn/?key=4711", "4711", "4711", {"x": "4711"})
    assert "4711" not in repr(settings)
    assert repr(settings) == repr(replace(settings, secret="4711"))
    assert repr(settings) != repr(replace(settings, options={"x": "4712"}))
    provider = make_provider("sms", settings)

    def breaks(*_args, **_options):
        raise RuntimeError("http://a.cn/?key=4711")

    monkeypatch.setattr("anlan.warning.gateways.posting.Orders.send", breaks)
    found = provider.send([sms(), sms(1)])
    assert [each.outcome for each in found] == [Outcome.UNKNOWN] * 2
    assert "4711" not in repr(found) + caplog.text
    with pytest.raises(ValueError, match="one cannot be used") as refusal:
        make_provider("sms", replace(settings, address="ftp://u:4711@a/"))
    assert "4711" not in repr(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__context__ is None
