"""A person drafts a warning, sees who would be called, and issues it; pressed twice it is one."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from anlan.kernel import clock
from anlan.kernel.actors import Actor
from anlan.kernel.models import JournalEntry
from anlan.registry.api import actor_for, answerable_people
from anlan.registry.data import Colour, DutyKind, Hazard
from anlan.registry.models import Account, Duty, Household, Person, Place
from anlan.warning.actions.discard_draft import discard_draft
from anlan.warning.actions.issue_draft import issue_draft
from anlan.warning.actions.keep_draft import keep_draft
from anlan.warning.api import issue_warnings, open_warnings, warnings_by_uuid
from anlan.warning.core.typed import TypedWarning
from anlan.warning.data import DraftState, Purpose, WarningOrigin
from anlan.warning.models import Delivery, HazardWarning, Summons, WarningDraft
from anlan.warning.queries.drafts import access_draft, resolved
from anlan.warning.queries.previews import preview_of
from anlan.warning.refusals import (
    AlreadyDecided,
    DraftChanged,
    DraftRefused,
    NothingToWarn,
    NotYoursToDraft,
    NotYoursToIssue,
)
from tests.cast import ALONE, BANK, COUNTY, EMPTY, FORD, LOWER, SLOPE, UPPER, crossed
from tests.evening import account, draw_outlines


def actor(cast, name="duty") -> Actor:
    found = Account.objects.filter(username=name).first() or account(cast, name)
    return actor_for(found.pk)


def typed(**changes) -> TypedWarning:
    values = {
        "home": COUNTY,
        "hazard": Hazard.FLASH_FLOOD,
        "colour": Colour.ORANGE,
        "areas": (SLOPE, BANK),
        "expires_at": clock.now() + timedelta(hours=6),
    }
    return TypedWarning(**{**values, **changes})


def draft_of(cast, *, by="duty", **changes) -> WarningDraft:
    key = keep_draft(typed(**changes), by=actor(cast, by), now=clock.now())
    return access_draft(key)


def issue(cast, draft, *, by="duty", version=None):
    version = draft.version if version is None else version
    return issue_draft(str(draft.uuid), version=version, by=actor(cast, by), now=clock.now())


def preview(cast, draft, *, by="duty"):
    now = clock.now()
    return preview_of(draft, resolved(draft, now=now), by=actor(cast, by), now=now)


def test_a_draft_calls_nobody_and_its_issue_calls_everybody_answerable(cast):
    draft = draft_of(cast)
    assert draft.division_id == UPPER
    assert not Summons.objects.exists()
    (uuid,) = issue(cast, draft)
    (warning,) = warnings_by_uuid([uuid])
    assert (warning.villages, warning.colour) == ((SLOPE, BANK), Colour.ORANGE)
    people = answerable_people((SLOPE, BANK), hazard=Hazard.FLASH_FLOOD, at=clock.now())
    called = set(Summons.objects.values_list("division_id", "person_id"))
    assert called == {(p.division_code, p.person_id) for p in people}
    row = HazardWarning.objects.get()
    assert row.origin == WarningOrigin.PERSON
    assert row.expires_at == clock.now() + timedelta(hours=6)
    assert row.event_code == "11A51"
    entry = JournalEntry.objects.get(act="warning.issued")
    assert entry.cause == f"draft:{draft.uuid}"
    assert entry.account_id == actor(cast).account_id


def test_what_the_preview_counts_is_what_is_called(cast):
    draft = draft_of(cast, areas=(COUNTY,))
    seen = preview(cast, draft)
    assert seen.villages == 5
    uuids = issue(cast, draft)
    assert len(uuids) == 2
    assert seen.persons == len(set(Summons.objects.values_list("person_id", flat=True)))
    assert len(set(HazardWarning.objects.values_list("family", flat=True))) == 1


def test_a_village_with_nobody_answerable_is_called_one_level_up_and_it_is_said(cast):
    draft = draft_of(cast, areas=(EMPTY,))
    assert preview(cast, draft).from_above == ("空心村",)
    issue(cast, draft)
    call = Summons.objects.get()
    assert (call.division_id, call.person_id) == (EMPTY, cast.people["lower leader"])
    assert "空心村" in HazardWarning.objects.get().text.splitlines()[-1]
    detail = json.loads(JournalEntry.objects.get(act="warning.issued").detail)
    assert detail["called_above_for"] == [EMPTY]


def test_who_cannot_be_reached_is_shown_with_the_reason(cast):
    Person.objects.filter(pk=cast.people["alone leader"]).update(phone="")
    Person.objects.filter(pk=cast.people["slope leader"]).update(left_on=clock.now().date())
    seen = preview(cast, draft_of(cast, areas=(SLOPE, ALONE)))
    assert {(each.name, each.why.value) for each in seen.unreachable} == {
        ("alone leader", "no_phone"),
        ("slope leader", "left"),
    }


def test_without_another_channel_whoever_has_no_account_is_unreachable(cast, settings):
    settings.ANLAN_CHANNELS = {"inbox": "anlan.warning.gateways.inbox.channel.Inbox"}
    account(cast, "bank")
    seen = preview(cast, draft_of(cast, areas=(BANK,)))
    assert [(e.name, e.why.value) for e in seen.unreachable] == [("bank informant", "no_account")]


def test_two_presses_issue_once(cast):
    draft = draft_of(cast)
    issue(cast, draft)
    with pytest.raises(AlreadyDecided):
        issue(cast, draft)
    assert HazardWarning.objects.count() == 1


def test_a_draft_that_was_changed_meanwhile_is_looked_at_again(cast):
    draft = draft_of(cast)
    keep_draft(
        typed(areas=(SLOPE,)),
        draft_uuid=str(draft.uuid),
        version=draft.version,
        by=actor(cast),
        now=clock.now(),
    )
    with pytest.raises(DraftChanged):
        issue(cast, draft)
    assert not HazardWarning.objects.exists()


@pytest.mark.parametrize(
    ("colour", "who", "may"),
    [
        (Colour.YELLOW, "upper", True),
        (Colour.ORANGE, "upper", False),
        (Colour.ORANGE, "duty", True),
        (Colour.RED, "duty", False),
    ],
)
def test_the_colour_decides_who_issues(cast, colour, who, may):
    home = UPPER if who == "upper" else COUNTY
    draft = draft_of(cast, by=who, home=home, colour=colour)
    assert preview(cast, draft, by=who).may_issue is may
    if may:
        assert issue(cast, draft, by=who)
    else:
        with pytest.raises(NotYoursToIssue):
            issue(cast, draft, by=who)
        assert not HazardWarning.objects.exists()


def test_what_its_writer_may_not_issue_is_brought_before_those_who_may(cast):
    orange = draft_of(cast, by="upper", home=UPPER)
    red = draft_of(cast, colour=Colour.RED)
    told = Delivery.objects.filter(purpose=Purpose.NOTE)
    officers = {cast.people["county officer"], cast.people["county second"]}
    assert {row.person_id for row in told.filter(reference_code=f"draft:{orange.uuid}")} == officers
    assert {row.person_id for row in told.filter(reference_code=f"draft:{red.uuid}")} == {
        cast.people["commander"]
    }
    draft_of(cast)
    assert told.count() == 3
    assert WarningDraft.objects.filter(decide_by__isnull=False).count() == 2


def test_a_town_issues_within_itself_in_its_own_name(cast):
    (uuid,) = issue(cast, draft_of(cast, by="upper", home=UPPER, colour=Colour.BLUE), by="upper")
    row = HazardWarning.objects.get(uuid=uuid)
    assert row.sender_name == "上河镇人民政府" or "上河镇" in row.sender_name
    county = {cast.people["county officer"], cast.people["county second"]}
    assert any(county & {step[1] for step in call.ladder} for call in Summons.objects.all())


def test_who_may_not_draft_is_refused(cast):
    with pytest.raises(NotYoursToDraft):
        draft_of(cast, by="reader")
    with pytest.raises(NotYoursToDraft):
        draft_of(cast, by="upper", areas=(FORD,))


def test_villages_under_the_same_or_a_worse_colour_are_left_out(cast):
    issue_warnings([crossed(cast, colour=Colour.RED)], by=Actor("test"), now=clock.now())
    draft = draft_of(cast, areas=(COUNTY,))
    seen = preview(cast, draft)
    assert {name for name, _colour in seen.skipped} == {"坡下村", "河边村", "独户村"}
    (uuid,) = issue(cast, draft)
    assert warnings_by_uuid([uuid])[0].villages == (FORD, EMPTY)
    with pytest.raises(NothingToWarn):
        issue(cast, draft_of(cast))


def test_a_place_brings_its_village_and_its_own_people(cast):
    school = Place.objects.get(pk=cast.places["school"])
    keeper = cast.people["county second"]
    Duty.objects.create(
        person_id=keeper,
        kind=DutyKind.SHELTER_KEEPER,
        division_id=SLOPE,
        place=school,
        valid_from="2020-01-01",
    )
    draft = draft_of(cast, areas=(), places=(str(school.uuid),))
    assert preview(cast, draft).places == ("school",)
    issue(cast, draft)
    assert Summons.objects.filter(person_id=keeper, division_id=SLOPE).exists()


def test_a_drawn_area_finds_its_villages_and_only_the_households_inside(cast):
    draw_outlines()
    Household.objects.filter(pk=cast.households["li"]).update(phone="13900000001")
    Household.objects.filter(pk=cast.households["zhou"]).update(phone="13900000002", lon=107.5)
    ring = [
        [107.028, 32.99],
        [107.043, 32.99],
        [107.043, 33.02],
        [107.028, 33.02],
        [107.028, 32.99],
    ]
    draft = draft_of(cast, areas=(), polygons=[ring])
    assert resolved(draft, now=clock.now()).villages == (SLOPE, BANK)
    assert preview(cast, draft).homes.count == 1
    issue(cast, draft)
    told = Delivery.objects.filter(purpose=Purpose.HOUSEHOLD)
    assert [row.household_id for row in told] == [cast.households["li"]]
    assert HazardWarning.objects.get().polygons == [ring]


def test_households_with_a_phone_are_told_from_orange_on(cast):
    Household.objects.filter(pk=cast.households["li"]).update(phone="13900000001")
    issue(cast, draft_of(cast, colour=Colour.YELLOW))
    assert not Delivery.objects.filter(purpose=Purpose.HOUSEHOLD).exists()
    issue(cast, draft_of(cast, colour=Colour.ORANGE))
    row = Delivery.objects.get(purpose=Purpose.HOUSEHOLD)
    assert (row.household_id, row.division_id) == (cast.households["li"], SLOPE)


def test_what_a_person_writes_is_text_and_nothing_else(cast):
    wild = "{station} {{ 7|add:1 }} <script>\u202e\x07{sender.__class__}"
    issue(cast, draft_of(cast, title=wild, text=wild))
    row = HazardWarning.objects.get()
    assert row.text == "{station} {{ 7|add:1 }} <script>{sender.__class__}"
    assert row.headline == row.text


@pytest.mark.parametrize(
    "changes",
    [
        {"areas": ()},
        {"expires_at": None, "onset_at": None, "areas": (), "polygons": [[[100.0, 30.0]] * 4]},
        {"title": "x" * 121},
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(cast, changes):
    with pytest.raises(DraftRefused) as refused:
        draft_of(cast, **changes)
    assert str(refused.value)


def test_an_end_before_now_is_refused(cast):
    with pytest.raises(DraftRefused):
        draft_of(cast, expires_at=clock.now())


def test_a_discarded_draft_is_over(cast):
    draft = draft_of(cast)
    discard_draft(str(draft.uuid), reason="no", by=actor(cast), now=clock.now())
    assert access_draft(str(draft.uuid)).state == DraftState.DISCARDED
    with pytest.raises(AlreadyDecided):
        issue(cast, draft)
    with pytest.raises(AlreadyDecided):
        discard_draft(str(draft.uuid), reason="no", by=actor(cast), now=clock.now())


def test_a_preview_costs_the_same_for_one_village_and_for_all(cast, django_assert_max_num_queries):
    draft = draft_of(cast, areas=(COUNTY,))
    actor(cast)
    with django_assert_max_num_queries(32):
        preview(cast, draft)


def test_the_pages_lead_from_the_form_to_the_warning(cast, client):
    client.force_login(Account.objects.get(pk=actor(cast).account_id or 0))
    assert client.get(reverse("warnings")).status_code == 200
    assert client.get(reverse("new_warning")).status_code == 200
    answer = client.post(
        reverse("new_warning"),
        {
            "home": COUNTY,
            "hazard": "flash_flood",
            "colour": "3",
            "areas": [LOWER],
            "divisions": "上河镇/坡下村",
            "places": "school（坡下村）",
            "drawn": json.dumps([]),
        },
    )
    draft = WarningDraft.objects.get()
    page = reverse("warning_draft", args=[draft.uuid])
    assert answer.url == page
    text = client.get(page).content.decode()
    assert "渡口村" in text
    assert "坡下村" in text
    change = client.get(reverse("edit_warning_draft", args=[draft.uuid]))
    assert "上河镇/坡下村" in change.content.decode()
    answer = client.post(
        reverse("issue_warning_draft", args=[draft.uuid]), {"version": draft.version}
    )
    assert answer.status_code == 302
    assert len(open_warnings()) == 2


def test_a_form_with_a_fault_says_what_to_change_and_keeps_what_was_typed(cast, client):
    client.force_login(Account.objects.get(pk=actor(cast).account_id or 0))
    answer = client.post(
        reverse("new_warning"),
        {"home": COUNTY, "hazard": "flash_flood", "colour": "3", "divisions": "天上村"},
    )
    assert answer.status_code == 200
    assert "天上村" in answer.content.decode()
    assert not WarningDraft.objects.exists()
