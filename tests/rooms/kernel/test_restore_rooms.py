"""Plans, gauges, limits and stores come whole into an empty database, and refuse unknown places."""

from datetime import date

import pytest

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.codes import UnknownDivision
from anlan.kernel.models import JournalEntry
from anlan.kernel.snapshot import NotEmpty
from anlan.monitoring import api as monitoring
from anlan.monitoring.models import Station
from anlan.plans import api as plans
from anlan.plans.models import Plan
from anlan.supplies import api as supplies
from anlan.supplies.models import StockLocation
from anlan.warning import api as warning
from anlan.warning.models import AnswerLimit
from tests.cast import COUNTY, SLOPE, make_divisions

BY = the_program("test")
PLAN = {
    "id": 5,
    "division_id": COUNTY,
    "name": "n",
    "version": "1",
    "effective_from": date(2020, 1, 1),
}
STATION = {
    "id": 5,
    "address": "0990701001",
    "division_id": SLOPE,
    "kind": "P",
    "name": "n",
    "lon": 1.0,
    "lat": 1.0,
}
LOCATION = {"id": 5, "division_id": COUNTY, "kind": "supplier", "name": "n"}
LIMIT = {
    "id": 5,
    "hazard": "",
    "colour": 3,
    "minutes": 8,
    "source": "s",
    "effective_from": date(2020, 1, 1),
}
ROOMS = [
    (plans, "Plan", PLAN, Plan),
    (monitoring, "Station", STATION, Station),
    (supplies, "StockLocation", LOCATION, StockLocation),
    (warning, "AnswerLimit", LIMIT, AnswerLimit),
]
each_room = pytest.mark.parametrize(
    ("door", "name", "row", "model"), ROOMS, ids=[door.__name__ for door, *_ in ROOMS]
)


@pytest.fixture
def divisions(db, everywhere, fixed_clock):
    make_divisions()


@each_room
def test_rows_are_written_and_journalled(divisions, door, name, row, model):
    counts = door.restore_snapshot({name: [row]}, by=BY, now=clock.now())
    assert counts == {name: 1}
    assert model.objects.get().pk == 5
    assert JournalEntry.objects.get().act.endswith(".restored")


@each_room
def test_tables_that_hold_rows_are_not_written_over(divisions, door, name, row, model):
    door.restore_snapshot({name: [row]}, by=BY, now=clock.now())
    with pytest.raises(NotEmpty, match=model._meta.db_table):
        door.restore_snapshot({name: [{**row, "id": 6}]}, by=BY, now=clock.now())
    assert model.objects.count() == 1


@each_room
def test_a_division_that_does_not_exist_is_refused_by_name(divisions, door, name, row, model):
    if "division_id" not in row:
        return
    wrong = {**row, "division_id": "990701101299"}
    with pytest.raises(UnknownDivision, match="990701101299"):
        door.restore_snapshot({name: [wrong]}, by=BY, now=clock.now())
    assert model.objects.count() == 0
