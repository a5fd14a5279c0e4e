"""Sources are asked over real HTTP: what is new comes in once, and no server can do harm."""

import threading
from datetime import timedelta

import pytest

from anlan.kernel import clock
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.warning.actions import _feed
from anlan.warning.actions.poll_source import poll_source
from anlan.warning.data import EntryOutcome, UpperState
from anlan.warning.gateways.cap.transport import Limits
from anlan.warning.models import FeedEntry, UpperWarning, WarningSource
from anlan.warning.tasks.polling import poll, sweep
from tests.gateway.cap_specimens import FILES, Signer, message, reference
from tests.upper_levels import BY, add_source, atom, feed_server, states

FIRST = "61070341600000_20240715193000_0"
MINUTE = timedelta(minutes=1)
QUICK = Limits(max_bytes=10_000, total_s=0.6, connect_s=0.5, read_s=0.4)


@pytest.fixture
def server():
    with feed_server() as found:
        yield found


@pytest.fixture
def source(cast, server):
    return add_source(f"{server.address}/feed")


def ask(source: WarningSource) -> WarningSource:
    """Poll a source once and return it as it then stands."""
    token = WarningSource.objects.get(pk=source.pk).poll_token
    poll_source(str(source.uuid), token=token, by=BY, now=clock.now())
    found: WarningSource = WarningSource.objects.get(pk=source.pk)
    return found


def test_a_feed_brings_its_messages_once(source, server, fixed_clock):
    server.says("/feed", atom("/a.xml", inline=message(identifier="inline")))
    server.says("/a.xml", message())
    after = ask(source)
    assert states() == {FIRST: UpperState.IN_FORCE, "inline": UpperState.IN_FORCE}
    assert (after.fault, after.failures, after.answered_at) == ("", 0, clock.now())
    fixed_clock.advance(MINUTE)
    ask(source)
    assert server.asked == ["/feed", "/a.xml", "/feed"]
    assert UpperWarning.objects.count() == 2
    assert FeedEntry.objects.filter(seen_at=clock.now()).count() == 2


def test_a_changed_entry_is_fetched_again_and_a_known_message_stays_one(source, server):
    server.says("/a.xml", message())
    server.says("/feed", atom("/a.xml"))
    ask(source)
    server.says("/feed", atom("/a.xml", updated="2"))
    ask(source)
    assert server.asked.count("/a.xml") == 2
    assert UpperWarning.objects.count() == 1


def test_what_has_not_changed_is_not_sent_again(source, server):
    server.says("/feed", atom("/a.xml"), etag='"v1"')
    server.says("/a.xml", message())
    assert ask(source).etag == '"v1"'
    after = ask(source)
    assert server.headers[-1]["If-None-Match"] == '"v1"'
    assert (after.fault, after.etag) == ("", '"v1"')
    assert server.asked == ["/feed", "/a.xml", "/feed"]


def test_a_message_that_cannot_be_fetched_is_tried_again(source, server):
    server.says("/feed", atom("/a.xml", "/b.xml"), etag='"v1"')
    server.fails("/a.xml", 503)
    server.says("/b.xml", message(identifier="b"))
    after = ask(source)
    assert (after.fault, after.fault_detail, after.etag) == ("http-status", "503", "")
    assert states() == {"b": UpperState.IN_FORCE}
    server.says("/a.xml", message())
    assert ask(source).etag == '"v1"'
    assert set(states()) == {"b", FIRST}


def test_a_message_that_cannot_be_read_is_told_and_not_fetched_again(source, server):
    server.says("/feed", atom("/bad.xml", "/a.xml"))
    server.says("/bad.xml", FILES["bad_canada_errors.xml"])
    server.says("/a.xml", message())
    after = ask(source)
    assert after.fault == ""
    entry = FeedEntry.objects.get(outcome=EntryOutcome.UNREADABLE)
    assert (entry.reason, entry.element, entry.line) == (
        "missing-references",
        "alert/references",
        12,
    )
    ask(source)
    assert server.asked.count("/bad.xml") == 1
    assert JournalEntry.objects.filter(act="warning_source.unreadable").count() == 1
    assert list(states()) == [FIRST]


def test_a_message_that_came_damaged_is_fetched_up_to_three_times(source, server):
    server.says("/feed", atom("/a.xml"), etag='"v1"')
    server.says("/a.xml", message()[:-20])
    assert [ask(source).etag for _turn in range(4)] == ["", "", '"v1"', '"v1"']
    assert server.asked.count("/a.xml") == 3
    server.says("/feed", atom("/a.xml", updated="2"))
    ask(source)
    server.says("/a.xml", message())
    ask(source)
    assert states() == {FIRST: UpperState.IN_FORCE}
    assert FeedEntry.objects.get(outcome=EntryOutcome.TAKEN).reason == ""


def test_an_update_before_what_it_names_wins_in_one_feed(source, server):
    update = message(
        identifier="second",
        sent="2024-07-15T19:45:00+08:00",
        msg_type="Update",
        after_scope=reference(),
    )
    server.says("/feed", atom("/2.xml", "/1.xml"))
    server.says("/2.xml", update)
    server.says("/1.xml", message())
    ask(source)
    assert states() == {"second": UpperState.IN_FORCE, FIRST: UpperState.UPDATED}


