"""A household's way out of danger: ordered, told, gone, counted in, home; in this order only."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from anlan.kernel import clock, scope
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.models import Exceedance, StationCover
from anlan.registry.data import Colour, Hazard
from anlan.registry.models import Household, Place, Shelter
from anlan.relief.api import (
    check_in,
    end_moves,
    move_records,
    moves_to_begin,
    notify_household,
    order_moves,
    people_counted_in,
    record_departure,
)
from anlan.relief.data import MoveState, ShelterFull, WrongStep
from anlan.relief.models import HouseholdMove, ShelterLoad, ShelterStay
from anlan.relief.tasks import sweep
from anlan.warning.api import issue_warnings, lift_warnings
from tests.cast import BANK, FORD, SLOPE, cleared, crossed, make_cast
from tests.weather import idle, pass_time

BY = the_program("test")


def warn(cast, **how):
    """Issue a warning with nothing of the chain behind it."""
    exceedance = crossed(cast, **how)
    uuids = issue_warnings([exceedance], by=BY, now=clock.now())
    virtual_queue.forget_all()
    return exceedance, uuids


def order(uuids):
    return order_moves(uuids, by=BY, now=clock.now())


@pytest.fixture
def ordered(cast):
    """Order the three households under the slope."""
    _exceedance, uuids = warn(cast, hazard=Hazard.GEOHAZARD)
    order(uuids)
    return uuids


def move(cast, name):
    return HouseholdMove.objects.filter(household_id=cast.households[name]).latest(
        "ordered_at", "pk"
    )


def notify(row):
    notify_household(str(row.uuid), via="visit", by=BY, now=clock.now())


def depart(row):
    record_departure(str(row.uuid), by=BY, now=clock.now())


def arrive(row, **where):
    return check_in(str(row.uuid), by=BY, now=clock.now(), **where)


def walk(row):
    """Bring a household from its order to a shelter and return which."""
    for step in (notify, depart):
        idle(timedelta(minutes=5))
        step(row)
    idle(timedelta(minutes=5))
    return arrive(row)


def test_a_warning_orders_the_households_that_it_threatens(cast):
    _exceedance, uuids = warn(cast, hazard=Hazard.GEOHAZARD)
    assert len(order(uuids)) == 3
    rows = HouseholdMove.objects.order_by("pk")
    assert {row.household_id for row in rows} == {
        cast.households[name] for name in ("zhao", "qian", "sun")
    }
    assert {(row.state, row.ordered_at) for row in rows} == {(MoveState.ORDERED, clock.now())}
    entry = JournalEntry.objects.get(act="moves.ordered")
    assert '"households":3' in entry.detail
    assert '"people":12' in entry.detail


def test_a_mild_warning_moves_nobody(cast):
    _exceedance, uuids = warn(cast, hazard=Hazard.GEOHAZARD, colour=Colour.YELLOW)
    assert order(uuids) == []


def test_nobody_is_ordered_twice(cast, ordered):
    assert order(ordered) == []
    _exceedance, uuids = warn(cast, hazard=Hazard.GEOHAZARD, colour=Colour.RED)
    assert order(uuids) == []
    row = move(cast, "zhao")
    row.pk, row.uuid = None, "0" * 32
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_village_that_has_left_its_warning_is_not_ordered(cast):
    exceedance, uuids = warn(cast)
    lift_warnings(cleared(exceedance), by=BY, now=clock.now())
    assert order(uuids) == []


def test_the_whole_way(cast, ordered):
    row = move(cast, "zhao")
    assert walk(row) == cast.places["school"]
    row.refresh_from_db()
    assert row.state == MoveState.SHELTERED
    assert row.ordered_at < row.notified_at < row.left_at < row.sheltered_at == clock.now()
    assert (row.notified_via, row.shelter_id) == ("visit", cast.places["school"])
    assert people_counted_in(ordered) == 4
    acts = JournalEntry.objects.filter(subject=f"move:{row.uuid}").order_by("pk")
    assert [entry.act for entry in acts] == [
        "household.notified",
        "household.left",
        "household.sheltered",
    ]


@pytest.mark.parametrize(
    ("before", "step"),
    [
        ([], depart),
        ([], arrive),
        ([notify], notify),
        ([notify], arrive),
        ([notify, depart], notify),
        ([notify, depart], depart),
        ([notify, depart, arrive], notify),
        ([notify, depart, arrive], depart),
        ([notify, depart, arrive], arrive),
    ],
)
def test_no_step_out_of_its_order_nor_twice(cast, ordered, before, step):
    row = move(cast, "zhao")
    for earlier in before:
        earlier(row)
    entries, loads = JournalEntry.objects.count(), list(ShelterLoad.objects.values_list("people"))
    with pytest.raises(WrongStep):
        step(row)
    assert JournalEntry.objects.count() == entries
    assert list(ShelterLoad.objects.values_list("people")) == loads


@pytest.mark.parametrize(
    "columns",
    [
        {"left_at": 10},
        {"sheltered_at": 10},
        {"notified_at": -1},
        {"notified_at": 10, "left_at": 9},
        {"notified_at": 1, "sheltered_at": 2},
        {"notified_at": 1, "left_at": 3, "sheltered_at": 2, "shelter": True},
        {"notified_at": 1, "left_at": 2, "sheltered_at": 3},
    ],
)
def test_the_database_itself_knows_the_order(cast, ordered, columns):
    row = move(cast, "zhao")
    changes = {
        name: row.ordered_at + timedelta(minutes=value)
        for name, value in columns.items()
        if name != "shelter"
    }
    if "shelter" in columns:
        changes["shelter_id"] = cast.places["school"]
    with pytest.raises(IntegrityError), transaction.atomic():
        HouseholdMove.objects.filter(pk=row.pk).update(**changes)


def test_when_the_shelter_is_full_the_next_in_the_town_takes_in(cast, ordered):
    school, hall = cast.places["school"], cast.places["hall"]
    taken = {name: walk(move(cast, name)) for name in ("zhao", "qian", "sun")}
    assert taken == {"zhao": school, "qian": school, "sun": hall}
    assert dict(ShelterLoad.objects.values_list("pk", "people")) == {school: 7, hall: 5}


def test_when_all_are_full_it_says_so_and_nothing_changes(cast, ordered):
    Shelter.objects.exclude(pk=cast.places["ford school"]).update(capacity=3)
    row = move(cast, "zhao")
    with pytest.raises(ShelterFull) as caught:
        walk(row)
    assert caught.value.people == 4
    row.refresh_from_db()
    assert row.state == MoveState.LEFT
    assert not ShelterStay.objects.exists()
    assert arrive_later(cast, row) == cast.places["hall"]


def arrive_later(cast, row):
    """Open more room in the hall and let the household arrive again."""
    ShelterLoad.objects.all().delete()
    Shelter.objects.filter(pk=cast.places["hall"]).update(capacity=9)
    return arrive(row)


def test_a_household_sent_to_a_shelter_of_another_town_is_taken_in_there(cast, ordered):
    Household.objects.update(shelter_id=cast.places["ford school"])
    assert Place.objects.get(pk=cast.places["ford school"]).division_id == FORD
    assert walk(move(cast, "zhao")) == cast.places["ford school"]


def test_somebody_at_the_door_may_choose_the_shelter(cast, ordered):
    row = move(cast, "zhao")
    notify(row)
    depart(row)
    assert arrive(row, shelter_id=cast.places["hall"]) == cast.places["hall"]


def test_a_shelter_never_holds_more_than_it_can(cast):
    ShelterLoad.objects.create(shelter_id=cast.places["school"], capacity=8, people=8)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShelterLoad.objects.update(people=9)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_overfill(virtual, phones):
    workers = 6 if connection.vendor == "postgresql" else 1  # SQLite writes one at a time
    with scope.everywhere("test"):
        cast = make_cast()
        Household.objects.update(people=5, needing_help=0)
        Shelter.objects.filter(pk=cast.places["hall"]).update(capacity=6)
        for hazard in (Hazard.GEOHAZARD, Hazard.FLASH_FLOOD):
            _exceedance, uuids = warn(cast, hazard=hazard)
            order(uuids)
        rows = list(HouseholdMove.objects.order_by("pk"))
        for row in rows:
            notify(row)
            depart(row)

    def one(row):
        try:
            with scope.everywhere("test"):
                return arrive(row)
        except ShelterFull:
            return None
        finally:
            if workers > 1:
                connection.close()

    if workers > 1:
        with ThreadPoolExecutor(workers) as pool:
            taken = list(pool.map(one, rows))
    else:
        taken = [one(row) for row in rows]
    assert len(rows) == 5
    assert sorted(key for key in taken if key) == sorted(
        [cast.places["school"], cast.places["hall"]]
    )
    with scope.everywhere("test"):
        assert set(ShelterLoad.objects.values_list("people", flat=True)) == {5}
        assert ShelterStay.objects.count() == 2


def end(*villages):
    return end_moves(villages, by=BY, now=clock.now())


def test_while_danger_stands_nobody_goes_home(cast, ordered):
    walk(move(cast, "zhao"))
    assert end(SLOPE) == 0
    assert move(cast, "zhao").state == MoveState.SHELTERED


def test_when_it_is_over_all_go_home_who_are_not_on_their_way(cast):
    exceedance, uuids = warn(cast, hazard=Hazard.GEOHAZARD)
    order(uuids)
    walk(move(cast, "zhao"))
    notify(move(cast, "qian"))
    depart(move(cast, "qian"))
    lift_warnings(cleared(exceedance), by=BY, now=clock.now())
    assert end(SLOPE) == 2
    states = {name: move(cast, name).state for name in ("zhao", "qian", "sun")}
    assert states == {
        "zhao": MoveState.RETURNED,
        "qian": MoveState.LEFT,
        "sun": MoveState.RELEASED,
    }
    assert ShelterLoad.objects.get(pk=cast.places["school"]).people == 0
    assert ShelterStay.objects.get().checked_out_at == clock.now()
    arrive(move(cast, "qian"))
    assert end(SLOPE) == 1
    assert move(cast, "qian").state == MoveState.RETURNED
    assert set(ShelterLoad.objects.values_list("people", flat=True)) == {0}


def test_another_hazard_that_threatens_the_household_keeps_it_out(cast):
    flood, uuids = warn(cast)
    order(uuids)
    walk(move(cast, "zhou"))
    warn(cast, gauge="river", hazard=Hazard.RIVER_FLOOD, colour=Colour.YELLOW)
    lift_warnings(cleared(flood), by=BY, now=clock.now())
    assert end(BANK, SLOPE) == 1  # li by the brook, who was never told
    assert move(cast, "zhou").state == MoveState.SHELTERED


def test_who_went_home_can_be_ordered_again(cast):
    exceedance, uuids = warn(cast, hazard=Hazard.GEOHAZARD)
    order(uuids)
    lift_warnings(cleared(exceedance), by=BY, now=clock.now())
    assert end(SLOPE) == 3
    idle(timedelta(hours=3))
    _exceedance, again = warn(cast, hazard=Hazard.GEOHAZARD)
    assert len(order(again)) == 3


def test_ending_twice_changes_nothing(cast):
    exceedance, uuids = warn(cast, hazard=Hazard.GEOHAZARD)
    order(uuids)
    walk(move(cast, "zhao"))
    lift_warnings(cleared(exceedance), by=BY, now=clock.now())
    assert (end(SLOPE), end(SLOPE)) == (3, 0)
    assert ShelterLoad.objects.get(pk=cast.places["school"]).people == 0


def test_carers_find_the_households_still_to_be_told(cast, ordered):
    notify(move(cast, "zhao"))
    found = moves_to_begin(SLOPE, at=clock.now())
    assert [row.household_id for row in found] == [cast.households["qian"], cast.households["sun"]]
    assert {row.carer_ids for row in found} == {(cast.people["slope carer"],)}
    assert found[0].needing_help == 2
    assert moves_to_begin(FORD, at=clock.now()) == []


def test_the_record_holds_every_step(cast, ordered):
    walk(move(cast, "zhao"))
    rows = {row.household_id: row for row in move_records(ordered)}
    zhao = rows[cast.households["zhao"]]
    times = [zhao.ordered_at, zhao.notified_at, zhao.left_at, zhao.sheltered_at]
    assert times == sorted(filter(None, times))
    assert (zhao.people, zhao.division_code, zhao.state) == (4, SLOPE, MoveState.SHELTERED)
    assert rows[cast.households["sun"]].notified_at is None


def look(minutes):
    idle(timedelta(minutes=minutes))
    return sweep(clock.now())


def test_orders_that_got_lost_are_made_good_by_the_sweep(cast):
    warn(cast, hazard=Hazard.GEOHAZARD)
    assert look(2) == 0
    assert look(2) == 3
    assert look(10) == 0
    assert JournalEntry.objects.filter(act="moves.repaired").count() == 1


def test_returns_that_got_lost_are_made_good_by_the_sweep(cast, ordered):
    walk(move(cast, "zhao"))
    lift_warnings(cleared(Exceedance.objects.get().pk), by=BY, now=clock.now())
    virtual_queue.forget_all()
    assert look(10) == 3
    assert look(10) == 0


def test_the_sweep_does_not_order_out_again_who_has_gone_home_while_others_stay(cast):
    upper, uuids = warn(cast)  # flood over the slope and the bank
    order(uuids)
    StationCover.objects.create(
        station=cast.stations["lower rain"], division_id=BANK, hazard=Hazard.FLASH_FLOOD
    )
    warn(cast, gauge="lower rain")
    lift_warnings(cleared(upper), by=BY, now=clock.now())
    assert look(10) == 2  # li may stay at home; wu by the ford is ordered
    assert move(cast, "li").state == MoveState.RELEASED
    assert look(30) == 0
    assert HouseholdMove.objects.filter(household_id=cast.households["li"]).count() == 1


def test_the_chain_ends_moves_when_warnings_are_lifted(cast):
    exceedance, uuids = warn(cast, hazard=Hazard.GEOHAZARD)
    order(uuids)
    lift_warnings(cleared(exceedance), by=BY, now=clock.now())
    pass_time(0)
    assert set(HouseholdMove.objects.values_list("state", flat=True)) == {MoveState.RELEASED}
