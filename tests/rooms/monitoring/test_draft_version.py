"""The next version of a rule begins as a copy of the one in force."""

import pytest

from anlan.kernel import clock
from anlan.monitoring.actions.draft_version import draft_version
from anlan.monitoring.actions.edit_draft import edit_draft
from anlan.monitoring.data import RuleState
from anlan.monitoring.models import RuleVersion
from anlan.monitoring.queries.rules import text_of
from anlan.monitoring.refusals import NotPermitted
from anlan.monitoring.rule_refusals import RuleOutOfSight, RuleRefused
from anlan.registry.data import Colour, Role
from tests.cast import COUNTY
from tests.entrance import as_actor, opened
from tests.rooms.monitoring.rules import BY, HOUR, drafted, put_live, text


def copied(version, by=BY):
    number = draft_version(str(version.rule.uuid), by=by, now=clock.now())
    return RuleVersion.objects.select_related("rule").get(rule=version.rule, number=number)


def test_the_copy_says_the_same_and_the_rule_in_force_stays(cast):
    live = drafted(text(HOUR, for_min=15, falls_by=0.2))
    put_live(live)
    copy = copied(live)
    live.refresh_from_db()
    assert (live.state, copy.state, copy.number) == (RuleState.LIVE, RuleState.DRAFT, 2)
    assert text_of(copy) == text_of(live)


def test_the_version_in_force_is_copied_not_a_later_one_that_retired(cast):
    first = drafted()
    put_live(first)
    second = copied(first)
    louder = text(HOUR, HOUR.__class__(Colour.RED, HOUR.measure, "PN05", 40.0, 60))
    edit_draft(
        str(second.rule.uuid),
        number=2,
        name="小时雨量",
        text=louder,
        seen=second.made_at,
        by=BY,
        now=clock.now(),
    )
    put_live(second)
    assert text_of(copied(first)).conditions == text_of(second).conditions


def test_one_draft_at_a_time(cast):
    version = drafted()
    with pytest.raises(RuleRefused):
        copied(version)
    put_live(version)
    copied(version)
    with pytest.raises(RuleRefused):
        copied(version)


def test_who_may_not_and_what_is_not_there(cast):
    version = drafted()
    put_live(version)
    reader = as_actor(opened("reader", Role.READER, COUNTY))
    with pytest.raises(NotPermitted):
        copied(version, by=reader)
    with pytest.raises(RuleOutOfSight):
        draft_version("8c3ad3e6-64b8-4b8a-a0a1-000000000000", by=BY, now=clock.now())
