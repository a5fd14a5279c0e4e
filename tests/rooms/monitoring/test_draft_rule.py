"""A rule is written as a draft that judges nothing; what is wrong with it is said in sentences."""

from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from anlan.kernel import clock
from anlan.kernel.codes import UnknownDivision
from anlan.kernel.models import JournalEntry
from anlan.monitoring.actions.draft_rule import draft_rule
from anlan.monitoring.api import judge_exceedances
from anlan.monitoring.data import Measure, RuleState
from anlan.monitoring.models import Exceedance, Rule, RuleVersion, Threshold
from anlan.monitoring.refusals import NotPermitted
from anlan.monitoring.rule_refusals import RuleRefused
from anlan.registry.data import Colour, Hazard, Role
from tests.cast import COUNTY, UPPER
from tests.entrance import as_actor, opened
from tests.rooms.monitoring.rules import BY, HOUR, drafted, text
from tests.weather import receive, report


def draft(said, **more):
    given: dict[str, Any] = {
        "name": "规则",
        "hazard": Hazard.FLASH_FLOOD,
        "division_code": COUNTY,
        "by": BY,
    } | more
    with translation.override("en"):
        return draft_rule(said, now=clock.now(), **given)


def test_a_draft_holds_what_it_says_and_judges_nothing(cast):
    version = drafted(text(HOUR, for_min=10, stations_needed=2, falls_to=0.8, clear_after_min=30))
    assert (version.state, version.number, version.rule.name) == (RuleState.DRAFT, 1, "小时雨量")
    assert (version.for_min, version.stations_needed, version.clear_after_min) == (10, 2, 30)
    row = Threshold.objects.get(version=version)
    assert (row.hazard, row.measure, row.window_min, row.value) == ("flash_flood", "sum", 60, 15.0)
    entry = JournalEntry.objects.get(act="rule.drafted")
    assert (entry.subject, entry.division_code) == (f"rule:{version.rule.uuid}", COUNTY)
    receive(report(cast.stations["upper rain"], at=clock.now(), PN05=18.0))
    judge_exceedances(by=BY, now=clock.now())
    assert not Exceedance.objects.exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "no condition"),
        ({"element": "Z"}, "Row 1: Z cannot be summed up"),
        ({"element": "XX"}, "“XX” is no element"),
        ({"measure": Measure.LAST}, "PN05 is an amount of a while"),
        ({"measure": Measure.ANTECEDENT, "element": "P1", "window_min": 0}, "reckoned from PN05"),
        ({"window_min": 7}, "The window is 7 minutes; give steps of 5"),
        ({"window_min": 0}, "The window is 0 minutes"),
        ({"window_min": 4325}, "5 to 4320 (72 hours)"),
        ({"value": 0.0}, "give more than 0"),
        ({"value": float("nan")}, "no number"),
        ({"together": "1"}, "“1” cannot join rows"),
        ({"together": "a"}, "No other row of this colour"),
        ({"season_from": "06-01"}, "give both or none"),
        ({"season_from": "06-31", "season_until": "09-30"}, "“06-31” is no day of the year"),
        ({"station_id": 10**9}, "not among those of the rule's division"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(cast, said, sentence):
    conditions = (replace(HOUR, **said),) if said else ()
    with pytest.raises(RuleRefused) as refused:
        draft(replace(text(), conditions=conditions))
    assert sentence in " ".join(refused.value.sentences)
    assert not Rule.objects.exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"source": " "}, "Say where the limits come from"),
        ({"for_min": 7}, "It must hold for 7 minutes"),
        ({"for_min": 1445}, "from 0 to 1440"),
        ({"stations_needed": 0}, "0 stations are needed"),
        ({"stations_needed": 4}, "the rule reaches 2; ask for fewer"),
        ({"falls_to": 1.1}, "give a share over 0"),
        ({"falls_by": -1.0}, "give 0 or more"),
        ({"clear_after_min": 1441}, "give 0 to 1440"),
    ],
)
def test_what_is_wrong_with_the_rule_is_said(cast, more, sentence):
    with pytest.raises(RuleRefused) as refused:
        draft(replace(text(), **more))
    assert sentence in " ".join(refused.value.sentences)


def row(colour, value, **more):
    return replace(HOUR, colour=colour, value=value, **more)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([row(Colour.YELLOW, 20.0), row(Colour.RED, 15.0)], "compare this row with row 1"),
        ([row(Colour.YELLOW, 20.0), row(Colour.RED, 20.0)], "compare this row with row 1"),
        ([row(Colour.RED, 50.0), row(Colour.YELLOW, 60.0)], "compare this row with row 1"),
        ([row(Colour.RED, 50.0), row(Colour.RED, 60.0)], "the same as row 1"),
    ],
)
def test_a_worse_colour_asks_for_more(cast, rows, sentence):
    with pytest.raises(RuleRefused) as refused:
        draft(text(*rows))
    assert sentence in " ".join(refused.value.sentences)


def test_other_windows_seasons_stations_and_groups_are_not_compared(cast):
    gauge = cast.stations["upper rain"].pk
    drafted(
        text(
            row(Colour.YELLOW, 20.0),
            row(Colour.RED, 15.0, window_min=30),
            row(Colour.ORANGE, 10.0, season_from="11-01", season_until="03-31"),
            row(Colour.ORANGE, 12.0, station_id=gauge),
            row(Colour.RED, 14.0, together="a"),
            row(Colour.RED, 40.0, window_min=180, together="a"),
        )
    )
    assert Threshold.objects.filter(version__isnull=False).count() == 6


@pytest.mark.parametrize("name", ["", "  ", "很" * 81, "小时雨量"])
def test_a_name_is_there_short_and_free(cast, name):
    drafted()
    with pytest.raises(RuleRefused) as refused:
        draft(text(), name=name)
    assert "cannot be the name" in refused.value.sentences[0]


def test_a_division_must_exist(cast):
    with pytest.raises(UnknownDivision):
        draft(text(), division_code="990799000000")


@pytest.mark.parametrize(
    ("role", "home", "at", "is_allowed"),
    [
        (Role.DUTY_OFFICER, COUNTY, COUNTY, True),
        (Role.ADMINISTRATOR, COUNTY, UPPER, True),
        (Role.ADMINISTRATOR, UPPER, UPPER, True),
        (Role.ADMINISTRATOR, UPPER, COUNTY, False),
        (Role.TOWN_OFFICER, UPPER, UPPER, False),
        (Role.COMMANDER, COUNTY, COUNTY, False),
        (Role.READER, COUNTY, COUNTY, False),
    ],
)
def test_only_who_keeps_stations_there_may(cast, role, home, at, is_allowed):
    by = as_actor(opened("somebody", role, home))
    if is_allowed:
        draft(text(), division_code=at, by=by)
        assert RuleVersion.objects.get().made_by == by.label
        return
    with pytest.raises(NotPermitted):
        draft(text(), division_code=at, by=by)
    assert not Rule.objects.exists()
