from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.data import AlreadyAnswered, NotYourCall, SummonsState
from anlan.warning.facts import warning_answered
from anlan.warning.models import Summons


@transaction.atomic
def acknowledge(summons_uuid: str, *, person_id: int, via: str, by: Actor, now: datetime) -> None:
    """Record that a person on the ladder has received the call and is acting.

    An answer by the person called closes the call as acknowledged, one by somebody above as taken
    over. Raises NotYourCall for a person who has not been rung for it, AlreadyAnswered for a
    second answer; a call that ended unanswered can still be answered late.
    """
    summons = Summons.objects.select_related("warning").get(uuid=summons_uuid)
    rung_so_far = {int(row[1]) for row in summons.ladder[: summons.rung + 1]}
    if person_id not in rung_so_far:
        raise NotYourCall
    state = SummonsState.ACKNOWLEDGED if person_id == summons.person_id else SummonsState.TAKEN_OVER
    closed = Summons.objects.filter(
        pk=summons.pk, state__in=(SummonsState.WAITING, SummonsState.UNANSWERED)
    ).update(state=state, answered_at=now, answered_by_id=person_id, answered_via=via, due_at=None)
    if closed != 1:
        raise AlreadyAnswered(at=summons.answered_at)
    journal.record(
        "summons.answered",
        by=by,
        now=now,
        subject=f"summons:{summons.uuid}",
        division_code=summons.division_id,
        cause=f"warning:{summons.warning.uuid}",
        detail={"state": state.value, "person": person_id, "via": via, "rung": summons.rung},
    )
    warning_answered.send(sender=None, summons_uuid=str(summons.uuid))
