from datetime import datetime

from django.db import transaction

from anlan.kernel import journal, scope
from anlan.kernel.actors import Actor
from anlan.registry.api import note_phone_reached
from anlan.warning.actions._open_tests import still_open
from anlan.warning.data import AlreadyAnswered, ChannelKind, DeliveryState, TestCallState
from anlan.warning.measuring import TestEnded
from anlan.warning.models import Delivery, TestCall

# An answer by one of these came from the phone itself.
BY_PHONE = frozenset({ChannelKind.SMS.value, ChannelKind.VOICE.value, "phone"})
LEFT = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED)


@transaction.atomic
def answer_test(test_call_id: int, *, via: str, by: Actor, now: datetime) -> None:
    """Record that a person answered a communication test, also one whose number was held dead.

    An answer that came by phone is noted in the register as a check of the number. Raises
    AlreadyAnswered for a second answer, TestEnded once the test is over, TestCall.DoesNotExist.
    """
    call = TestCall.objects.select_related("test").get(pk=test_call_id)
    answered = still_open(call.pk, states=(TestCallState.WAITING, TestCallState.DEAD), now=now)
    if not answered.update(
        state=TestCallState.ANSWERED, answered_at=now, answered_via=via, reason=""
    ):
        call.refresh_from_db(fields=["state", "answered_at"])
        if call.state == TestCallState.ANSWERED:
            raise AlreadyAnswered(at=call.answered_at)
        raise TestEnded
    cause = f"communication_test:{call.test.uuid}"
    journal.record(
        "communication_test.answered",
        by=by,
        now=now,
        subject=cause,
        division_code=call.division_id,
        detail={"person": call.person_id, "via": via},
    )
    if _reached_the_phone(call, via=via):
        with scope.everywhere("whoever answers for a village may be registered elsewhere"):
            note_phone_reached([call.person_id], cause=cause, by=by, now=now)


def _reached_the_phone(call: TestCall, *, via: str) -> bool:
    """Tell whether an answer proves the number: a link does if it went out as a text message."""
    if via != "link":
        return via in BY_PHONE
    sent = Delivery.objects.filter(test_call=call, channel=ChannelKind.SMS, state__in=LEFT)
    return sent.exists()
