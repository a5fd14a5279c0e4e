"""From the first reading to the report, through the doors."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.core.management import call_command

from anlan.assessment.api import incident_report
from anlan.assessment.models import IncidentReport
from anlan.command.api import incidents, tasks_of
from anlan.command.models import ResponseTask
from anlan.kernel import clock, journal
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.api import forget_windows, standing_exceedances
from anlan.registry.data import Colour, Hazard
from anlan.relief.data import MoveState
from anlan.relief.models import HouseholdMove, ShelterLoad
from anlan.warning.api import open_warnings
from anlan.warning.data import DeliveryState, Purpose, SummonsState, WarningState
from anlan.warning.models import Delivery, HazardWarning, Summons
from tests.cast import ALONE, BANK, FORD, LOWER, SLOPE, UPPER, make_cast
from tests.conftest import FLOOD_EVENING
from tests.stories.storm import losing_push, play


@pytest.fixture
def cast(world):
    return make_cast()


@pytest.fixture
def after(cast, world):
    """Let the storm pass and give the incident."""
    play(cast, world)
    (incident,) = incidents()
    return incident


def figures(incident):
    return incident_report(incident.uuid)


def test_the_right_warnings_went_to_the_right_towns(after):
    rows = HazardWarning.objects.order_by("issued_at", "pk")
    issued = Counter((row.division_id, row.hazard, row.colour) for row in rows)
    assert issued == Counter(
        {
            (UPPER, Hazard.FLASH_FLOOD, Colour.YELLOW): 1,
            (UPPER, Hazard.FLASH_FLOOD, Colour.ORANGE): 1,
            (LOWER, Hazard.FLASH_FLOOD, Colour.YELLOW): 1,
            (UPPER, Hazard.RIVER_FLOOD, Colour.YELLOW): 1,
            (UPPER, Hazard.RIVER_FLOOD, Colour.ORANGE): 1,
            (LOWER, Hazard.RIVER_FLOOD, Colour.YELLOW): 1,
            (LOWER, Hazard.RIVER_FLOOD, Colour.ORANGE): 1,
        }
    )
    assert all(row.issued_at == row.crossed_at for row in rows)


def test_whoever_answers_in_time_is_left_alone_and_silence_goes_up(after, cast):
    def states(name, village):
        rows = Summons.objects.filter(person_id=cast.people[name], division_id=village)
        return set(rows.exclude(state=SummonsState.REPLACED).values_list("state", "rung"))

    assert states("slope leader", SLOPE) == {(SummonsState.ACKNOWLEDGED, 0)}
    assert states("slope informant", SLOPE) == {(SummonsState.ACKNOWLEDGED, 2)}
    assert (SummonsState.TAKEN_OVER, 3) in states("bank leader", BANK)


def test_where_nobody_answered_somebody_went(after, cast):
    visit = ResponseTask.objects.filter(summons__isnull=False, division_id=ALONE).get()
    assert visit.person_id == cast.people["upper leader"]
    unanswered = JournalEntry.objects.get(act="summons.unanswered", division_code=ALONE)
    assert visit.opened_at == unanswered.at


def test_the_households_by_the_water_went_to_shelters_and_home(after, cast):
    names = {key: name for name, key in cast.households.items()}
    moves = {names[row.household_id]: row for row in HouseholdMove.objects.all()}
    assert set(moves) == {"li", "zhou", "wu"}
    for row in moves.values():
        assert row.ended_at is not None
        if row.state == MoveState.RETURNED:
            assert row.ordered_at <= row.notified_at <= row.left_at <= row.sheltered_at
    assert any(row.state == MoveState.RETURNED for row in moves.values())
    assert set(ShelterLoad.objects.values_list("people", flat=True)) == {0}


def test_when_the_water_is_gone_everything_is_lifted_closed_and_written_down(after):
    assert standing_exceedances() == set()
    assert open_warnings() == []
    states = set(HazardWarning.objects.values_list("state", flat=True))
    assert states == {WarningState.LIFTED, WarningState.REPLACED}
    last = max(HazardWarning.objects.values_list("ended_at", flat=True))
    assert after.closed_at == last + timedelta(hours=2)
    assert IncidentReport.objects.get().made_at == after.closed_at
    assert not Summons.objects.filter(state=SummonsState.WAITING).exists()


def test_no_step_needed_a_repair(after):
    assert not JournalEntry.objects.filter(act__endswith=".repaired").exists()
    assert not JournalEntry.objects.filter(act__startswith="sweep.").exists()


def test_the_report_holds_together(after, cast):
    report = figures(after)
    holds = report["invariants"]
    assert holds["audience_equals_answerable"], holds
    assert holds["nobody_moved_before_notice"], holds
    assert holds["sheltered_equals_moved"], holds
    assert holds["households_still_out"] == 0
    district = report["district"]
    assert district["warnings"] == HazardWarning.objects.count()
    calls = Summons.objects.exclude(state=SummonsState.REPLACED)
    assert district["summons"] == calls.count()
    assert district["people_at_risk"] == 9
    assert district["people_moved"] <= district["people_at_risk"]
    assert district["tasks"] == len(tasks_of(after.uuid))
    assert district["escalations"]["person"] >= district["escalations"]["retry"]
    for key in ("warnings", "summons", "people_at_risk", "people_moved"):
        assert sum(town[key] for town in report["towns"]) == district[key]
    assert IncidentReport.objects.get().figures["district"] == district


def test_each_warnings_rungs_left_as_messages(after, world):
    rings = Counter(world.called_for())
    assert set(rings.values()) == {1}
    assert len(rings) == Delivery.objects.filter(purpose=Purpose.CALL).count()


def test_the_journal_of_the_storm_is_sealed_and_holds(after):
    journal.seal(now=clock.now())
    found = journal.verify()
    assert found.fault is None
    assert found.checked == JournalEntry.objects.count() > 50
    JournalEntry.objects.filter(act="warning.issued").update(actor="somebody else")
    fault = journal.verify().fault
    assert fault is not None
    assert fault.kind == "changed"


def story(world):
    """Play the whole storm in an empty world and return what it came to."""
    call_command("flush", interactive=False, verbosity=0, reset_sequences=True)
    virtual_queue.forget_all()
    forget_windows()
    world.reset()
    with clock.use(clock.FixedClock(FLOOD_EVENING)):
        play(make_cast(), world)
        (incident,) = incidents()
        report = figures(incident)
    report["incident"].pop("uuid")
    rings = [(ring.at, ring.channel, ring.message.person_id) for ring in world.rings]
    return report, rings


def test_the_same_storm_twice_comes_to_the_same(world):
    assert story(world) == story(world)


TROUBLE = timedelta(hours=1)
COMING = ("evaluate_thresholds", "issue_for_exceedances", "ring", "deliver")
RESPONSE = ("order_for_warnings", "respond_to_warnings", "send_somebody")
GOING = ("lift_for_exceedances", "end_for_warnings", "plan_closing", "close_if_quiet")


@pytest.mark.parametrize(
    ("lost", "share"),
    [
        *((name, 0.5) for name in COMING),
        *((name, 1.0) for name in (*RESPONSE, *GOING)),
        ((*COMING, *RESPONSE, *GOING, "beat"), 0.5),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_whatever_task_is_lost_the_sweeps_make_it_good(cast, world, monkeypatch, lost, share):
    names = (lost,) if isinstance(lost, str) else lost
    until = clock.now() + (timedelta(days=1) if share == 1.0 else TROUBLE)
    push = losing_push(names, chance=Random(str(lost)), share=share, until=until)
    monkeypatch.setattr(virtual_queue, "push", push)
    play(cast, world)
    (incident,) = incidents()
    report = figures(incident)
    assert all(v for v in report["invariants"].values() if isinstance(v, bool)), report
    assert incident.closed_at is not None
    assert open_warnings() == []
    assert not HouseholdMove.objects.filter(ended_at__isnull=True).exists()
    everybody_was_rung()
    assert set(Counter(world.called_for()).values()) == {1}
    if lost != "evaluate_thresholds":  # the next report is judged with all that came before
        assert JournalEntry.objects.filter(act__endswith=".repaired").exists()


def everybody_was_rung():
    """Check that every call was rung up to where it went, and no village was left without."""
    villages = {SLOPE, BANK, ALONE, FORD}
    assert villages <= set(Summons.objects.values_list("division_id", flat=True))
    for summons in Summons.objects.exclude(state=SummonsState.REPLACED):
        rung = list(
            Delivery.objects.filter(summons=summons, purpose=Purpose.CALL)
            .order_by("queued_at", "pk")
            .values_list("rung", flat=True)
        )
        assert rung == [step[0] for step in summons.ladder[: summons.rung + 1]]
    told = Delivery.objects.exclude(state=DeliveryState.ACCEPTED)
    assert set(told.values_list("state", "reason")) <= {
        (DeliveryState.STALE, "answered meanwhile"),
        (DeliveryState.STALE, "reported meanwhile"),
        (DeliveryState.STALE, "the warning has ended"),
    }
