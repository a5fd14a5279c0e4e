from datetime import datetime

from anlan.kernel.actors import Actor
from anlan.warning.actions.answer import answer
from anlan.warning.data import AnswerKind, OpenCall


def report_done(
    summons_uuid: str,
    *,
    person_id: int,
    notified: int | None = None,
    moved: int | None = None,
    via: str,
    by: Actor,
    now: datetime,
) -> OpenCall:
    """Record what a person on the ladder has done in their village; return the call.

    Raises as `answer` does; AlreadyAnswered once a call was replaced by a worse one.
    """
    return answer(
        summons_uuid,
        person_id=person_id,
        word=AnswerKind.DONE,
        notified=notified,
        moved=moved,
        via=via,
        by=by,
        now=now,
    )
