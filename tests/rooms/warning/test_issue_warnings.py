"""A crossing becomes a warning: for the right villages, with everybody answerable called."""

import pytest
from django.db import IntegrityError, transaction

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.models import StationCover
from anlan.registry.api import answerable_people
from anlan.registry.data import Colour, DutyKind, Hazard
from anlan.registry.models import Duty
from anlan.warning.api import issue_warnings, open_warnings, villages_under, warnings_by_uuid
from anlan.warning.data import SummonsState, WarningState
from anlan.warning.models import AnswerLimit, HazardWarning, Summons, WarningArea
from tests.cast import ALONE, BANK, EMPTY, FORD, LONG_AGO, LOWER, SLOPE, UPPER, crossed
from tests.weather import pass_time

BY = the_program("test")


def issue(*exceedances):
    return issue_warnings(exceedances, by=BY, now=clock.now())


def called(uuid):
    rows = Summons.objects.filter(warning__uuid=uuid).order_by("division_id", "pk")
    return [(row.division_id, row.person_id) for row in rows]


def test_a_warning_stands_over_the_villages_of_the_gauge(cast):
    (uuid,) = issue(crossed(cast))
    (warning,) = open_warnings()
    assert warning.uuid == uuid
    assert (warning.town_code, warning.hazard, warning.colour) == (
        UPPER,
        Hazard.FLASH_FLOOD,
        Colour.ORANGE,
    )
    assert warning.villages == (SLOPE, BANK, ALONE)
    assert warning.issued_at == clock.now()
    assert villages_under() == {Hazard.FLASH_FLOOD: dict.fromkeys((SLOPE, BANK, ALONE), 3)}


def test_it_says_what_was_measured_where_and_what_to_do(cast):
    issue(crossed(cast, value=33.0))
    row = HazardWarning.objects.get()
    assert "上河镇" in row.headline
    for words in ("upper rain", "33.0", "30.0", "坡下村", "河边村", "独户村"):
        assert words in row.text
    assert len(row.number) <= 31


def test_the_audience_is_exactly_the_answerable_people(cast):
    for hazard in (Hazard.FLASH_FLOOD, Hazard.GEOHAZARD):
        for gauge in ("upper rain", "lower rain"):
            for uuid in issue(crossed(cast, gauge=gauge, hazard=hazard)):
                (warning,) = warnings_by_uuid([uuid])
                people = answerable_people(warning.villages, hazard=hazard, at=clock.now())
                assert sorted(called(uuid)) == sorted(
                    (person.division_code, person.person_id) for person in people
                )
    assert (EMPTY, cast.people["lower leader"]) in called(uuid)


def test_a_crossing_over_two_towns_makes_a_warning_in_each(cast):
    limit_of_river = crossed(cast, gauge="river", hazard=Hazard.RIVER_FLOOD)
    assert len(issue(limit_of_river)) == 2
    assert {w.town_code: w.villages for w in open_warnings()} == {UPPER: (BANK,), LOWER: (FORD,)}


def test_issuing_again_changes_nothing(cast):
    exceedance = crossed(cast)
    assert len(issue(exceedance)) == 1
    before = JournalEntry.objects.count()
    assert issue(exceedance) == []
    assert issue() == []
    assert HazardWarning.objects.count() == 1
    assert JournalEntry.objects.count() == before


def test_a_milder_crossing_warns_nobody_again(cast):
    issue(crossed(cast, colour=Colour.RED))
    StationCover.objects.create(
        station=cast.stations["lower rain"], division_id=BANK, hazard=Hazard.FLASH_FLOOD
    )
    (uuid,) = issue(crossed(cast, gauge="lower rain", colour=Colour.YELLOW))
    assert warnings_by_uuid([uuid])[0].villages == (FORD, EMPTY)
    assert villages_under()[Hazard.FLASH_FLOOD][BANK] == Colour.RED


def test_a_worse_colour_is_a_new_warning_that_follows_the_old(cast):
    (old,) = issue(crossed(cast, colour=Colour.YELLOW))
    pass_time(0)
    (new,) = issue(crossed(cast, colour=Colour.RED))
    states = dict(HazardWarning.objects.values_list("colour", "state"))
    assert states == {Colour.YELLOW: WarningState.REPLACED, Colour.RED: WarningState.OPEN}
    assert HazardWarning.objects.get(uuid=old).ended_at == clock.now()
    for area in WarningArea.objects.filter(warning__uuid=new):
        assert area.follows.warning.colour == Colour.YELLOW
        assert area.follows.released_at == clock.now()
    assert set(villages_under()[Hazard.FLASH_FLOOD].values()) == {Colour.RED}


