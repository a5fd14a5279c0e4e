"""A warning in force is never edited: it is followed by another one, cancelled, or it runs out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.registry.data import Colour, Role
from anlan.registry.models import Account
from anlan.warning import facts
from anlan.warning.actions.cancel_warnings import cancel_warnings
from anlan.warning.actions.expire_warnings import expire_warnings
from anlan.warning.actions.keep_draft import keep_draft
from anlan.warning.api import acknowledge, issue_warnings, lift_warnings, open_warnings
from anlan.warning.data import Purpose, SummonsState, WarningState
from anlan.warning.models import Delivery, HazardWarning, Summons, WarningArea, WarningDraft
from anlan.warning.queries.changing import as_typed
from anlan.warning.queries.drafts import access_draft
from anlan.warning.refusals import NotYoursToIssue, ReasonMissing, WarningEnded
from anlan.warning.tasks.deciding import sweep
from anlan.warning.tasks.issuing import sweep as issuing_sweep
from tests.cast import ALONE, BANK, COUNTY, FORD, SLOPE, UPPER, cleared, crossed
from tests.evening import ACCOUNTS
from tests.rooms.warning.test_drafts import actor, draft_of, issue
from tests.weather import pass_time

BY = the_program("test")
ACCOUNTS.setdefault("boss", (Role.COMMANDER, COUNTY, "commander"))


@pytest.fixture
def lifted():
    """Collect what is announced as lifted."""
    found = []

    def hear(sender, *, warning_uuids, **_more):
        found.extend(warning_uuids)

    facts.warnings_lifted.connect(hear)
    yield found
    facts.warnings_lifted.disconnect(hear)


def issued(cast, **changes):
    (uuid,) = issue(cast, draft_of(cast, **changes))
    return HazardWarning.objects.get(uuid=uuid)


def change(cast, warning, *, by="duty", **changes):
    typed = as_typed(warning, by=actor(cast, by), now=clock.now())
    assert typed is not None
    key = keep_draft(replace(typed, **changes), by=actor(cast, by), now=clock.now())
    return issue(cast, access_draft(key), by=by)


def answer(cast, warning, person):
    call = Summons.objects.get(warning=warning, person_id=cast.people[person])
    acknowledge(str(call.uuid), person_id=cast.people[person], via="test", by=BY, now=clock.now())


def notes(reference):
    rows = Delivery.objects.filter(purpose=Purpose.NOTE, reference_code=reference)
    return set(rows.values_list("person_id", flat=True))


def test_an_update_follows_and_changes_nothing_of_what_was_issued(cast):
    old = issued(cast)
    before = HazardWarning.objects.filter(pk=old.pk).values().get()
    pass_time(0)
    (uuid,) = change(cast, old, text="new words")
    new = HazardWarning.objects.get(uuid=uuid)
    after = HazardWarning.objects.filter(pk=old.pk).values().get()
    assert (new.text, new.colour, new.follows_id) == ("new words", old.colour, old.pk)
    assert new.family != old.family
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"state", "ended_at"}
    assert after["state"] == WarningState.REPLACED


def test_who_has_answered_is_told_of_an_update_and_not_called_again(cast):
    old = issued(cast)
    answer(cast, old, "slope leader")
    (uuid,) = change(cast, old, text="new words")
    again = set(Summons.objects.filter(warning__uuid=uuid).values_list("person_id", flat=True))
    assert cast.people["slope leader"] not in again
    assert cast.people["bank leader"] in again
    assert notes(f"warning:{uuid}") == {cast.people["slope leader"]}


def test_a_lower_colour_follows_and_a_higher_one_calls_again(cast):
    old = issued(cast)
    answer(cast, old, "slope leader")
    (uuid,) = change(cast, old, colour=Colour.YELLOW)
    lower = HazardWarning.objects.get(uuid=uuid)
    assert not Summons.objects.filter(warning=lower, person_id=cast.people["slope leader"]).exists()
    (uuid,) = change(cast, lower, colour=Colour.ORANGE)
    assert Summons.objects.filter(
        warning__uuid=uuid, person_id=cast.people["slope leader"], state=SummonsState.WAITING
    ).exists()
    assert {w.colour for w in open_warnings()} == {Colour.ORANGE}


def test_an_update_takes_villages_in_and_lets_others_go(cast, lifted):
    old = issued(cast)
    uuids = change(cast, old, areas=(SLOPE, FORD))
    assert len(uuids) == 2
    under = WarningArea.objects.filter(released_at__isnull=True)
    assert set(under.values_list("division_id", flat=True)) == {SLOPE, FORD}
    assert lifted == [str(old.uuid)]
    assert cast.people["bank leader"] in notes("over")
    assert HazardWarning.objects.get(pk=old.pk).state == WarningState.REPLACED


def test_a_change_of_what_has_ended_issues_nothing(cast):
    old = issued(cast)
    typed = as_typed(old, by=actor(cast), now=clock.now())
    assert typed is not None
    key = keep_draft(typed, by=actor(cast), now=clock.now())
    cancel_warnings([str(old.uuid)], reason="over", by=actor(cast), now=clock.now())
    with pytest.raises(WarningEnded):
        issue(cast, access_draft(key))


def test_a_cancelled_warning_tells_everybody_called_and_why(cast, lifted):
    old = issued(cast)
    assert cancel_warnings([str(old.uuid)], reason="误报", by=actor(cast), now=clock.now()) == [
        str(old.uuid)
    ]
    called = set(Summons.objects.filter(warning=old).values_list("person_id", flat=True))
    assert notes("over") == called
    assert "误报" in Delivery.objects.filter(reference_code="over").earliest("pk").text
    assert HazardWarning.objects.get(pk=old.pk).state == WarningState.LIFTED
    assert lifted == [str(old.uuid)]
    assert "误报" in JournalEntry.objects.get(act="warning.lifted").detail
    with pytest.raises(WarningEnded):
        cancel_warnings([str(old.uuid)], reason="误报", by=actor(cast), now=clock.now())


def test_a_cancellation_needs_a_reason_and_the_right(cast):
    red = issue(cast, draft_of(cast, by="boss", colour=Colour.RED), by="boss")
    with pytest.raises(ReasonMissing):
        cancel_warnings(red, reason=" ", by=actor(cast, "boss"), now=clock.now())
    with pytest.raises(NotYoursToIssue):
        cancel_warnings(red, reason="x", by=actor(cast), now=clock.now())
    assert HazardWarning.objects.get().state == WarningState.OPEN


def test_what_was_cancelled_is_not_issued_again_while_its_exceedance_stands(cast):
    uuids = issue_warnings([crossed(cast)], by=BY, now=clock.now())
    cancel_warnings(uuids, reason="gauge broken", by=actor(cast), now=clock.now())
    pass_time(30)
    issuing_sweep(clock.now())
    assert not open_warnings()
    assert len(issue_warnings([crossed(cast, colour=Colour.RED)], by=BY, now=clock.now())) == 1


def test_a_warning_runs_out_at_its_time(cast, lifted):
    old = issued(cast)
    pass_time(6 * 60 - 1)
    assert HazardWarning.objects.get().state == WarningState.OPEN
    pass_time(2)
    row = HazardWarning.objects.get(pk=old.pk)
    assert (row.state, row.ended_at) == (WarningState.EXPIRED, row.expires_at)
    assert lifted == [str(old.uuid)]
    assert JournalEntry.objects.filter(act="warning.expired").count() == 1


def test_the_sweep_ends_what_no_task_ended(cast):
    issued(cast)
    HazardWarning.objects.update(
        issued_at=clock.now() - timedelta(hours=9),
        crossed_at=clock.now() - timedelta(hours=9),
        expires_at=clock.now() - timedelta(hours=1),
    )
    assert sweep(clock.now()) == 1
    assert HazardWarning.objects.get().state == WarningState.EXPIRED


def test_a_standing_exceedance_holds_a_warning_up(cast):
    exceedance = crossed(cast)
    (uuid,) = issue_warnings([exceedance], by=BY, now=clock.now())
    old = HazardWarning.objects.get(uuid=uuid)
    later = clock.now() + timedelta(hours=1)
    change(cast, old, expires_at=later)
    assert expire_warnings(by=BY, now=later) == []
    lift_warnings(cleared(exceedance), by=BY, now=later)
    assert not open_warnings()


def test_a_town_changes_its_own_and_leaves_the_rest(cast):
    issue(cast, draft_of(cast, areas=(COUNTY,), colour=Colour.YELLOW))
    own = HazardWarning.objects.get(division_id=UPPER)
    change(cast, own, by="upper", text="town words")
    assert {w.town_code: w.villages for w in open_warnings()}[UPPER] == (SLOPE, BANK, ALONE)
    assert len(open_warnings()) == 2
    assert HazardWarning.objects.filter(state=WarningState.REPLACED).count() == 1


def test_the_page_offers_the_change_and_the_cancellation(cast, client):
    old = issued(cast)
    client.force_login(Account.objects.get(pk=actor(cast).account_id or 0))
    text = client.get(reverse("warning", args=[old.uuid])).content.decode()
    assert reverse("change_warning", args=[old.uuid]) in text
    answer = client.post(reverse("change_warning", args=[old.uuid]))
    draft = WarningDraft.objects.get(state="waiting")
    assert answer.url == reverse("edit_warning_draft", args=[draft.uuid])
    assert client.get(answer.url).status_code == 200
    client.post(reverse("cancel_warning", args=[old.uuid]), {"reason": "误报", "whole": "1"})
    assert HazardWarning.objects.get().state == WarningState.LIFTED
    assert client.get(reverse("warning", args=[old.uuid])).status_code == 200
    assert client.get(reverse("warning_draft", args=[draft.uuid])).status_code == 200
