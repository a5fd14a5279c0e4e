"""Who may issue what, and what leaves by itself."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.registry.data import Colour, Hazard, Role
from anlan.warning.core.drawn import Land, UnusableArea, inside, rings_of, touched_villages
from anlan.warning.core.issuing import ISSUERS, RuleRow, issuing_of, uncovered
from anlan.warning.core.typed import home_of

SLOPE, BANK, FORD = "990701101201", "990701101202", "990701102201"
rows = st.lists(
    st.builds(
        RuleRow,
        hazard=st.sampled_from(["", "flash_flood", "rainstorm"]),
        colour=st.sampled_from([3, 4]),
        is_automatic=st.booleans(),
        roles=st.sampled_from([(), ("commander",), ("duty_officer", "commander")]),
        decide_minutes=st.integers(1, 60),
        valid_hours=st.integers(1, 72),
        effective_from=st.dates(date(2020, 1, 1), date(2024, 1, 1)),
    ),
    max_size=6,
)


@pytest.mark.parametrize("colour", list(Colour))
def test_a_county_that_says_nothing_has_its_warnings_issued_at_once(colour):
    found = issuing_of([], hazard=Hazard.FLASH_FLOOD, colour=colour)
    assert found.is_automatic
    assert not found.is_kept
    assert found.roles == ISSUERS[colour]


@given(found=rows)
def test_the_row_that_names_the_hazard_wins_then_the_newest(found):
    said = issuing_of(found, hazard=Hazard.FLASH_FLOOD, colour=Colour.ORANGE)
    fits = [r for r in found if r.colour == 3 and r.hazard in ("", "flash_flood")]
    assert said.is_kept is bool(fits)
    assert said.roles
    if fits:
        named = [r for r in fits if r.hazard] or fits
        newest = max(r.effective_from for r in named)
        assert said.decide_minutes in {
            r.decide_minutes for r in named if r.effective_from == newest
        }


def test_worse_colours_are_for_fewer():
    for milder, worse in zip(Colour, list(Colour)[1:], strict=False):
        assert ISSUERS[worse] <= ISSUERS[milder]


def test_a_town_issues_within_itself():
    town = [(Role.TOWN_OFFICER, "990701101000")]
    assert uncovered([SLOPE, BANK], roles=ISSUERS[Colour.YELLOW], held=town) == []
    assert uncovered([SLOPE, FORD], roles=ISSUERS[Colour.YELLOW], held=town) == [FORD]
    assert uncovered([SLOPE], roles=ISSUERS[Colour.ORANGE], held=town) == [SLOPE]


def test_where_a_draft_belongs():
    assert home_of([SLOPE, BANK]) == "990701101000"
    assert home_of([SLOPE, FORD]) == "990701000000"
    assert home_of([SLOPE, "990702101201"]) == ""
    assert home_of([]) == ""


def test_a_drawn_area_meets_outlines_and_holds_centres():
    square = [[107.0, 33.0], [107.1, 33.0], [107.1, 33.1], [107.0, 33.1], [107.0, 33.0]]
    lands = [
        Land("a", 107.05, 33.05, None),
        Land("b", 107.2, 33.05, [[107.09, 33.0], [107.3, 33.0], [107.3, 33.1], [107.09, 33.1]]),
        Land("c", 107.2, 33.2, None),
    ]
    assert touched_villages([square], lands=lands) == {"a", "b"}
    assert inside([square], points=[(107.05, 33.05), (108.0, 33.0)]) == [True, False]
    assert touched_villages([], lands=lands) == set()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "unreadable"),
        ('{"a": 1}', "too_many"),
        ("[[[107, 33], [107.1, 33]]]", "no_area"),
        ("[[[107, 33], [107.1, 33], [107.2, 33]]]", "no_area"),
        ("[[[33, 107], [33.1, 107], [33.1, 107.1]]]", "elsewhere"),
        ("[[[NaN, 33], [107, 33], [107.1, 33.1]]]", "elsewhere"),
        ('[[["107", 33], [107, 33], [107.1, 33.1]]]', "unreadable"),
        ("[[[true, 33], [107, 33], [107.1, 33.1]]]", "unreadable"),
    ],
)
def test_what_is_no_area_is_refused(text, reason):
    with pytest.raises(UnusableArea) as refused:
        rings_of(text)
    assert refused.value.reason == reason


def test_rings_are_closed_and_a_crossing_one_counts_with_its_hull():
    (ring,) = rings_of("[[[107, 33], [107.1, 33.1], [107.1, 33], [107, 33.1]]]")
    assert ring[0] == ring[-1]
    assert inside([ring], points=[(107.05, 33.02)]) == [True]
