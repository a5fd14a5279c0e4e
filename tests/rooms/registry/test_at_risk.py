"""Households that a hazard threatens, and the shelters of a town."""

import pytest

from anlan.kernel import scope
from anlan.registry.api import households_at_risk, shelters_in
from anlan.registry.data import Hazard
from tests.cast import BANK, FORD, LOWER, SLOPE, UPPER, VILLAGES


def at_risk(cast, hazard, villages=VILLAGES):
    names = {key: name for name, key in cast.households.items()}
    return [names[row.id] for row in households_at_risk(villages, hazard=hazard)]


@pytest.mark.parametrize(
    ("hazard", "names"),
    [
        (Hazard.GEOHAZARD, ["zhao", "qian", "sun"]),
        (Hazard.FLASH_FLOOD, ["li", "zhou", "wu"]),
        (Hazard.RIVER_FLOOD, ["li", "zhou", "wu"]),
        (Hazard.RAINSTORM, []),
    ],
)
def test_each_hazard_threatens_its_own_households(cast, hazard, names):
    assert at_risk(cast, hazard) == names


def test_only_the_villages_asked_for(cast):
    assert at_risk(cast, Hazard.FLASH_FLOOD, [BANK]) == ["zhou"]
    assert at_risk(cast, Hazard.FLASH_FLOOD, []) == []


def test_a_household_comes_with_its_village_and_people(cast):
    (row,) = households_at_risk([BANK], hazard=Hazard.FLASH_FLOOD)
    assert (row.division_code, row.people) == (BANK, 6)


def test_another_town_is_out_of_sight(cast):
    with scope.limited_to([LOWER]):
        assert at_risk(cast, Hazard.FLASH_FLOOD) == ["wu"]


def test_shelters_are_those_of_the_towns(cast):
    assert [(room.name, room.capacity, room.division_code) for room in shelters_in([UPPER])] == [
        ("school", 8, SLOPE),
        ("hall", 12, BANK),
    ]
    assert [room.division_code for room in shelters_in([LOWER])] == [FORD]
    assert shelters_in([]) == []
