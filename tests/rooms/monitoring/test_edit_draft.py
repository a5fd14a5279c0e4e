"""Only a draft is changed, and only by who has seen it as it stands."""

from datetime import timedelta

import pytest

from anlan.kernel import clock
from anlan.kernel.models import JournalEntry
from anlan.monitoring.actions.drop_draft import drop_draft
from anlan.monitoring.actions.edit_draft import edit_draft
from anlan.monitoring.models import Rule, RuleVersion, Threshold
from anlan.monitoring.queries.rules import text_of
from anlan.monitoring.rule_refusals import RuleRefused
from anlan.registry.data import Colour
from tests.rooms.monitoring.rules import BY, HOUR, drafted, put_live, text
from tests.weather import idle

LOUDER = text(HOUR, HOUR.__class__(Colour.RED, HOUR.measure, "PN05", 40.0, 60), for_min=5)


def edit(version, said=LOUDER, *, seen=None, name="新名"):
    edit_draft(
        str(version.rule.uuid),
        number=version.number,
        name=name,
        text=said,
        seen=seen or version.made_at,
        by=BY,
        now=clock.now(),
    )


def test_a_draft_says_the_new_and_its_test_counts_no_more(cast):
    version = drafted()
    RuleVersion.objects.update(tested={"state": "done", "events": []})
    edit(version)
    version.refresh_from_db()
    assert (version.tested, version.for_min) == ({}, 5)
    assert {each.value for each in text_of(version).conditions} == {15.0, 40.0}
    assert Rule.objects.get().name == "新名"
    assert JournalEntry.objects.filter(act="rule.edited").count() == 1


def test_who_saw_an_older_draft_changes_nothing(cast):
    version = drafted()
    seen = version.made_at
    idle(timedelta(minutes=1))
    edit(version)
    with pytest.raises(RuleRefused):
        edit(version, text(), seen=seen)
    assert Threshold.objects.filter(version=version).count() == 2


def test_a_version_in_force_is_never_changed(cast):
    version = drafted()
    put_live(version)
    for change in (edit, lambda x: drop_draft(str(x.rule.uuid), number=1, by=BY, now=clock.now())):
        with pytest.raises(RuleRefused):
            change(version)
    assert Threshold.objects.filter(version=version).count() == 1


def test_a_draft_is_dropped_and_with_the_only_one_the_rule(cast):
    version = drafted()
    assert drop_draft(str(version.rule.uuid), number=1, by=BY, now=clock.now())
    assert not Rule.objects.exists()
    assert not Threshold.objects.filter(version__isnull=False).exists()
    assert JournalEntry.objects.filter(act="rule.draft_dropped").count() == 1
