"""Drafts from an upper level's message, and what a communication test says of the people called."""

from datetime import timedelta

from django.urls import reverse

from anlan.kernel import clock
from anlan.registry.data import Colour
from anlan.registry.models import Account
from anlan.warning import data
from anlan.warning.data import UpperState, WarningOrigin
from anlan.warning.models import (
    CommunicationTest,
    HazardWarning,
    TestCall,
    UpperWarning,
    WarningDraft,
)
from tests.cast import ALONE, COUNTY
from tests.gateway.cap_specimens import message
from tests.rooms.warning.test_drafts import actor, draft_of, issue, preview
from tests.upper_levels import add_source, receive


def test_an_upper_warning_fills_the_form_in_and_stays_named(cast, client):
    uuid = receive(message(), add_source()).uuid
    upper = UpperWarning.objects.get(uuid=uuid)
    client.force_login(Account.objects.get(pk=actor(cast).account_id or 0))
    assert f"?upper={uuid}" in client.get(reverse("upper_warning", args=[uuid])).content.decode()
    form = client.get(reverse("new_warning"), {"upper": uuid})
    typed = form.context["typed"]
    assert typed["colour"] == str(int(upper.colour))
    answer = client.post(
        reverse("new_warning"),
        {
            "home": COUNTY,
            "upper": uuid,
            "hazard": typed["hazard"] or "rainstorm",
            "colour": typed["colour"],
            "areas": typed["ticked"] or [COUNTY],
            "expiry": typed["expiry"],
        },
    )
    draft = WarningDraft.objects.get()
    assert answer.url == reverse("warning_draft", args=[draft.uuid])
    assert (draft.origin, draft.upper_id) == (WarningOrigin.UPPER, upper.pk)
    assert draft.event_code == upper.event_code
    WarningDraft.objects.update(colour=Colour.BLUE)
    issue(cast, draft)
    assert set(HazardWarning.objects.values_list("upper_id", flat=True)) == {upper.pk}


def test_one_that_is_over_fills_nothing_in(cast, client):
    uuid = receive(message(), add_source()).uuid
    UpperWarning.objects.update(state=UpperState.EXPIRED, ended_at=clock.now())
    client.force_login(Account.objects.get(pk=actor(cast).account_id or 0))
    assert client.get(reverse("new_warning"), {"upper": uuid}).status_code == 404
    assert client.get(reverse("new_warning"), {"upper": "nothing"}).status_code == 404


def test_a_number_that_the_last_test_found_dead_is_shown(cast):
    for days, state in ((9, data.TestCallState.DEAD), (2, data.TestCallState.ANSWERED)):
        row = CommunicationTest.objects.create(
            uuid=f"00000000-0000-4000-8000-00000000000{days}",
            division_id=COUNTY,
            started_at=clock.now() - timedelta(days=days),
            ends_at=clock.now(),
            ended_at=clock.now(),
        )
        person = cast.people["alone leader"]
        answered = clock.now() if state == data.TestCallState.ANSWERED else None
        TestCall.objects.create(
            test=row, division_id=ALONE, person_id=person, state=state, answered_at=answered
        )
    draft = draft_of(cast, areas=(ALONE,))
    assert preview(cast, draft).unreachable == ()
    TestCall.objects.update(state=data.TestCallState.DEAD)
    assert [each.why.value for each in preview(cast, draft).unreachable] == ["dead"]