def test_calls_of_a_replaced_warning_give_way_to_those_of_the_new_one(cast):
    (old,) = issue(crossed(cast, colour=Colour.YELLOW))
    Summons.objects.filter(division_id=ALONE).update(state=SummonsState.ACKNOWLEDGED)
    (new,) = issue(crossed(cast, colour=Colour.RED))
    states = dict(Summons.objects.filter(warning__uuid=old).values_list("division_id", "state"))
    assert states == {
        SLOPE: SummonsState.REPLACED,
        BANK: SummonsState.REPLACED,
        ALONE: SummonsState.ACKNOWLEDGED,
    }
    called_anew = Summons.objects.filter(warning__uuid=new).values_list("state", flat=True)
    assert set(called_anew) == {SummonsState.WAITING}


def test_a_warning_that_loses_only_some_villages_stays_in_force(cast):
    (old,) = issue(crossed(cast, colour=Colour.YELLOW))
    StationCover.objects.create(
        station=cast.stations["lower rain"], division_id=BANK, hazard=Hazard.FLASH_FLOOD
    )
    issue(crossed(cast, gauge="lower rain", colour=Colour.RED))
    assert HazardWarning.objects.get(uuid=old).state == WarningState.OPEN
    waiting = Summons.objects.filter(warning__uuid=old, state=SummonsState.WAITING)
    assert set(waiting.values_list("division_id", flat=True)) == {SLOPE, ALONE}


def test_the_ladder_is_frozen_at_issue(cast):
    issue(crossed(cast, colour=Colour.ORANGE))
    Duty.objects.filter(kind=DutyKind.TOWN_LEADER).update(person_id=cast.people["commander"])
    row = Summons.objects.get(person_id=cast.people["slope leader"])
    people = cast.people
    assert row.ladder == [
        ["person", people["slope leader"], 8.0],
        ["retry", people["slope leader"], 8.0],
        ["deputy", people["slope deputy"], 8.0],
        ["town", people["upper leader"], 8.0],
        ["county", people["county officer"], 8.0],
    ]


@pytest.mark.parametrize(
    ("rows", "minutes"),
    [
        ([], 8),
        ([("flash_flood", 3)], 3),
        ([("geohazard", 3)], 8),
    ],
)
def test_the_limit_of_the_hazard_goes_before_the_general_one(cast, rows, minutes):
    for hazard, value in rows:
        AnswerLimit.objects.create(
            hazard=hazard,
            colour=Colour.ORANGE,
            minutes=value,
            source="test",
            effective_from=LONG_AGO,
        )
    issue(crossed(cast))
    row = Summons.objects.order_by("pk")[0]
    assert (row.due_at - row.asked_at).total_seconds() == minutes * 60


def test_without_any_limit_nothing_is_issued_and_the_fault_is_named(cast):
    AnswerLimit.objects.all().delete()
    with pytest.raises(AnswerLimit.DoesNotExist, match="no answer limit"), transaction.atomic():
        issue(crossed(cast))
    assert not HazardWarning.objects.exists()


def test_the_journal_says_why(cast):
    exceedance = crossed(cast)
    (uuid,) = issue(exceedance)
    entry = JournalEntry.objects.get(act="warning.issued")
    assert (entry.subject, entry.cause) == (f"warning:{uuid}", f"exceedance:{exceedance}")
    assert entry.division_code == UPPER


def test_a_village_stands_under_one_warning_of_a_hazard(cast):
    issue(crossed(cast))
    area = WarningArea.objects.get(division_id=BANK)
    other = HazardWarning.objects.get()
    other.pk, other.uuid, other.number = None, "0" * 32, "n"
    other.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        WarningArea.objects.create(
            warning=other,
            division_id=BANK,
            hazard=area.hazard,
            colour=area.colour,
            entered_at=clock.now(),
        )


def test_many_warnings_cost_queries_by_warning_and_not_by_village(
    cast, django_assert_max_num_queries
):
    exceedance = crossed(cast)
    with django_assert_max_num_queries(23):
        issue(exceedance)
    assert virtual_queue.next_due() == clock.now()
