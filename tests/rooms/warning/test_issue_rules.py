"""What a county says of who issues: a rule's warning leaves by itself, or waits for a decision."""

import pytest
from django.urls import reverse

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.models import StationCover
from anlan.registry.data import Colour, DutyKind, Hazard, Role
from anlan.registry.models import Account
from anlan.warning.actions.discard_draft import discard_draft
from anlan.warning.actions.keep_issue_rule import keep_issue_rule
from anlan.warning.api import issue_warnings, lift_warnings, open_warnings
from anlan.warning.core.typed import TypedRule
from anlan.warning.data import DraftState, Purpose, WarningOrigin
from anlan.warning.models import Delivery, HazardWarning, IssueRule, WarningDraft
from anlan.warning.queries.rules import issuing_in
from anlan.warning.refusals import NotYoursToKeep, RuleRefused
from anlan.warning.tasks.deciding import sweep
from tests.cast import ALONE, BANK, COUNTY, LONG_AGO, SLOPE, cleared, crossed, duty
from tests.evening import ACCOUNTS, account
from tests.rooms.warning.test_drafts import actor, issue
from tests.weather import pass_time

BY = the_program("test")
ACCOUNTS.setdefault("boss", (Role.COMMANDER, COUNTY, "commander"))


def wait_for(colour=Colour.ORANGE, *, hazard="", minutes=15, roles=("duty_officer",)):
    return IssueRule.objects.create(
        division_id=COUNTY,
        hazard=hazard,
        colour=colour,
        is_automatic=False,
        roles=list(roles),
        decide_minutes=minutes,
        source="tests",
        effective_from=LONG_AGO,
    )


def cross(cast, **how):
    return issue_warnings([crossed(cast, **how)], by=BY, now=clock.now())


def notes(reference="draft:"):
    rows = Delivery.objects.filter(purpose=Purpose.NOTE, reference_code__startswith=reference)
    return sorted(rows.values_list("person_id", flat=True))


def rule(**changes):
    values = {
        "county": COUNTY,
        "colour": Colour.RED,
        "is_automatic": False,
        "roles": frozenset({Role.COMMANDER}),
        "decide_minutes": 5,
        "valid_hours": 12,
        "source": "县防汛预案",
    }
    return TypedRule(**{**values, **changes})


def test_a_county_that_has_said_nothing_does_not_fall_silent(cast):
    assert len(cross(cast, colour=Colour.RED)) == 1
    assert HazardWarning.objects.get().origin == WarningOrigin.RULE
    assert not WarningDraft.objects.exists()


def test_a_warning_that_must_be_decided_waits_and_its_officers_are_told(cast):
    wait_for()
    assert cross(cast) == []
    draft = WarningDraft.objects.get()
    assert (draft.state, draft.division_id, draft.colour) == ("waiting", COUNTY, Colour.ORANGE)
    assert not open_warnings()
    officers = {cast.people["county officer"], cast.people["county second"]}
    assert set(notes()) == officers
    (uuid,) = issue(cast, draft)
    assert {w.villages for w in open_warnings()} == {(SLOPE, BANK, ALONE)}
    row = HazardWarning.objects.get(uuid=uuid)
    assert (row.origin, row.expires_at) == (WarningOrigin.RULE, None)
    assert "upper rain" in row.text


def test_only_what_the_rule_names_waits(cast):
    wait_for(hazard=Hazard.GEOHAZARD)
    assert len(cross(cast)) == 1
    assert cross(cast, hazard=Hazard.GEOHAZARD) == []


def test_crossings_gather_in_one_draft(cast):
    wait_for()
    exceedance = crossed(cast)
    for _twice in range(2):
        issue_warnings([exceedance], by=BY, now=clock.now())
    cross(cast, gauge="lower rain")
    draft = WarningDraft.objects.get()
    assert len(draft.exceedances) == 2
    assert len(issue(cast, draft)) == 2


def test_a_worse_crossing_raises_the_draft_that_waits(cast):
    wait_for(Colour.ORANGE)
    wait_for(Colour.RED, roles=("duty_officer",))
    cross(cast)
    cross(cast, colour=Colour.RED, value=55.0)
    draft = WarningDraft.objects.get()
    assert draft.colour == Colour.RED
    assert JournalEntry.objects.filter(act="draft.raised").count() == 1
    issue(cast, draft)
    assert HazardWarning.objects.get().colour == Colour.RED


