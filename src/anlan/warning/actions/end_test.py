from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.core.testing import Tally, tally
from anlan.warning.data import DeliveryState, TestCallState
from anlan.warning.models import CommunicationTest, Delivery, TestCall


@transaction.atomic
def end_test(test_uuid: str, *, by: Actor, now: datetime) -> Tally | None:
    """End a communication test and return what it found, or None when it had ended before.

    Whoever has not answered was silent; what has not left by now never does.
    """
    mine = CommunicationTest.objects.filter(uuid=test_uuid, ended_at__isnull=True)
    if mine.update(ended_at=now) != 1:
        return None
    test = CommunicationTest.objects.get(uuid=test_uuid)
    calls = TestCall.objects.filter(test=test)
    calls.filter(state=TestCallState.WAITING).update(state=TestCallState.SILENT)
    Delivery.objects.filter(
        test_call__in=calls.values("pk"), state=DeliveryState.QUEUED, stale_at__gt=now
    ).update(stale_at=now)
    found = tally(calls.values_list("state", flat=True))
    journal.record(
        "communication_test.ended",
        by=by,
        now=now,
        subject=f"communication_test:{test.uuid}",
        division_code=test.division_id,
        detail={
            "asked": found.asked,
            "answered": found.answered,
            "silent": found.silent,
            "dead": found.dead,
        },
    )
    return found