def test_a_signed_message_is_fetched_rather_than_taken_from_the_feed(cast, server):
    office = Signer("市气象台")
    signed = office.sign(message())
    source = add_source(
        f"{server.address}/feed", trusted_certificates=office.pem, requires_signature=True
    )
    entry = f'<entry><id>1</id><link href="/a.xml"/><content> {signed.decode()} </content></entry>'
    server.says("/feed", f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>')
    server.says("/a.xml", signed)
    ask(source)
    assert server.asked == ["/feed", "/a.xml"]
    assert states() == {FIRST: UpperState.IN_FORCE}


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"<html><body>Log in</body></html>", "not-a-feed"),
        (b"\x00\x01\x02garbage", "not-xml"),
        (b"", "not-xml"),
        (
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>',
            "external-entity",
        ),
    ],
)
def test_garbage_is_the_source_s_fault(source, server, body, fault):
    server.says("/feed", body)
    after = ask(source)
    assert (after.fault, after.failures) == (fault, 1)
    assert UpperWarning.objects.count() == 0


@pytest.mark.parametrize("status", [401, 404, 500, 503])
def test_a_refusal_is_the_source_s_fault(source, server, status):
    server.fails("/feed", status)
    after = ask(source)
    assert (after.fault, after.fault_detail) == ("http-status", str(status))


def test_a_server_that_is_down_is_asked_ever_less_and_then_forgiven(source, server, fixed_clock):
    server.close()
    waits = []
    for _turn in range(7):
        after = ask(source)
        waits.append((after.due_at - clock.now()) / MINUTE)
        fixed_clock.advance(after.due_at - clock.now())
    assert waits == [2, 4, 8, 16, 30, 30, 30]
    assert (after.fault, after.failures) == ("refused", 7)
    assert JournalEntry.objects.filter(act="warning_source.failed").count() == 1
    with feed_server() as another:
        another.says("/feed", atom())
        WarningSource.objects.update(address=f"{another.address}/feed")
        after = ask(source)
    assert (after.fault, after.failures, after.due_at - clock.now()) == ("", 0, MINUTE)
    assert JournalEntry.objects.filter(act="warning_source.recovered").count() == 1


def test_a_failing_feed_leaves_what_is_in_force_alone(source, server):
    server.says("/feed", atom("/a.xml"))
    server.says("/a.xml", message())
    ask(source)
    server.fails("/feed", 500)
    ask(source)
    assert states() == {FIRST: UpperState.IN_FORCE}


def test_a_feed_that_points_into_our_network_gets_nowhere(source, server):
    with feed_server() as inner:
        inner.says("/secret", message())
        server.says("/feed", atom(f"{inner.address}/secret"))
        after = ask(source)
        assert inner.asked == []
    assert after.fault == "private-address"
    assert UpperWarning.objects.count() == 0


def test_many_entries_come_in_several_looks(source, server, monkeypatch):
    monkeypatch.setattr(_feed, "MOST_A_POLL", 3)
    names = [f"/{n}.xml" for n in range(7)]
    for name in names:
        server.says(name, message(identifier=name[1:-4]))
    server.says("/feed", atom(*names), etag='"v1"')
    counts = []
    for _turn in range(3):
        after = ask(source)
        counts.append(UpperWarning.objects.count())
    assert counts == [3, 6, 7]
    assert after.etag == '"v1"'


# Chains of polls


def test_polls_follow_each_other_on_their_interval(source, server):
    server.says("/feed", atom())
    poll.enqueue(str(source.uuid), "first")
    virtual_queue.run_until(clock.now() + timedelta(minutes=5, seconds=1))
    assert server.asked == ["/feed"] * 6


def test_a_poll_with_an_old_token_asks_nobody(source, server):
    server.says("/feed", atom())
    poll.enqueue(str(source.uuid), "first")
    poll.enqueue(str(source.uuid), "first")
    poll.enqueue(str(source.uuid), "another")
    virtual_queue.run_until(clock.now() + timedelta(seconds=1))
    assert server.asked == ["/feed"]


def test_the_sweep_starts_lost_polls_once(source, server):
    server.says("/feed", atom())
    assert sweep(clock.now()) == 0
    late = clock.now() + timedelta(minutes=3)
    virtual_queue.run_until(late)
    assert sweep(late) == 1
    assert sweep(late) == 0
    virtual_queue.run_until(late + timedelta(seconds=1))
    assert server.asked == ["/feed"]
    assert JournalEntry.objects.filter(act="upper_warnings.repaired").count() == 1


def test_an_ended_source_is_left_alone(source, server):
    WarningSource.objects.update(ended_at=clock.now())
    poll.enqueue(str(source.uuid), "first")
    virtual_queue.run_until(clock.now() + timedelta(minutes=20))
    assert sweep(clock.now()) == 0
    assert server.asked == []


def test_a_drill_asks_nobody(source, server, settings):
    settings.ANLAN_DRILL = True
    poll.enqueue(str(source.uuid), "first")
    virtual_queue.run_until(clock.now() + MINUTE)
    assert server.asked == []


def test_entries_that_no_feed_shows_are_forgotten(source, server):
    server.says("/feed", atom(inline=message()))
    ask(source)
    assert FeedEntry.objects.count() == 1
    WarningSource.objects.update(due_at=clock.now() + timedelta(days=90))
    sweep(clock.now() + timedelta(days=61))
    assert FeedEntry.objects.count() == 0


def test_no_thread_is_left_behind(source, server):
    server.says("/feed", atom())
    before = threading.active_count()
    for _turn in range(3):
        ask(source)
    assert threading.active_count() <= before + 3  # the server's own
