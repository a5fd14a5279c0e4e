"""Mergers: everything goes along, figures add up, and what only people can settle is listed."""

import json
import uuid
from collections import Counter
from datetime import timedelta

import pytest

from anlan.kernel import clock
from anlan.kernel.models import JournalEntry
from anlan.registry.api import authority_codes, code_on, division_history, successors_of
from anlan.registry.data import DutyKind, RedrawingRefused
from anlan.registry.models import (
    Authority,
    Division,
    DivisionChange,
    Duty,
    ForestStand,
    Household,
    Organization,
    Person,
)
from tests.boundary_files import square
from tests.cast import ALONE, BANK, COUNTY, EMPTY, FORD, LOWER, SLOPE, UPPER
from tests.cast import duty as give_duty
from tests.redrawn import BASIS, NEW, TODAY, authority, counts, merge, recode, rename
from tests.weather import pass_time


def test_villages_become_a_new_one_with_all_that_was_in_them(cast, facts):
    before = counts(SLOPE) + counts(BANK)
    found = merge(SLOPE, BANK)
    assert counts(NEW) == before == Counter(found.rows)
    new = Division.objects.get(pk=NEW)
    assert (new.name, new.population, new.households, new.plain_km2) == ("联合村", 200, 60, 2)
    ended = Division.objects.filter(ended_on=TODAY).values_list("code", flat=True)
    assert sorted(ended) == [SLOPE, BANK]
    assert facts == [{"moves": [[SLOPE, NEW], [BANK, NEW]], "on": "2024-07-15"}]
    entry = JournalEntry.objects.get()
    assert (entry.act, entry.division_code) == ("divisions.merged", NEW)
    assert json.loads(entry.detail)["basis"] == BASIS


def test_villages_go_into_one_of_them(cast):
    before = counts(SLOPE) + counts(BANK)
    merge(SLOPE, BANK, into=BANK, name="")
    bank = Division.objects.get(pk=BANK)
    assert (bank.name, bank.population, bank.ended_on) == ("河边村", 200, None)
    assert counts(BANK) == before
    assert [c.from_code for c in division_history(BANK)] == [BANK, SLOPE]
    assert code_on(BANK, TODAY - timedelta(days=1)) == [SLOPE, BANK]
    assert code_on(SLOPE, TODAY) == successors_of(SLOPE) == [BANK]


def test_boundaries_are_joined_when_all_are_known(cast):
    for code, lon in ((SLOPE, 107.03), (BANK, 107.04)):
        ring = [list(point) for point in square(lon, 33.0)]
        Division.objects.filter(pk=code).update(boundary={"type": "Polygon", "coordinates": [ring]})
    merge(SLOPE, BANK)
    new = Division.objects.get(pk=NEW)
    assert sorted({tuple(p) for p in new.boundary["coordinates"][0]})[-1] == (107.05, 33.01)
    assert 107.03 < new.lon < 107.05
    merge(NEW, ALONE, into="990701101205")
    assert Division.objects.get(pk="990701101205").boundary is None


def test_what_only_people_can_settle_is_listed_and_kept(cast):
    for code in (SLOPE, BANK):
        Organization.objects.create(
            uuid=uuid.uuid4(), division_id=code, name="村民委员会", kind="committee"
        )
    found = merge(SLOPE, BANK)
    said = " ".join(found.decisions)
    assert "slope leader" in said
    assert "bank leader" in said
    names = Organization.objects.filter(division=NEW).values_list("name", flat=True)
    assert len(set(names)) == 2
    assert any("河边村" in name for name in names)
    assert all(name in said for name in names)
    leaders = Duty.objects.filter(division=NEW, kind=DutyKind.VILLAGE_LEADER, rank=1)
    assert leaders.count() == 2
    assert "slope leader" not in JournalEntry.objects.get().detail


def test_the_longer_of_two_authorities_counts(cast):
    later = clock.now() + timedelta(days=9)
    account, first = authority(cast, SLOPE)
    _account, second = authority(cast, BANK, until=later)
    merge(SLOPE, BANK)
    rows = {row.pk: row for row in Authority.objects.all()}
    assert (rows[first].division_id, rows[first].valid_until) == (NEW, None)
    assert (rows[second].division_id, rows[second].valid_until) == (BANK, clock.now())
    assert NEW in authority_codes(account, at=clock.now())


def test_forests_are_added_up(cast):
    for code, land in ((SLOPE, 10), (BANK, 5)):
        ForestStand.objects.create(
            division_id=code, forest_land_ha=land, stocked_ha=1, special_shrub_ha=1,
            growing_stock_m3=100,
        )  # fmt: skip
    merge(SLOPE, BANK)
    stand = ForestStand.objects.get()
    assert (stand.division_id, stand.forest_land_ha, stand.growing_stock_m3) == (NEW, 15, 200)


def test_towns_merge_and_their_villages_get_codes_in_the_new_one(cast, facts):
    ford = counts(FORD)
    merge(UPPER, LOWER, into=UPPER, name="")
    moves = dict(facts[0]["moves"])
    assert moves == {LOWER: UPPER, FORD: "990701101200", EMPTY: "990701101204"}
    assert counts("990701101200") == ford
    assert Division.objects.get(pk="990701101200").parent_id == UPPER
    assert Division.objects.filter(ended_on__isnull=True, kind="town").count() == 1


@pytest.mark.parametrize(
    ("codes", "into"),
    [
        ([SLOPE], NEW),
        ([SLOPE], SLOPE),
        ([SLOPE, UPPER], NEW),
        ([SLOPE, UPPER], UPPER),
        ([UPPER, LOWER], SLOPE),
        ([SLOPE, BANK], "990702101204"),
        ([SLOPE, BANK], "990701103204"),
        ([COUNTY, UPPER], COUNTY),
    ],
)
def test_what_cannot_be_merged_is_refused_and_writes_nothing(cast, codes, into):
    with pytest.raises(RedrawingRefused):
        merge(*codes, into=into)
    assert not Division.objects.filter(ended_on__isnull=False).exists()
    assert not JournalEntry.objects.exists()


def test_a_merged_village_needs_a_name_of_its_own(cast):
    for name in ("", "独户村"):
        with pytest.raises(RedrawingRefused):
            merge(SLOPE, BANK, name=name)
    merge(SLOPE, BANK, name="坡下村")


@pytest.mark.parametrize("change", [rename, recode, lambda **rest: merge(SLOPE, BANK, **rest)])
def test_a_dry_run_says_all_and_writes_nothing(cast, facts, change):
    before = {c: counts(c) for c in (SLOPE, BANK)}
    tried = change(is_dry_run=True)
    assert not DivisionChange.objects.exists()
    assert not JournalEntry.objects.exists()
    assert not facts
    assert {c: counts(c) for c in (SLOPE, BANK)} == before
    assert set(Division.objects.values_list("version", flat=True)) == {1}
    assert change() == tried


def test_deputies_carers_and_households_stay_tied_to_each_other(cast):
    give_duty(cast.people["upper leader"], DutyKind.VILLAGE_GUARANTOR, at=SLOPE)
    merge(SLOPE, BANK)
    zhao = Household.objects.get(pk=cast.households["zhao"])
    carers = Duty.objects.filter(household=zhao).values_list("division_id", flat=True)
    assert (zhao.division_id, set(carers)) == (NEW, {NEW})
    assert Person.objects.get(pk=cast.people["upper leader"]).division_id == UPPER
    pass_time(1)