def test_a_milder_draft_over_more_villages_stays_beside_the_worse_one(cast):
    wait_for(Colour.ORANGE)
    wait_for(Colour.RED)
    cross(cast)
    StationCover.objects.create(
        station=cast.stations["lower rain"], division_id=BANK, hazard=Hazard.FLASH_FLOOD
    )
    cross(cast, gauge="lower rain", colour=Colour.RED, value=60.0)
    assert set(WarningDraft.objects.values_list("colour", flat=True)) == {3, 4}


def test_when_nobody_decides_the_duty_leader_and_the_commander_are_told_once(cast):
    duty(cast.people["upper leader"], DutyKind.DUTY_LEADER, at=COUNTY)
    wait_for(minutes=10)
    cross(cast)
    pass_time(9)
    told = {cast.people["upper leader"], cast.people["commander"]}
    assert not told & set(notes())
    pass_time(2)
    assert told <= set(notes())
    before = len(notes())
    assert sweep(clock.now()) == 0
    assert len(notes()) == before
    assert JournalEntry.objects.filter(act="draft.escalated").count() == 1


def test_the_sweep_finds_a_draft_whose_task_was_lost(cast):
    wait_for(minutes=10)
    cross(cast)
    WarningDraft.objects.update(decide_by=clock.now())
    assert sweep(clock.now()) == 1
    assert JournalEntry.objects.filter(act="drafts.repaired").count() == 1


def test_what_was_discarded_does_not_come_again(cast):
    wait_for()
    exceedance = crossed(cast)
    issue_warnings([exceedance], by=BY, now=clock.now())
    draft = WarningDraft.objects.get()
    discard_draft(str(draft.uuid), reason="false", by=actor(cast), now=clock.now())
    assert issue_warnings([exceedance], by=BY, now=clock.now()) == []
    assert WarningDraft.objects.count() == 1


def test_a_draft_whose_cause_is_over_is_dropped(cast):
    wait_for()
    exceedance = crossed(cast)
    issue_warnings([exceedance], by=BY, now=clock.now())
    cleared(exceedance)
    lift_warnings([exceedance], by=BY, now=clock.now())
    assert sweep(clock.now()) == 1
    assert WarningDraft.objects.get().state == DraftState.DISCARDED


def test_an_automatic_worse_warning_leaves_nothing_of_the_draft_to_issue(cast):
    wait_for(Colour.YELLOW)
    cross(cast, colour=Colour.YELLOW, value=25.0)
    assert len(cross(cast, colour=Colour.RED, value=60.0)) == 1
    assert sweep(clock.now()) == 1
    assert WarningDraft.objects.get().state == DraftState.DISCARDED


def test_the_rule_says_who_may_issue(cast):
    keep_issue_rule(rule(), by=actor(cast, "boss"), now=clock.now())
    found = issuing_in(COUNTY, hazard=Hazard.FLASH_FLOOD, colour=Colour.RED, now=clock.now())
    assert found.roles == frozenset({Role.COMMANDER})
    assert not found.is_automatic
    assert (found.decide_minutes, found.valid_hours, found.is_kept) == (5, 12, True)


def test_a_second_rule_of_the_day_takes_the_first_ones_place(cast):
    for minutes in (5, 8):
        keep_issue_rule(rule(decide_minutes=minutes), by=actor(cast, "boss"), now=clock.now())
    assert IssueRule.objects.get().decide_minutes == 8


@pytest.mark.parametrize(
    "changes",
    [{"roles": frozenset()}, {"decide_minutes": 0}, {"valid_hours": 10_000}, {"source": " "}],
)
def test_a_rule_that_cannot_be_is_refused(cast, changes):
    with pytest.raises(RuleRefused):
        keep_issue_rule(rule(**changes), by=actor(cast, "boss"), now=clock.now())


@pytest.mark.parametrize("who", ["duty", "upper", "reader"])
def test_who_may_not_keep_rules_is_refused(cast, who):
    with pytest.raises(NotYoursToKeep):
        keep_issue_rule(rule(), by=actor(cast, who), now=clock.now())


def test_the_page_shows_the_rules_and_keeps_one(cast, client, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    client.force_login(Account.objects.get(pk=account(cast, "duty").pk))
    text = client.get(reverse("issue_rules")).content.decode()
    assert "县防汛" not in text
    answer = client.post(
        reverse("issue_rules"),
        {
            "county": COUNTY,
            "colour": "4",
            "is_automatic": "0",
            "roles": ["commander"],
            "decide_minutes": "5",
            "valid_hours": "12",
            "source": "x",
        },
    )
    assert answer.status_code == 403
    assert not IssueRule.objects.exists()
    virtual_queue.forget_all()
