"""A snapshot fills empty tables with their own keys, or changes nothing."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from anlan.kernel import snapshot
from anlan.registry.models import Division, Person
from tests.cast import COUNTY, SLOPE, UPPER, make_divisions

ROWS: dict[str, list[dict[str, Any]]] = {
    "Division": [
        {"code": COUNTY, "parent_id": None, "kind": "county", "name": "县", "lon": 1.0, "lat": 1.0},
        {"code": UPPER, "parent_id": COUNTY, "kind": "town", "name": "镇", "lon": 1.0, "lat": 1.0},
    ],
    "Person": [
        {"id": 41, "division_id": UPPER, "name": "王五", "phone": "13800001234"},
        {"id": 42, "division_id": UPPER, "name": "李四", "phone": ""},
    ],
}


def test_rows_are_written_under_their_own_keys(db, everywhere):
    assert snapshot.restore("registry", ROWS) == {"Division": 2, "Person": 2}
    assert dict(Person.objects.values_list("pk", "name")) == {41: "王五", 42: "李四"}
    assert Person.objects.get(pk=41).phone == "13800001234"


def test_new_rows_get_keys_behind_those_restored(db, everywhere):
    snapshot.restore("registry", ROWS)
    assert Person.objects.create(division_id=UPPER, name="赵六").pk == 43


def test_a_table_that_holds_rows_is_refused_and_nothing_is_written(db, everywhere):
    make_divisions()
    Person.objects.create(division_id=SLOPE, name="王五")
    rows = {"Organization": [{"id": 1, "division_id": UPPER, "name": "镇政府"}], **ROWS}
    with pytest.raises(snapshot.NotEmpty, match="registry_division"):
        snapshot.restore("registry", rows)
    assert Person.objects.count() == 1


def test_a_row_that_breaks_a_constraint_leaves_nothing_behind(db, everywhere):
    broken = {**ROWS, "Shelter": [{"place_id": 99, "capacity": -1}]}
    with pytest.raises(IntegrityError), transaction.atomic():
        snapshot.restore("registry", broken)
    assert Person.objects.count() == 0
    assert Division.objects.count() == 0
