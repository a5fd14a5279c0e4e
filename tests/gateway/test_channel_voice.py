"""Calls: ordered over HTTP, placed over SIP, answered with a key, called back and believed."""

import threading
from contextlib import closing

import pytest

from anlan.kernel import clock
from anlan.warning.gateways.making import make_provider, read_callback
from anlan.warning.gateways.provider import Heard, HeardKind, Outcome, Outgoing
from tests.sms_centre import is_silent
from tests.voice_platform import Platform, platform

HABITS = {
    "13900000001": "1",
    "13900000002": "answers",
    "13900000003": "busy",
    "13900000004": "rejects",
    "13900000005": "rings",
}


def call(number: str, **given: str) -> Outgoing:
    values = {
        "key": f"k-{number[-1:]}",
        "to": number,
        "title": "山洪红色预警",
        "text": "请立即\n转移。",
        "link": "https://a.cn/w/1",
    }
    return Outgoing(**{**values, **given})  # type: ignore[arg-type]  # all but `cap` are text


def heard_after(messages: list[Outgoing]) -> tuple[list[Heard], Platform, list[Outcome]]:
    """Return what was called back, the platform, and what it said of the orders."""
    back: list[tuple[dict[str, str], bytes]] = []
    lock = threading.Lock()

    def call_back(headers: dict[str, str], body: bytes) -> None:
        with lock:
            back.append((headers, body))

    with platform(HABITS, call_back=call_back) as made:
        settings = made.settings(prompt="收到请按1。")
        with closing(make_provider("voice", settings)) as provider:
            said = [each.outcome for each in provider.send(messages)]
    heard = [
        each
        for headers, body in back
        for each in read_callback(
            "voice", settings, headers=headers, body=body, now=clock.now()
        ).heard
    ]
    return sorted(heard, key=lambda each: (each.key, each.kind)), made, said


def test_calls_are_placed_and_their_ends_are_heard():
    heard, made, said = heard_after([call(number) for number in HABITS])
    assert said == [Outcome.TAKEN] * 5
    assert [(each.kind, each.key, each.is_delivered, each.reason, each.text) for each in heard] == [
        (HeardKind.KEY, "k-1", False, "", "1"),
        (HeardKind.RECEIPT, "k-1", True, "", ""),
        (HeardKind.RECEIPT, "k-2", True, "", ""),
        (HeardKind.RECEIPT, "k-3", False, "busy", ""),
        (HeardKind.RECEIPT, "k-4", False, "rejected", ""),
        (HeardKind.RECEIPT, "k-5", False, "no-answer", ""),
    ]
    assert made.spoken["13900000001"] == "山洪红色预警。请立即。转移。收到请按1。"
    trace = next(each.trace for each in made.placed if each.number == "13900000001")
    assert [line.split(" ")[1] for line in trace[:3]] == ["100", "180", "200"]
    assert trace[3].startswith("INFO")
    methods = {line.partition(" ")[0] for line in made.phones.heard}
    assert methods >= {"INVITE", "ACK", "BYE", "CANCEL"}


def test_nobody_is_asked_for_a_key_where_no_answer_is_wanted():
    _, made, _ = heard_after([call("13900000002", link="")])
    assert made.spoken["13900000002"] == "山洪红色预警。请立即。转移。"


@pytest.mark.parametrize(
    ("number", "is_one"), [("0912 3456789", True), ("112", False), ("", False)]
)
def test_a_landline_is_a_phone_and_a_short_number_is_none(number, is_one):
    _, _, said = heard_after([call(number, key="k")])
    assert said == [Outcome.TAKEN if is_one else Outcome.REFUSED]


def test_a_silent_platform_harms_nobody_else():
    with platform({}, call_back=lambda headers, body: None) as made:
        made.mood, made.timeout_s = is_silent, 0.3
        with closing(make_provider("voice", made.settings(batch="1"))) as provider:
            said = provider.send([call(number) for number in HABITS])
    assert [each.outcome for each in said] == [Outcome.UNKNOWN] + [Outcome.DOWN] * 4
