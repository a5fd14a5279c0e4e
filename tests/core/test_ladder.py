"""The ladder of a call: who is rung, in which order, when."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from anlan.registry.data import Answerable, Colour, DutyKind, Hazard, Rung
from anlan.warning.core.ladder import as_rows, climb, from_rows, ladder_for
from anlan.warning.core.limits import LimitRow, Waits, waits_of
from anlan.warning.data import RungKind

NOW = datetime(2024, 7, 15, 12, 0, tzinfo=UTC)
WAIT = timedelta(minutes=8)
WAITS = Waits(usual=WAIT, by_rung={}, report_minutes=None)
rungs = st.lists(
    st.sampled_from([DutyKind.VILLAGE_LEADER, DutyKind.TOWN_LEADER, DutyKind.COUNTY_DUTY]),
    unique=True,
    max_size=3,
)


def person(*above, duty=DutyKind.VILLAGE_LEADER):
    ladder = tuple(Rung(person_id=number, duty=kind) for number, kind in enumerate(above, start=2))
    return Answerable(person_id=1, duty=duty, division_code="990701101201", ladder=ladder)


FULL = person(DutyKind.VILLAGE_LEADER, DutyKind.TOWN_LEADER, DutyKind.COUNTY_DUTY)


def test_the_whole_ladder_in_order():
    steps = ladder_for(FULL, waits=WAITS)
    assert [(s.kind, s.person_id) for s in steps] == [
        (RungKind.PERSON, 1),
        (RungKind.RETRY, 1),
        (RungKind.DEPUTY, 2),
        (RungKind.TOWN, 3),
        (RungKind.COUNTY, 4),
    ]
    assert {s.wait for s in steps} == {WAIT}


def test_a_town_leader_who_answers_for_a_village_starts_on_the_town_rung():
    steps = ladder_for(person(DutyKind.COUNTY_DUTY, duty=DutyKind.TOWN_LEADER), waits=WAITS)
    assert [s.kind for s in steps] == [RungKind.TOWN, RungKind.RETRY, RungKind.COUNTY]


@given(rungs)
def test_no_kind_of_rung_stands_twice_on_a_ladder(above):
    kinds = [step.kind for step in ladder_for(person(*above), waits=WAITS)]
    assert len(kinds) == len(set(kinds))


@given(rungs)
def test_a_frozen_ladder_reads_back_the_same(above):
    steps = ladder_for(person(*above), waits=Waits(timedelta(minutes=7), {}, None))
    assert from_rows(as_rows(steps)) == steps


@given(rungs, st.integers(0, 4), st.integers(-600, 6_000))
def test_a_call_goes_up_one_rung_or_none_however_late_the_look(above, rung, seconds):
    steps = ladder_for(person(*above), waits=WAITS)
    rung = min(rung, len(steps) - 1)
    now = NOW + timedelta(seconds=seconds)
    after = climb(steps, rung=rung, due_at=NOW, now=now)
    if now < NOW:
        assert (after.rung, after.step, after.due_at) == (rung, None, NOW)
    elif rung + 1 < len(steps):
        assert (after.rung, after.step) == (rung + 1, steps[rung + 1])
        assert after.due_at == now + WAIT
    else:
        assert (after.rung, after.step, after.due_at) == (rung, None, None)


@given(rungs)
def test_looking_at_each_due_moment_rings_everybody_once_and_ends(above):
    steps = ladder_for(person(*above), waits=WAITS)
    rung, rung_kinds = 0, [steps[0].kind]
    due: datetime | None = NOW + WAIT
    while due is not None:
        after = climb(steps, rung=rung, due_at=due, now=due)
        if after.step is not None:
            rung_kinds.append(after.step.kind)
        rung, due = after.rung, after.due_at
    assert rung_kinds == [step.kind for step in steps]


OLD, NEW = date(2020, 1, 1), date(2024, 1, 1)


def waits(*rows, hazard=Hazard.FLASH_FLOOD, colour=Colour.RED):
    return waits_of(rows, hazard=hazard, colour=colour)


def test_each_rung_has_the_limit_that_says_most_about_it():
    found = waits(
        LimitRow("", "", 10, None, OLD),
        LimitRow("flash_flood", "", 5, 15, OLD),
        LimitRow("", "", 12, None, NEW),
        LimitRow("", "county", 15, None, OLD),
        LimitRow("geohazard", "county", 3, None, NEW),
    )
    steps = ladder_for(FULL, waits=found)
    assert [step.wait / timedelta(minutes=1) for step in steps] == [5, 5, 5, 5, 15]
    assert found.report_minutes == 15


def test_without_a_limit_there_are_no_waits():
    assert waits(LimitRow("geohazard", "", 5, None, OLD)) is None
    assert waits() is None


def test_a_county_that_says_nothing_of_reports_gets_the_usual_and_zero_means_never():
    row = LimitRow("", "", 10, None, OLD)
    assert waits(row).report_minutes == 20
    assert waits(row, colour=Colour.BLUE).report_minutes is None
    assert waits(LimitRow("", "", 10, 0, OLD)).report_minutes is None
