"""Renames, recodings and mergers: every row goes along, the history stays, nothing is lost."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from anlan.kernel import clock, scope
from anlan.kernel.codes import UnknownDivision
from anlan.kernel.models import JournalEntry, TableRevision
from anlan.monitoring.models import Exceedance
from anlan.registry.api import authority_codes, code_on, division_history, successors_of, towns
from anlan.registry.data import DivisionChangeKind, RedrawingRefused
from anlan.registry.models import (
    Division,
    DivisionChange,
    Person,
    Place,
)
from anlan.registry.relocation.columns import division_columns
from anlan.warning.api import issue_warnings
from tests.cast import BANK, COUNTY, FORD, LOWER, SLOPE, UPPER, crossed
from tests.redrawn import BASIS, BY, NEW, TODAY, authority, counts, merge, recode, rename


def test_a_renamed_division_keeps_its_code_and_its_old_name(cast, facts):
    rename()
    row = Division.objects.get(pk=SLOPE)
    assert (row.name, row.version) == ("新坡村", 2)
    (change,) = division_history(SLOPE)
    assert (change.kind, change.on) == (DivisionChangeKind.RENAMED, TODAY)
    assert (change.from_name, change.to_name, change.basis) == ("坡下村", "新坡村", BASIS)
    assert code_on(SLOPE, date(2020, 1, 1)) == successors_of(SLOPE) == [SLOPE]
    entry = JournalEntry.objects.get()
    assert (entry.act, entry.division_code) == ("division.renamed", SLOPE)
    assert not facts


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "坡下村"},
        {"name": "河边村"},
        {"basis": ""},
        {"on": TODAY + timedelta(days=1)},
        {"code": "990700000000"},
    ],
)
def test_a_wrong_rename_is_refused_and_writes_nothing(cast, wrong):
    Division.objects.create(code="990700000000", kind="city", name="试市")
    with pytest.raises(RedrawingRefused):
        rename(**wrong)
    assert not DivisionChange.objects.exists()
    assert not JournalEntry.objects.exists()


def test_what_is_out_of_sight_is_unknown(cast):
    with scope.limited_to([LOWER]):
        for change in (rename, recode, lambda: merge(SLOPE, BANK)):
            with pytest.raises(UnknownDivision):
                change()


def test_a_change_may_not_lie_before_the_last_one(cast):
    rename()
    with pytest.raises(RedrawingRefused):
        rename(name="更新村", on=TODAY - timedelta(days=1))
    rename(name="更新村")


# ------------------------------------------------------------------------------------------- recode


def test_every_row_goes_to_the_new_code(cast, facts):
    before = counts(SLOPE)
    assert {"Person", "Duty", "Household", "Place"} <= set(before)
    found = recode()
    assert counts(SLOPE) == Counter()
    assert counts(NEW) == before
    assert found.rows == before
    old, new = Division.objects.get(pk=SLOPE), Division.objects.get(pk=NEW)
    assert (old.ended_on, new.ended_on) == (TODAY, None)
    assert (new.name, new.parent_id, new.population) == ("坡下村", UPPER, 100)
    assert facts == [{"moves": [[SLOPE, NEW]], "on": "2024-07-15"}]


def test_no_model_of_the_register_is_forgotten():
    labels = {column.label for column in division_columns()}
    assert labels >= {
        "ApiToken",
        "Authority",
        "Duty",
        "Household",
        "Organization",
        "Person",
        "Place",
        "Post",
        "River",
        "RoadNode",
        "Team",
    }
    assert not labels & {"Division", "DivisionChange", "ForestStand"}


def test_whoever_saw_the_old_rows_has_to_look_again(cast):
    TableRevision.objects.create(name="persons", number=4)
    recode()
    assert set(Person.objects.filter(division=NEW).values_list("version", flat=True)) == {2}
    assert TableRevision.objects.get().number == 5


def test_the_old_code_is_found_by_day(cast):
    recode()
    assert code_on(NEW, TODAY - timedelta(days=1)) == [SLOPE]
    assert code_on(SLOPE, TODAY) == successors_of(SLOPE) == [NEW]
    assert [change.from_code for change in division_history(NEW)] == [SLOPE]
    assert division_history(SLOPE) == division_history(NEW)


def test_a_village_goes_to_another_town_of_its_county(cast):
    recode(new_code="990701102203")
    assert Division.objects.get(pk="990701102203").parent_id == LOWER


def test_a_recoded_town_takes_everything_in_it_along(cast, facts):
    new = "990701103000"
    before = counts(SLOPE)
    recode(UPPER, new)
    assert counts("990701103201") == before
    assert Division.objects.get(pk="990701103201").parent_id == new
    assert facts[0]["moves"][0] == [UPPER, new]
    assert len(facts[0]["moves"]) == 4
    assert [town.code for town in towns()] == [LOWER, new]


def test_a_county_becomes_a_district_with_other_digits(cast):
    # As 南郑县 610721 became 南郑区 610703 in 2017.
    places = Place.objects.count()
    recode(COUNTY, "990703000000")
    assert Place.objects.filter(division__code__startswith="990703").count() == places
    alive = Division.objects.filter(ended_on__isnull=True).values_list("code", flat=True)
    assert {code[:6] for code in alive} == {"990703"}


@pytest.mark.parametrize(
    "new_code", [BANK, UPPER, "990702101201", "990701199201", "990701102201", SLOPE]
)
def test_a_code_that_is_taken_or_lies_elsewhere_is_refused(cast, new_code):
    with pytest.raises(RedrawingRefused):
        recode(new_code=new_code)
    assert not Division.objects.filter(ended_on__isnull=False).exists()


def test_an_ended_code_is_neither_changed_nor_used_again(cast):
    recode()
    with pytest.raises(RedrawingRefused):
        recode(new_code="990701101205")
    with pytest.raises(RedrawingRefused):
        recode(BANK, SLOPE)


def test_whoever_held_the_old_code_holds_the_new_one_and_still_reads_the_old(cast):
    account, _row = authority(cast, SLOPE)
    assert authority_codes(account, at=clock.now()) == [SLOPE]
    recode()
    assert authority_codes(account, at=clock.now()) == [SLOPE, NEW]
    town, _row = authority(cast, LOWER, name="town")
    recode(NEW, "990701102203")
    assert authority_codes(town, at=clock.now()) == [SLOPE, NEW, LOWER]


def test_a_warning_in_force_stands_in_the_way(cast, fixed_clock):
    crossed(cast)
    issue()
    for change in (recode, lambda: merge(SLOPE, BANK), lambda: recode(UPPER, "990701103000")):
        with pytest.raises(RedrawingRefused):
            change()
    rename()
    recode(FORD, "990701102203")


def issue():
    keys = list(Exceedance.objects.values_list("pk", flat=True))
    issue_warnings(keys, by=BY, now=clock.now())


def test_the_real_codes_of_a_county_that_became_a_district(db, everywhere, fixed_clock):
    # 南郑县 610721 became 南郑区 610703 in 2017; the codes after are the official ones.
    path = Path(__file__).parents[2] / "data" / "nanzheng_towns.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["code"].startswith("610703")]
    for row in rows:
        code = row["code"].replace("610703", "610721", 1)
        parent = "610721000000" if row["level"] == "town" else None
        Division.objects.create(code=code, parent_id=parent, kind=row["level"], name=row["name"])
    recode("610721000000", "610703000000")
    alive = Division.objects.filter(ended_on__isnull=True).order_by("code")
    assert dict(alive.values_list("code", "name")) == {row["code"]: row["name"] for row in rows}
    assert len(rows) == 23
    assert code_on("610703001000", TODAY - timedelta(days=1)) == ["610721001000"]
