"""Every kind can be made by its name, checked before, and talks through Apprise without a leak."""

import json
import logging
from contextlib import closing
from time import perf_counter

import pytest
from django.utils import translation

from anlan.warning.gateways.apprise_any.transport import TELLTALES
from anlan.warning.gateways.checking import OPTIONS
from anlan.warning.gateways.making import CALLS_BACK, KINDS, check_settings, make_provider
from anlan.warning.gateways.provider import Outcome, Outgoing, ProviderSettings, Sent
from tests.raw_server import OK, Call, always, raw_server

WEB = "https://gateway.example.cn/send"
GOOD = {
    "sms": ProviderSettings("one", WEB, "app-1", "4711", {"sign_name": "县应急", "batch": "50"}),
    "voice": ProviderSettings("one", WEB, "app-1", "4711", {"prompt": "收到请按1"}),
    "wecom": ProviderSettings("one", "", "", "4711"),
    "dingtalk": ProviderSettings("one", "", "", "4711 SEC4711"),
    "email": ProviderSettings("one", "smtps://mail.example.cn", "a", "4711", {"from": "a@b.cn"}),
    "loudspeaker_mqtt": ProviderSettings("one", "mqtts://b.cn", options={"topic": "v/{device}"}),
    "loudspeaker_http": ProviderSettings("one", WEB, "app-1", "4711", {"level": "1"}),
    "apprise": ProviderSettings("one", "", "", "json://a.example.cn/{to}"),
}


def message(**given: str) -> Outgoing:
    values = {"key": "k1", "to": "13900000001", "title": "山洪预警", "text": "{{7*7}} 转移\x00"}
    return Outgoing(**{**values, **given})  # type: ignore[arg-type]  # all but `cap` are text


def test_every_kind_is_known_everywhere():
    assert set(KINDS) == set(GOOD) == set(OPTIONS)
    assert set(CALLS_BACK) < set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_good_settings_are_good_and_make_a_provider(kind):
    assert check_settings(kind, GOOD[kind]) == []
    with closing(make_provider(kind, GOOD[kind])) as provider:
        assert provider.send([]) == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_at_all_is_wrong_everywhere(kind):
    empty = ProviderSettings("one", "", timeout_s=0, options={"colour": "red", "ca": "none"})
    found = check_settings(kind, empty)
    assert len(found) >= 3
    assert all(sentence.endswith((".", "。")) for sentence in found)


def wrong(kind: str, *, options: dict[str, str] | None = None, **given: object) -> str:
    good = GOOD[kind]
    values = {name: getattr(good, name) for name in ("name", "address", "account", "secret")}
    told = {**good.options, **(options or {})}
    settings = ProviderSettings(**{**values, "options": told, **given})
    with translation.override("en"):
        (found,) = check_settings(kind, settings)
    return found


def test_what_is_wrong_is_named():
    assert "most_parts" in wrong("sms", options={"most_parts": "0"})
    assert "signing" in wrong("sms", options={"signing": "crc"})
    assert "unprotected" in wrong("sms", options={"signing": "md5"}, address="http://a.cn/")
    assert "sign_name" in wrong("sms", options={"sign_name": "【】"})
    assert "account" in wrong("voice", account="a b")
    assert "secret" in wrong("voice", secret="")
    assert "key out of the address" in wrong("wecom", address=f"{WEB}?key=1")
    assert "unprotected" in wrong("dingtalk", address="http://oapi.example.cn/")
    assert "without TLS" in wrong("email", address="smtp://a.cn", options={"tls": "none"})
    assert "topic" in wrong("loudspeaker_mqtt", options={"topic": "v/#/{device}"})
    assert "Apprise" in wrong("apprise", secret="nothing://a")
    assert "ca" in wrong("sms", options={"ca": __file__})
    assert check_settings("pigeon", GOOD["sms"])


@pytest.mark.parametrize("kind", ["pigeon", *KINDS])
def test_what_cannot_be_made_is_refused_without_telling_why_too_much(kind):
    broken = ProviderSettings("one", "gopher://u:4711@/", "4711", "4711://", timeout_s=1)
    if kind in ("wecom", "dingtalk", "pigeon") or kind in KINDS:
        with pytest.raises(ValueError, match=r"one cannot be used|no such kind") as found:
            make_provider(kind, broken)
        assert "4711" not in repr(found.value)


def through_apprise(url: str, *messages: Outgoing, timeout_s: float = 3.0) -> list[Sent]:
    settings = ProviderSettings("one", "", secret=url, timeout_s=timeout_s)
    with closing(make_provider("apprise", settings)) as provider:
        return list(provider.send(messages or [message()]))


def test_any_service_of_apprise(caplog):
    caplog.set_level(logging.DEBUG)
    for name in TELLTALES:
        caplog.set_level(logging.DEBUG, logger=name)
    seen: list[bytes] = []

    def script(call: Call) -> None:
        while request := call.request():
            seen.append(request)
            call.say(OK)

    with raw_server(script) as server:
        url = f"json://user:4711@127.0.0.1:{server.port}/t-4711/{{to}}"
        said = through_apprise(url, message(link="https://a.cn/w"), message(to="a/b?c"))
    assert said == [Sent(Outcome.TAKEN)] * 2
    head, _, body = seen[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /t-4711/13900000001 HTTP/1.1")
    told = json.loads(body)
    assert (told["title"], told["message"]) == ("山洪预警", "{{7*7}} 转移\nhttps://a.cn/w")
    assert seen[1].startswith(b"POST /t-4711/a%2Fb%3Fc")
    assert "4711" not in caplog.text + repr(said)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 No\r\nLocation: http://127.0.0.1:1/4711\r\nContent-Length: 0\r\n\r\n",
        b"garbage\r\n\r\n",
    ],
)
def test_a_service_that_fails_leaves_open_what_became_of_it(answer, caplog):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="apprise")
    with raw_server(always(answer)) as server:
        said = through_apprise(f"json://u:4711@127.0.0.1:{server.port}/4711")
    assert [each.outcome for each in said] == [Outcome.UNKNOWN]
    assert "4711" not in caplog.text + repr(said)


def test_a_service_that_drips_does_not_hold_us():
    def script(call: Call) -> None:
        call.request()
        call.drip(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000, every_s=0.05)

    begin = perf_counter()
    with raw_server(script) as server:
        url = f"json://127.0.0.1:{server.port}/"
        said = through_apprise(url, message(), message(), timeout_s=0.5)
        assert perf_counter() - begin < 8
    assert said[0] == Sent(Outcome.UNKNOWN, reason="timeout")
    assert said[1] == Sent(Outcome.DOWN, reason="not tried: timeout")
