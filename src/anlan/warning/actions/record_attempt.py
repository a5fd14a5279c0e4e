from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.data import (
    AlreadyAnswered,
    AttemptReason,
    ChannelKind,
    DeliveryState,
    NotYourCall,
    Purpose,
    SummonsState,
)
from anlan.warning.models import Delivery, Summons

FIRST_TURN = 200  # turns below are rungs and questions what was done
_OPEN = (SummonsState.WAITING, SummonsState.UNANSWERED)


@transaction.atomic
def record_attempt(
    summons_uuid: str, *, person_id: int, reason: AttemptReason, by: Actor, now: datetime
) -> None:
    """Record that the duty officer dialled a person on the ladder and did not get through.

    Raises AlreadyAnswered when the call has been answered, NotYourCall for a person who stands on
    no rung of it. The ladder goes on as it would have.
    """
    summons = Summons.objects.select_related("warning").get(uuid=summons_uuid)
    if summons.state not in _OPEN:
        raise AlreadyAnswered(at=summons.answered_at)
    if person_id not in {int(step[1]) for step in summons.ladder}:
        raise NotYourCall
    before = Delivery.objects.filter(summons=summons, turn__gte=FIRST_TURN).count()
    Delivery.objects.create(
        division_id=summons.division_id,
        purpose=Purpose.CALL,
        summons=summons,
        person_id=person_id,
        duty=summons.duty,
        turn=FIRST_TURN + before,
        channel=ChannelKind.BY_HAND,
        state=DeliveryState.REFUSED,
        reason=reason.value,
        queued_at=now,
        not_before=now,
        sent_at=now,
    )
    journal.record(
        "summons.attempted",
        by=by,
        now=now,
        subject=f"summons:{summons_uuid}",
        division_code=summons.division_id,
        cause=f"warning:{summons.warning.uuid}",
        detail={"person": person_id, "reason": reason.value},
    )
