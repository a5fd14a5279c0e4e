from datetime import datetime

from anlan.kernel.actors import Actor
from anlan.warning.actions.answer import answer
from anlan.warning.data import AnswerKind, OpenCall


def acknowledge(
    summons_uuid: str, *, person_id: int, via: str, by: Actor, now: datetime
) -> OpenCall:
    """Record that a person on the ladder has the call and is acting; return the call.

    Raises NotYourCall for a person who has not been rung for it, AlreadyAnswered for a second
    answer; a call that ended unanswered can still be answered late.
    """
    return answer(
        summons_uuid, person_id=person_id, word=AnswerKind.RECEIVED, via=via, by=by, now=now
    )
