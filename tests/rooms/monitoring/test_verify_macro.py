"""An anomaly is looked into by another person than its reporter, once, by the county."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.utils import timezone

from anlan.kernel import clock, scope
from anlan.kernel.models import JournalEntry
from anlan.monitoring.actions.report_macro import report_macro
from anlan.monitoring.actions.verify_macro import verify_macro
from anlan.monitoring.data import MacroEntry, MacroKind, MacroSign, MacroState
from anlan.monitoring.facts import macro_anomaly_verified
from anlan.monitoring.models import MacroReport
from anlan.monitoring.refusals import MayNotVerify, NotPermitted, ReportOutOfSight
from anlan.registry.models import Account


@pytest.fixture
def told() -> Iterator[list[list[int]]]:
    """Hear which anomalies are announced as verified."""
    heard: list[list[int]] = []

    def listen(sender: object, *, signal: object, report_ids: list[int]) -> None:
        heard.append(report_ids)

    macro_anomaly_verified.connect(listen, weak=False, dispatch_uid="test")
    yield heard
    macro_anomaly_verified.disconnect(dispatch_uid="test")


def anomaly(hand, *, by="slope", **said):
    frightened = MacroEntry(
        place_id=hand.macros["slope"],
        day=timezone.localdate(clock.now()),
        kind=MacroKind.ANIMAL,
        is_anomaly=True,
        sign=MacroSign.FRIGHTENED,
        animals=12,
    )
    entry = replace(frightened, **said)
    report_macro([entry], by=hand.actor(by), now=clock.now())
    return MacroReport.objects.get()


def verify(hand, row, verdict=MacroState.VERIFIED, *, by="duty", reason=""):
    verify_macro(str(row.uuid), verdict=verdict, reason=reason, by=hand.actor(by), now=clock.now())
    row.refresh_from_db()
    return row


def test_a_verified_anomaly_is_announced(hand, told):
    row = verify(hand, anomaly(hand))
    assert (row.state, row.judged_by, row.judged_at) == (
        MacroState.VERIFIED,
        "duty",
        clock.now(),
    )
    assert told == [[row.pk]]
    entry = JournalEntry.objects.get(act="macro.verified")
    assert (entry.subject, entry.division_code) == (f"macro_report:{row.uuid}", "990701101201")


def test_a_dismissal_needs_a_reason_and_is_announced_to_nobody(hand, told):
    row = anomaly(hand)
    for reason in ("", "   ", "x" * 201):
        with pytest.raises(MayNotVerify):
            verify(hand, row, MacroState.DISMISSED, reason=reason)
    row = verify(hand, row, MacroState.DISMISSED, reason="喂食改时")
    assert (row.state, row.reason) == (MacroState.DISMISSED, "喂食改时")
    assert told == []
    assert "喂食" not in JournalEntry.objects.get(act="macro.dismissed").detail


def test_the_second_press_changes_nothing_and_says_who_was_first(hand, told):
    row = verify(hand, anomaly(hand))
    with pytest.raises(MayNotVerify, match="duty"):
        verify(hand, row, MacroState.DISMISSED, by="admin", reason="no")
    row.refresh_from_db()
    assert (row.state, len(told)) == (MacroState.VERIFIED, 1)


def test_nobody_verifies_their_own_report(hand, told):
    row = anomaly(hand, by="duty")
    with pytest.raises(MayNotVerify):
        verify(hand, row, by="duty")
    with pytest.raises(MayNotVerify):
        verify(hand, row, MacroState.DISMISSED, by="duty", reason="nothing")
    assert verify(hand, row, by="admin").state == MacroState.VERIFIED


def test_another_account_of_the_same_person_is_the_same_person(hand):
    person = hand.cast.people["county officer"]
    names = ("duty", "second-admin")
    keys = [hand.accounts[name].pk for name in names]
    Account.objects.filter(pk__in=keys).update(person=person)
    row = anomaly(hand, by="duty")
    with pytest.raises(MayNotVerify):
        verify(hand, row, by="second-admin")


def test_whoever_reported_it_first_does_not_verify_it_after_another_told_it_better(hand):
    anomaly(hand, by="duty")
    row = anomaly(hand, by="slope", animals=40)
    with pytest.raises(MayNotVerify):
        verify(hand, row, by="duty")
    assert verify(hand, row, by="admin")


@pytest.mark.parametrize("who", ["clerk", "upper", "slope", "auditor", "far-admin"])
def test_only_the_county_verifies(hand, who):
    row = anomaly(hand, by="admin")
    with pytest.raises(NotPermitted):
        verify(hand, row, by=who)


def test_there_is_nothing_to_verify_in_a_quiet_report(hand):
    row = anomaly(hand, is_anomaly=False, sign="", animals=None)
    with pytest.raises(MayNotVerify):
        verify(hand, row)


def test_a_verdict_is_a_verdict(hand):
    with pytest.raises(MayNotVerify):
        verify(hand, anomaly(hand), MacroState.REPORTED)


def test_a_report_out_of_sight_is_none(hand):
    row = anomaly(hand)
    with scope.limited_to(["990702000000"]), pytest.raises(ReportOutOfSight):
        verify(hand, row)
