"""How long a source is left alone, what of its feed is new, how a message stands."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.warning.core.upper import lapse_of, may_end, standing_of, told_in
from anlan.warning.core.upper_polling import LONGEST_WAIT, digest_of, unseen, wait_after
from anlan.warning.data import Refusal, SignatureVerdict, UpperState
from anlan.warning.gateways.cap.feeds import Entry
from anlan.warning.gateways.cap.frame import decode
from tests.gateway.cap_specimens import message

MINUTE = timedelta(minutes=1)
NOW = datetime(2024, 7, 15, 12, 0, tzinfo=UTC)


def test_each_failure_doubles_the_wait_up_to_half_an_hour():
    waits = [wait_after(every=MINUTE, failures=n) / MINUTE for n in range(7)]
    assert waits == [1, 2, 4, 8, 16, 30, 30]
    assert wait_after(every=timedelta(hours=2), failures=0) == timedelta(hours=2)
    assert wait_after(every=timedelta(hours=2), failures=3) == timedelta(hours=2)


@given(st.integers(10, 86_400), st.integers(0, 10_000))
def test_a_wait_is_never_shorter_than_asked_and_never_shrinks(seconds, failures):
    every = timedelta(seconds=seconds)
    wait = wait_after(every=every, failures=failures)
    assert every <= wait <= max(every, LONGEST_WAIT)
    assert wait_after(every=every, failures=failures + 1) >= wait


def entry(**given: object) -> Entry:
    return Entry(**{"id": "1", "updated": "a", "link": "http://a.cn/1", "inline": b"", **given})  # type: ignore[arg-type]


def test_an_entry_is_new_when_anything_of_it_is():
    first = entry()
    others = [entry(id="2"), entry(updated="b"), entry(link=""), entry(inline=b"<a/>")]
    assert len({digest_of(each) for each in (first, *others)}) == 5
    found = unseen([first, *others, entry()], seen={digest_of(others[0])})
    assert list(found.values()) == [first, *others[1:]]


@pytest.mark.parametrize(
    ("given", "requires", "verdict", "state", "refusal"),
    [
        ({}, False, "unsigned", UpperState.IN_FORCE, None),
        ({}, False, "broken", UpperState.IN_FORCE, None),
        ({}, True, "valid", UpperState.IN_FORCE, None),
        ({}, True, "unsigned", UpperState.REFUSED, Refusal.UNSIGNED),
        ({}, True, "untrusted", UpperState.REFUSED, Refusal.UNTRUSTED),
        ({}, True, "broken", UpperState.REFUSED, Refusal.BROKEN),
        ({"status": "Test"}, False, "valid", UpperState.EXERCISE, None),
        ({"status": "Exercise"}, True, "unsigned", UpperState.REFUSED, Refusal.UNSIGNED),
        (
            {"more": "<expires>2024-07-15T20:00:00+08:00</expires>"},
            False,
            "valid",
            UpperState.EXPIRED,
            None,
        ),
    ],
)
def test_how_a_message_stands_when_it_comes(given, requires, verdict, state, refusal):
    found = standing_of(
        decode(message(**given).encode()),
        verdict=SignatureVerdict(verdict),
        requires_signature=requires,
        now=NOW,
    )
    assert (found.state, found.refusal) == (state, refusal)


def test_the_latest_end_of_all_texts_counts():
    one = message(more="<expires>2024-07-15T21:00:00+08:00</expires>")
    info = one[one.index("<info>") : one.index("</alert>")].replace("T21", "T23")
    alert = decode(one.replace("</alert>", f"{info}</alert>").encode())
    assert lapse_of(alert) == datetime(2024, 7, 15, 15, 0, tzinfo=UTC)
    late = message(more="<effective>2024-07-16T08:00:00+08:00</effective>")
    assert lapse_of(decode(late.encode())) == datetime(2024, 7, 17, 0, 0, tzinfo=UTC)


def test_only_a_signed_message_ends_a_signed_one():
    assert may_end(ender="unsigned", ended="unsigned")
    assert may_end(ender="valid", ended="valid")
    assert may_end(ender="valid", ended="unsigned")
    assert not may_end(ender="untrusted", ended="valid")


def test_the_chinese_text_is_told_else_the_first():
    one = message()
    info = one[one.index("<info>") : one.index("</alert>")]
    english = info.replace("zh-CN", "en-US").replace("暴雨", "rain")
    both = decode(one.replace("<info>", f"{english}<info>", 1).encode()).infos
    assert told_in(both) is both[1]
    assert told_in(both[:1]) is both[0]
    assert told_in(()) is None
