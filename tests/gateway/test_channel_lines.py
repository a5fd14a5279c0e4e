"""The lines to a provider: shared out among connections, and never longer than others can wait."""

import pytest

from anlan.warning.gateways import lines
from anlan.warning.gateways.lines import FEW, Line
from anlan.warning.gateways.provider import Outcome, Outgoing, Sent


class Way:
    """A provider whose every message takes so long by the clock of the test."""

    def __init__(self, watch, *, takes_s=0.0, says=None):
        self.watch, self.takes_s, self.says = watch, takes_s, says
        self.given = []

    def send(self, messages):
        self.given.append([message.key for message in messages])
        self.watch.at += self.takes_s * len(messages)
        if self.says is not None:
            return self.says(messages)
        return [Sent(Outcome.TAKEN, reference=message.key) for message in messages]

    def close(self):
        self.given.append("closed")


class Watch:
    """The time of the test."""

    at = 0.0

    def __call__(self):
        return self.at


@pytest.fixture
def watch(monkeypatch):
    made = Watch()
    monkeypatch.setattr(lines, "monotonic", made)
    return made


def messages(count):
    return [Outgoing(key=f"k{n}", to="1", title="", text="") for n in range(count)]


def test_a_quick_provider_is_given_ever_more_at_once(watch):
    way = Way(watch)
    said = Line(lambda: way).send(messages(FEW))
    assert [len(part) for part in way.given] == [1, 4, 16, 4]
    assert [word.reference for word in said] == [f"k{n}" for n in range(FEW)]


def test_a_slow_provider_is_left_when_its_time_is_over(watch):
    way = Way(watch, takes_s=4.0)
    said = Line(lambda: way).send(messages(FEW))
    assert [len(part) for part in way.given] == [1, 1, 1]
    assert [word.outcome for word in said] == [Outcome.TAKEN] * 3 + [Outcome.LATER] * (FEW - 3)


def test_many_messages_are_shared_out_and_answered_in_their_order(watch):
    ways = []

    def open_one():
        ways.append(Way(watch))
        return ways[-1]

    line = Line(open_one)
    said = line.send(messages(4 * FEW + 3))
    assert len(ways) == 4
    assert [word.reference for word in said] == [f"k{n}" for n in range(4 * FEW + 3)]
    line.close()
    assert {way.given[-1] for way in ways} == {"closed"}


def broken(_messages):
    raise RuntimeError("no")


@pytest.mark.parametrize("says", [broken, lambda _given: [], lambda given: [None] * 2 * len(given)])
def test_one_that_breaks_its_word_leaves_the_fate_of_its_messages_unknown(watch, says):
    said = Line(lambda: Way(watch, says=says)).send(messages(3))
    assert [word.outcome for word in said] == [Outcome.UNKNOWN] * 3
