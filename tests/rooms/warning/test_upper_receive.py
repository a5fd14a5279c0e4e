"""Messages of upper levels: in force, replaced, cancelled, exercised, refused, in any order."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from anlan.kernel import clock
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.registry.data import Colour
from anlan.warning.actions.expire_upper_warnings import expire_upper_warnings
from anlan.warning.data import (
    Reach,
    SignatureVerdict,
    UpperState,
)
from anlan.warning.facts import upper_warning_received
from anlan.warning.gateways.cap.errors import CapError
from anlan.warning.models import UpperPlace, UpperReference, UpperWarning
from anlan.warning.refusals import SourceOutOfSight
from anlan.warning.tasks.polling import sweep
from tests.cast import COUNTY, LOWER, SLOPE, UPPER
from tests.gateway.cap_specimens import FILES, message, reference
from tests.upper_levels import BY, add_source, receive, states

FIRST = "61070341600000_20240715193000_0"
SECOND = "61070341600000_20240715194500_0"
EXPIRES = "<expires>2024-07-15T23:00:00+08:00</expires>"


@pytest.fixture
def source(cast):
    return add_source()


@pytest.fixture
def heard():
    found: list[str] = []

    def note(sender, *, signal, upper_uuid):
        found.append(upper_uuid)

    upper_warning_received.connect(note, weak=False)
    yield found
    upper_warning_received.disconnect(note)


def following(msg_type: str, **given: str) -> str:
    """Return a message that names the first one."""
    told = {"identifier": SECOND, "sent": "2024-07-15T19:45:00+08:00", "after_scope": reference()}
    return message(msg_type=msg_type, **{**told, **given})


def test_a_warning_comes_into_force_with_all_that_it_says(source, heard):
    code = "<eventCode><valueName>event</valueName><value>11B03</value></eventCode>"
    more = (
        code
        + EXPIRES
        + "<senderName>市气象台</senderName><headline>市气象台发布暴雨红色预警信号</headline>"
        + "<description>未来三小时雨强超过一百毫米。</description><web>http://a.cn/</web>"
    )
    found = receive(message(more=more), source)
    row = UpperWarning.objects.get()
    assert (found.uuid, found.state, found.is_new) == (str(row.uuid), UpperState.IN_FORCE, True)
    assert (row.identifier, row.sender) == (FIRST, "qx@shi.example.cn")
    assert row.sent_at == datetime(2024, 7, 15, 11, 30, tzinfo=UTC)
    assert (row.colour, row.event_code, row.event) == (Colour.RED, "11B03", "暴雨")
    assert (row.urgency, row.severity, row.certainty) == ("Immediate", "Severe", "Likely")
    assert row.expires_at == row.lapses_at == datetime(2024, 7, 15, 15, 0, tzinfo=UTC)
    assert row.headline == "市气象台发布暴雨红色预警信号"
    assert row.areas == [{"areaDesc": "上河镇"}]
    assert bytes(row.raw) == message(more=more).encode()
    assert (row.verdict, row.reach) == (SignatureVerdict.UNSIGNED, Reach.HERE)
    assert list(UpperPlace.objects.values_list("division_id", flat=True)) == [UPPER]
    assert heard == [found.uuid]
    entry = JournalEntry.objects.get(act="upper_warning.received")
    assert entry.division_code == COUNTY
    assert entry.cause == f"warning_source:{source.uuid}"


def test_the_same_message_again_changes_nothing(source, heard):
    first = receive(message(), source)
    again = receive(message(), add_source("http://other.example.cn/cap"))
    assert again.uuid == first.uuid
    assert not again.is_new
    assert UpperWarning.objects.count() == 1
    assert len(heard) == 1


@pytest.mark.parametrize(
    ("msg_type", "state", "own"),
    [
        ("Update", UpperState.UPDATED, UpperState.IN_FORCE),
        ("Cancel", UpperState.CANCELLED, UpperState.NOTED),
    ],
)
@pytest.mark.parametrize("is_in_order", [True, False])
def test_what_ends_a_warning_wins_whichever_comes_first(source, msg_type, state, own, is_in_order):
    texts = [message(), following(msg_type)]
    for text in texts if is_in_order else reversed(texts):
        receive(text, source)
    assert states() == {FIRST: state, SECOND: own}
    ended = UpperWarning.objects.get(identifier=FIRST)
    assert ended.ended_by == UpperWarning.objects.get(identifier=SECOND)
    assert ended.ended_at == clock.now()
    if is_in_order:
        assert JournalEntry.objects.filter(act=f"upper_warning.{state.value}").count() == 1


def test_a_chain_ends_alike_in_every_order(source):
    third = "61070341600000_20240715200000_0"
    names_second = reference(SECOND, sent="2024-07-15T19:45:00+08:00")
    texts = (
        message(),
        following("Update"),
        message(
            identifier=third,
            sent="2024-07-15T20:00:00+08:00",
            msg_type="Cancel",
            after_scope=names_second,
        ),
    )
    for order in permutations(texts):
        for text in order:
            receive(text, source)
        assert states() == {
            FIRST: UpperState.UPDATED,
            SECOND: UpperState.CANCELLED,
            third: UpperState.NOTED,
        }
        for model in (UpperPlace, UpperReference):
            model.objects.all().delete()
        UpperWarning.objects.update(ended_by=None)
        UpperWarning.objects.all().delete()


@pytest.mark.parametrize("msg_type", ["Ack", "Error"])
def test_an_acknowledgement_ends_nothing(source, msg_type):
    receive(message(), source)
    receive(following(msg_type), source)
    assert states() == {FIRST: UpperState.IN_FORCE, SECOND: UpperState.NOTED}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    "given",
    [
        {"sender": "forger@else.cn"},
        {"sender": "forger@else.cn", "after_scope": reference(sender="forger@else.cn")},
        {"after_scope": reference(sent="2024-07-15T19:30:01+08:00")},
        {"after_scope": reference("another")},
        {"status": "Test"},
        {"status": "Exercise"},
    ],
)
def test_only_the_same_sender_ends_and_only_in_earnest(source, given, order):
    texts = (message(), following("Cancel", **given))
    for number in order:
        receive(texts[number], source)
    assert states()[FIRST] == UpperState.IN_FORCE


@pytest.mark.parametrize("status", ["Exercise", "System", "Test", "Draft"])
def test_an_exercise_is_kept_and_never_in_force(source, heard, status):
    receive(message(status=status), source)
    assert states() == {FIRST: UpperState.EXERCISE}
    receive(following("Update", status=status), source)
    assert set(states().values()) == {UpperState.EXERCISE}
    assert heard == []


def test_a_warning_runs_out_by_its_own_word(source, fixed_clock):
    receive(message(more=EXPIRES), source)
    virtual_queue.run_until(datetime(2024, 7, 15, 14, 59, 59, tzinfo=UTC))
    assert states() == {FIRST: UpperState.IN_FORCE}
    virtual_queue.run_until(datetime(2024, 7, 15, 15, 0, tzinfo=UTC))
    row = UpperWarning.objects.get()
    assert (row.state, row.ended_at) == (UpperState.EXPIRED, row.lapses_at)
    assert JournalEntry.objects.filter(act="upper_warning.expired").count() == 1
    assert expire_upper_warnings(by=BY, now=clock.now()) == []


def test_a_warning_without_an_end_lasts_a_day(source):
    receive(message(), source)
    assert UpperWarning.objects.get().lapses_at == datetime(2024, 7, 16, 11, 30, tzinfo=UTC)


def test_a_warning_that_has_run_out_before_it_comes_is_not_in_force(source, heard):
    receive(message(more="<expires>2024-07-15T19:40:00+08:00</expires>"), source)
    assert states() == {FIRST: UpperState.EXPIRED}
    assert heard == []


def test_an_end_beyond_all_calendars_is_kept(source):
    receive(message(more="<expires>9999-12-31T23:59:59-12:00</expires>"), source)
    assert UpperWarning.objects.get().lapses_at.year == 9990


def test_bytes_that_are_no_message_leave_nothing(source):
    with pytest.raises(CapError):
        receive(FILES["bad_xxe_entity.xml"], source)
    with pytest.raises(SourceOutOfSight):
        source.uuid = "00000000-0000-0000-0000-000000000000"
        receive(message(), source)
    assert UpperWarning.objects.count() == 0
    assert not JournalEntry.objects.filter(act__startswith="upper_warning").exists()


@pytest.mark.parametrize("name", sorted(n for n in FILES if not n.startswith("bad_")))
def test_recorded_messages_of_other_countries_are_kept_and_not_ours(source, name):
    receive(FILES[name], source)
    row = UpperWarning.objects.get()
    assert row.state in (UpperState.EXPIRED, UpperState.NOTED)
    assert row.reach in (Reach.ELSEWHERE, Reach.UNKNOWN)


# The sweep


def test_the_sweep_ends_what_was_missed(source):
    receive(message(), source)
    receive(following("Update", more=EXPIRES), source)
    UpperWarning.objects.filter(identifier=FIRST).update(
        state=UpperState.IN_FORCE, ended_at=None, ended_by=None
    )
    virtual_queue.forget_all()
    late = clock.now() + timedelta(hours=4)
    source.due_at = late
    source.save()
    assert sweep(late) == 2
    assert states() == {FIRST: UpperState.UPDATED, SECOND: UpperState.EXPIRED}
    assert sweep(late) == 0
    assert JournalEntry.objects.filter(act="upper_warnings.repaired").count() == 1


@pytest.mark.parametrize(
    ("code", "reach", "places"),
    [
        (SLOPE, Reach.HERE, [SLOPE]),
        ("990701101", Reach.HERE, [UPPER]),
        ("990701", Reach.HERE, [COUNTY]),
        ("990700000000", Reach.HERE, [COUNTY]),  # the city around us
        ("990701101299", Reach.HERE, [UPPER]),  # a village that the register does not know
        ("990701199", Reach.HERE, [COUNTY]),
        ("990702000000", Reach.ELSEWHERE, []),
        ("610703", Reach.ELSEWHERE, []),
        ("006109", Reach.UNKNOWN, [COUNTY]),  # a code of somewhere else in the world
    ],
)
def test_places_are_found_by_code(source, code, reach, places):
    geocode = (
        f"<geocode><valueName>CPEAS Geographic Code</valueName><value>{code}</value></geocode>"
    )
    receive(message(area=f"<area><areaDesc>x</areaDesc>{geocode}</area>"), source)
    assert UpperWarning.objects.get().reach == reach
    assert list(UpperPlace.objects.values_list("division_id", flat=True)) == places


@pytest.mark.parametrize(
    ("shape", "reach", "places"),
    [
        ("<circle>33.0,107.02 0</circle>", Reach.HERE, [UPPER]),
        ("<circle>33.0,107.0 100</circle>", Reach.HERE, [COUNTY]),
        ("<circle>33.0,107.091 0</circle>", Reach.HERE, [LOWER]),
        ("<circle>34.0,107.0 5</circle>", Reach.ELSEWHERE, []),
        ("<polygon>32,106 32,108 34,108 34,106 32,106</polygon>", Reach.HERE, [COUNTY]),
        ("<polygon>36,106 36,108 38,108 38,106 36,106</polygon>", Reach.ELSEWHERE, []),
    ],
)
def test_places_are_found_by_shape(source, shape, reach, places):
    receive(message(area=f"<area><areaDesc>x</areaDesc>{shape}</area>"), source)
    assert UpperWarning.objects.get().reach == reach
    assert list(UpperPlace.objects.values_list("division_id", flat=True)) == places
