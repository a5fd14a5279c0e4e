"""The rooms above follow redrawn divisions: what must stay usable, and not what is past."""

import uuid
from datetime import date

import pytest

from anlan.command.data import TaskState
from anlan.command.models import Incident, ResponseTask
from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.monitoring.models import Station, StationCover
from anlan.plans.models import Plan
from anlan.registry.actions.merge_divisions import merge_divisions
from anlan.registry.actions.recode_division import recode_division
from anlan.registry.actions.split_division import split_division
from anlan.registry.data import Hazard, PlaceKind
from anlan.registry.models import Place
from anlan.registry.redrawing import Part
from anlan.supplies.models import StockLocation
from anlan.warning.models import WarningArea
from tests.boundary_files import square
from tests.cast import BANK, COUNTY, LOWER, SLOPE, UPPER, place
from tests.weather import pass_time, rain

BY = the_program("test")
NEW, EAST = "990701101204", "990701101205"


def paper():
    return {"on": date(2024, 7, 15), "basis": "试政函", "by": BY, "now": clock.now()}


def covers(code):
    rows = StationCover.objects.filter(division=code).values_list("station__name", "hazard")
    return sorted(rows)


def store(code, *, place_id):
    return StockLocation.objects.create(
        division_id=code,
        place_id=place_id,
        kind="store",
        tier="town",
        store_kind="flood",
        name="库",
    )


@pytest.fixture
def merged(cast):
    """Merge the slope and the bank, and let the rooms follow."""
    merge_divisions([SLOPE, BANK], into=NEW, name="联合村", **paper())
    pass_time(1)
    return cast


def test_stations_and_what_they_speak_for_follow_a_merger(merged):
    assert set(Station.objects.filter(division=NEW).values_list("name", flat=True)) == {
        "upper rain",
        "river",
    }
    assert covers(SLOPE) == covers(BANK) == []
    assert covers(NEW) == [
        ("river", Hazard.RIVER_FLOOD),
        ("upper rain", Hazard.FLASH_FLOOD),
        ("upper rain", Hazard.GEOHAZARD),
        ("upper rain", Hazard.RAINSTORM),
    ]
    assert JournalEntry.objects.filter(act="stations.followed").count() == 2


def test_the_merged_village_is_warned_and_its_people_called(merged):
    rain([merged.stations["upper rain"]], steps=[4.0] * 6)
    pass_time(2)
    assert NEW in set(WarningArea.objects.values_list("division_id", flat=True))


def test_every_part_of_a_split_village_keeps_its_gauges(cast):
    inside = [list(point) for point in square(106.995, 32.995)]
    east = {"type": "Polygon", "coordinates": [inside]}
    parts = [Part(NEW, "坡西村"), Part(EAST, "坡东村", boundary=east)]
    before = covers(SLOPE)
    split_division(SLOPE, parts=parts, heir=NEW, **paper())
    pass_time(1)
    assert covers(NEW) == covers(EAST) == before
    # The gauge stands at 107.0, 33.0, which lies in the eastern part.
    assert Station.objects.get(name="upper rain").division_id == EAST


def test_a_station_and_a_store_go_where_their_place_goes(cast):
    hall = place(cast, "hut", kind=PlaceKind.STORE, at=SLOPE)
    Station.objects.filter(name="upper rain").update(place_id=hall)
    here, elsewhere = (
        store(SLOPE, place_id=hall),
        store(SLOPE, place_id=cast.places["slope"]),
    )
    member = str(Place.objects.get(pk=hall).uuid)
    parts = [Part(NEW, "坡西村"), Part(EAST, "坡东村", members=frozenset({member}))]
    split_division(SLOPE, parts=parts, heir=NEW, **paper())
    pass_time(1)
    assert Station.objects.get(name="upper rain").division_id == EAST
    assert StockLocation.objects.get(pk=here.pk).division_id == EAST
    assert StockLocation.objects.get(pk=elsewhere.pk).division_id == NEW


def test_plans_and_open_incidents_follow_a_county_and_closed_ones_do_not(cast):
    old = Incident.objects.create(
        uuid=uuid.uuid4(),
        division_id=COUNTY,
        name="旧",
        opened_at=clock.now(),
        closed_at=clock.now(),
    )
    open_one = Incident.objects.create(
        uuid=uuid.uuid4(), division_id=COUNTY, name="新", opened_at=clock.now()
    )
    recode_division(COUNTY, new_code="990703000000", **paper())
    pass_time(1)
    assert Plan.objects.get().division_id == "990703000000"
    assert Incident.objects.get(pk=open_one.pk).division_id == "990703000000"
    assert Incident.objects.get(pk=old.pk).division_id == COUNTY


def test_a_plan_whose_twin_is_there_stays_and_is_counted(cast):
    for code in (UPPER, LOWER):
        Plan.objects.create(
            division_id=code, name="镇防汛预案", version="1", effective_from=date(2020, 1, 1)
        )
    merge_divisions([UPPER, LOWER], into=UPPER, **paper())
    pass_time(1)
    assert Plan.objects.filter(division=LOWER).count() == 1
    entry = JournalEntry.objects.get(act="plans.followed")
    assert '"kept_apart":1' in entry.detail


def test_open_tasks_follow_and_following_again_changes_nothing(cast):
    rain([cast.stations["upper rain"]], steps=[4.0] * 6)
    pass_time(2)
    WarningArea.objects.update(released_at=clock.now())
    open_before = ResponseTask.objects.filter(division=SLOPE, state=TaskState.OPEN).count()
    assert open_before
    recode_division(SLOPE, new_code=NEW, **paper())
    pass_time(1)
    assert ResponseTask.objects.filter(division=NEW).count() == open_before
    assert not ResponseTask.objects.filter(division=SLOPE, state=TaskState.OPEN).exists()
