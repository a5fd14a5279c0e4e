"""A version comes into force tested or with a reason, at once for every worker, one at a time."""

from datetime import timedelta

import pytest

from anlan.kernel import clock
from anlan.kernel.models import JournalEntry
from anlan.monitoring.actions.draft_version import draft_version
from anlan.monitoring.actions.put_rule_live import put_rule_live
from anlan.monitoring.actions.retire_rule import retire_rule
from anlan.monitoring.api import crossings, judge_exceedances
from anlan.monitoring.data import RuleState
from anlan.monitoring.models import EvaluationCursor, Exceedance, RuleVersion
from anlan.monitoring.refusals import NotPermitted
from anlan.monitoring.rule_refusals import RuleRefused
from anlan.monitoring.tasks.judging import sweep
from anlan.registry.data import Colour, Role
from tests.cast import COUNTY, LOWER
from tests.entrance import as_actor, opened
from tests.rooms.monitoring.rules import BY, drafted, put_live
from tests.weather import idle, receive, report

FIVE = timedelta(minutes=5)


def fall(station, *values):
    for value in values:
        idle(FIVE)
        receive(report(station, at=clock.now(), PN05=value))
        judge_exceedances(by=BY, now=clock.now())


def standing():
    rows = Exceedance.objects.filter(ended_at__isnull=True).order_by("pk")
    return [(row.station.name, row.hazard, row.colour) for row in rows]


def test_it_judges_the_next_reading(cast):
    upper = cast.stations["upper rain"]
    fall(upper, 10.0, 6.0)
    assert standing() == []
    put_live(drafted())
    judge_exceedances(by=BY, now=clock.now())
    assert standing() == [("upper rain", "flash_flood", Colour.YELLOW)]
    row = Exceedance.objects.get()
    assert row.threshold.version.rule.name == "小时雨量"
    assert crossings([row.pk])[0].threshold == 15.0


def test_a_rule_of_a_town_reaches_only_the_gauges_that_speak_for_it(cast):
    put_live(drafted(at=LOWER))
    fall(cast.stations["upper rain"], 16.0)
    fall(cast.stations["lower rain"], 16.0)
    assert standing() == [("lower rain", "flash_flood", Colour.YELLOW)]


def test_untested_it_needs_a_reason(cast):
    version = drafted()
    with pytest.raises(RuleRefused):
        put_live(version, reason="  ")
    assert not RuleVersion.objects.filter(state=RuleState.LIVE).exists()
    put_live(version, reason="汛前必须生效，历史数据不足")
    version.refresh_from_db()
    assert version.untested_because == "汛前必须生效，历史数据不足"
    entry = JournalEntry.objects.get(act="rule.put_in_force")
    assert "历史数据不足" in entry.detail


def test_tested_it_needs_none(cast):
    version = drafted()
    tested = {"state": "done", "events": [{"since": "2024-01-02T00:00:00+00:00", "mark": "false"}]}
    RuleVersion.objects.update(tested=tested)
    put_live(version, reason="")
    version.refresh_from_db()
    assert (version.state, version.untested_because) == (RuleState.LIVE, "")
    assert '"false":1' in JournalEntry.objects.get(act="rule.put_in_force").detail


@pytest.mark.parametrize("state", ["running", "stopped"])
def test_a_test_that_did_not_end_is_none(cast, state):
    version = drafted()
    RuleVersion.objects.update(tested={"state": state, "events": []})
    with pytest.raises(RuleRefused):
        put_live(version, reason="")


def test_the_version_before_retires(cast):
    first = drafted()
    put_live(first)
    number = draft_version(str(first.rule.uuid), by=BY, now=clock.now())
    second = RuleVersion.objects.get(rule=first.rule, number=number)
    put_live(second)
    states = dict(RuleVersion.objects.values_list("number", "state"))
    assert states == {1: RuleState.RETIRED, 2: RuleState.LIVE}
    first.refresh_from_db()
    assert first.retired_at == clock.now()
    with pytest.raises(RuleRefused):
        put_live(second)


def test_who_saw_an_older_draft_puts_nothing_in_force(cast):
    version = drafted()
    RuleVersion.objects.update(made_at=clock.now() + FIVE)
    with pytest.raises(RuleRefused):
        put_rule_live(
            str(version.rule.uuid),
            number=1,
            seen=version.made_at,
            reason="tests",
            by=BY,
            now=clock.now(),
        )
    assert RuleVersion.objects.get().state == RuleState.DRAFT


def test_every_worker_is_told(cast):
    fall(cast.stations["upper rain"], 0.0)
    before = EvaluationCursor.objects.get().limits_turn
    version = drafted()
    put_live(version)
    retire_rule(str(version.rule.uuid), reason="tests", by=BY, now=clock.now())
    assert EvaluationCursor.objects.get().limits_turn == before + 2


def test_what_stands_over_a_retired_rule_ends_after_the_holding_time(cast):
    version = drafted()
    put_live(version)
    fall(cast.stations["upper rain"], 16.0)
    retire_rule(str(version.rule.uuid), reason="阈值偏低", by=BY, now=clock.now())
    assert RuleVersion.objects.get().state == RuleState.RETIRED
    assert '"reason":"阈值偏低"' in JournalEntry.objects.get(act="rule.retired").detail
    for _step in range(14):
        idle(FIVE)
        sweep(clock.now())
    assert standing() == []
    with pytest.raises(RuleRefused):
        retire_rule(str(version.rule.uuid), reason="", by=BY, now=clock.now())


@pytest.mark.parametrize("role", [Role.TOWN_OFFICER, Role.CLERK, Role.COMMANDER])
def test_who_may_not(cast, role):
    version = drafted()
    by = as_actor(opened("somebody", role, COUNTY))
    with pytest.raises(NotPermitted):
        put_rule_live(
            str(version.rule.uuid),
            number=1,
            seen=version.made_at,
            reason="tests",
            by=by,
            now=clock.now(),
        )
    put_live(version)
    with pytest.raises(NotPermitted):
        retire_rule(str(version.rule.uuid), reason="", by=by, now=clock.now())
