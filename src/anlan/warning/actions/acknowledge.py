from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.data import Colour, Hazard
from anlan.warning.data import AlreadyAnswered, CallReplaced, NotYourCall, OpenCall, SummonsState
from anlan.warning.facts import warning_answered
from anlan.warning.models import Summons


@transaction.atomic
def acknowledge(
    summons_uuid: str, *, person_id: int, via: str, by: Actor, now: datetime
) -> OpenCall:
    """Record that a person on the ladder has the call and is acting; return the call.

    An answer by the person called closes the call as acknowledged, one by somebody above as taken
    over. Raises NotYourCall for a person who has not been rung for it, AlreadyAnswered for a
    second answer; a call that ended unanswered can still be answered late.
    """
    summons = Summons.objects.values(
        "pk",
        "division_id",
        "person_id",
        "duty",
        "ladder",
        "rung",
        "state",
        "answered_at",
        "warning__uuid",
        "warning__hazard",
        "warning__colour",
    ).get(uuid=summons_uuid)
    rung_so_far = {int(row[1]) for row in summons["ladder"][: summons["rung"] + 1]}
    if person_id not in rung_so_far:
        raise NotYourCall
    is_own = person_id == summons["person_id"]
    state = SummonsState.ACKNOWLEDGED if is_own else SummonsState.TAKEN_OVER
    closed = Summons.objects.filter(
        pk=summons["pk"], state__in=(SummonsState.WAITING, SummonsState.UNANSWERED)
    ).update(state=state, answered_at=now, answered_by_id=person_id, answered_via=via, due_at=None)
    if closed != 1 and summons["state"] == SummonsState.REPLACED:
        raise CallReplaced
    if closed != 1:
        raise AlreadyAnswered(at=summons["answered_at"])
    journal.record(
        "summons.answered",
        by=by,
        now=now,
        subject=f"summons:{summons_uuid}",
        division_code=summons["division_id"],
        cause=f"warning:{summons['warning__uuid']}",
        detail={"state": state.value, "person": person_id, "via": via, "rung": summons["rung"]},
    )
    warning_answered.send(sender=None, summons_uuid=summons_uuid)
    return OpenCall(
        id=summons["pk"],
        uuid=summons_uuid,
        warning_uuid=str(summons["warning__uuid"]),
        hazard=Hazard(summons["warning__hazard"]),
        colour=Colour(summons["warning__colour"]),
        village=summons["division_id"],
        person_id=summons["person_id"],
        duty=summons["duty"],
        rung=summons["rung"],
        state=state,
        answered_by_id=person_id,
    )
