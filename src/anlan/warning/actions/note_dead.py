from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.actions._open_tests import still_open
from anlan.warning.core.outbox import NO_PROVIDER, NONE_TAKES_IT
from anlan.warning.data import TestCallState
from anlan.warning.models import TestCall

REASON_LENGTH = 80
NOT_THE_NUMBER = frozenset({NO_PROVIDER, NONE_TAKES_IT})


@transaction.atomic
def note_dead(test_call_ids: Iterable[int], *, reason: str, by: Actor, now: datetime) -> int:
    """Note that no channel reached these persons in their open test, and return how many are new.

    Whoever has answered, or whose test has ended, stays as they are; so does whoever was not
    reached because the county has no way out: that is no dead number.
    """
    if reason in NOT_THE_NUMBER:
        return 0
    calls = TestCall.objects.filter(pk__in=set(test_call_ids)).select_related("test")
    noted = [
        call
        for call in calls.order_by("pk")
        if still_open(call.pk, states=(TestCallState.WAITING,), now=now).update(
            state=TestCallState.DEAD, reason=reason[:REASON_LENGTH]
        )
    ]
    journal.record_all(
        (
            journal.Note(
                act="communication_test.unreachable",
                subject=f"communication_test:{call.test.uuid}",
                division_code=call.division_id,
                detail={"person": call.person_id, "reason": reason[:REASON_LENGTH]},
            )
            for call in noted
        ),
        by=by,
        now=now,
    )
    return len(noted)
