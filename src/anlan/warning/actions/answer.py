from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.data import Colour, Hazard
from anlan.warning.core.answers import MOST_PEOPLE, Standing, standing_after
from anlan.warning.data import (
    AlreadyAnswered,
    AnswerKind,
    CallReplaced,
    NotYourCall,
    OpenCall,
    SummonsState,
)
from anlan.warning.facts import help_asked, warning_answered
from anlan.warning.models import Answer, Summons
from anlan.warning.refusals import AnswerRefused
from anlan.warning.steps import ring_people_of

LONGEST_REMARK = 200
_OPEN = (SummonsState.WAITING, SummonsState.UNANSWERED)
_ANSWERED = (SummonsState.ACKNOWLEDGED, SummonsState.TAKEN_OVER)


@dataclass(frozen=True)
class _Call:
    """A summons as it was when the answer came."""

    row: dict[str, Any]
    uuid: str
    is_own: bool

    @property
    def state(self) -> SummonsState:
        return SummonsState(self.row["state"])

    @property
    def is_first(self) -> bool:
        return self.state in _OPEN


@transaction.atomic
def answer(
    summons_uuid: str,
    *,
    person_id: int,
    word: AnswerKind,
    notified: int | None = None,
    moved: int | None = None,
    remark: str = "",
    via: str,
    by: Actor,
    now: datetime,
) -> OpenCall:
    """Record what a person on the ladder says of their village; return the call.

    The first answer closes the call, as acknowledged or as taken over by somebody above; a later
    one tells what was done. Whoever cannot reach the place sends the call up at once, whoever
    needs help makes it known. Raises NotYourCall for a person who has not been rung for it,
    AlreadyAnswered where an answer adds nothing, AnswerRefused for counts that cannot be.
    """
    _check(notified=notified, moved=moved)
    call = _call(summons_uuid, person_id=person_id)
    after = standing_after(
        word, is_own=call.is_own, report_minutes=call.row["report_minutes"], now=now
    )
    told = {"notified": notified, "moved": moved}
    if after.climbs:
        _check_not_said(call, person_id=person_id)
    if call.is_first:
        _settle(call, after, word=word, told=told, person_id=person_id, via=via, now=now)
    else:
        _add(call, after, word=word, told=told, now=now)
    Answer.objects.create(
        summons_id=call.row["pk"],
        person_id=person_id,
        word=word,
        remark=remark.strip()[:LONGEST_REMARK],
        via=via,
        at=now,
        **told,
    )
    detail = {
        "state": after.state.value,
        "word": word.value,
        "person": person_id,
        "via": via,
        "rung": call.row["rung"],
    }
    journal.record(
        "summons.reported" if after.is_reported and not call.is_first else "summons.answered",
        by=by,
        now=now,
        subject=f"summons:{summons_uuid}",
        division_code=call.row["division_id"],
        cause=f"warning:{call.row['warning__uuid']}",
        detail=detail | {name: count for name, count in told.items() if count is not None},
    )
    _go_on(call, after, word=word, now=now)
    return _as_open_call(call, state=after.state, answered_by=person_id)


def _check(**counts: int | None) -> None:
    for name, count in counts.items():
        if count is not None and not 0 <= count <= MOST_PEOPLE:
            raise AnswerRefused(name, count)


def _call(summons_uuid: str, *, person_id: int) -> _Call:
    row = Summons.objects.values(
        "pk",
        "division_id",
        "person_id",
        "duty",
        "ladder",
        "rung",
        "state",
        "answered_at",
        "reported_at",
        "report_minutes",
        "warning__uuid",
        "warning__hazard",
        "warning__colour",
    ).get(uuid=summons_uuid)
    if person_id not in {int(step[1]) for step in row["ladder"][: row["rung"] + 1]}:
        raise NotYourCall
    call = _Call(row=row, uuid=summons_uuid, is_own=person_id == row["person_id"])
    if call.state == SummonsState.REPLACED:
        raise CallReplaced
    return call


def _check_not_said(call: _Call, *, person_id: int) -> None:
    """Raise AlreadyAnswered where this person has sent the call up before."""
    said = Answer.objects.filter(
        summons=call.row["pk"], person=person_id, word=AnswerKind.CANNOT_REACH
    ).values_list("at", flat=True)
    for at in said:
        raise AlreadyAnswered(at=at)


def _settle(
    call: _Call,
    after: Standing,
    *,
    word: AnswerKind,
    told: dict[str, int | None],
    person_id: int,
    via: str,
    now: datetime,
) -> None:
    """Write the first answer; of two at the same moment one finds the call closed."""
    mine = Summons.objects.filter(pk=call.row["pk"], state__in=_OPEN)
    if after.climbs:
        # On the last rung there is nobody left: the ladder ends and somebody is sent.
        changed = mine.filter(rung=call.row["rung"]).update(
            word=word, state=SummonsState.WAITING, due_at=now
        )
    else:
        changed = mine.update(
            state=after.state,
            word=word,
            answered_at=now,
            answered_by_id=person_id,
            answered_via=via,
            due_at=None,
            report_due_at=after.report_due_at,
            reported_at=now if after.is_reported else None,
            **told,
        )
    if changed != 1:
        raise AlreadyAnswered(
            at=Summons.objects.values_list("answered_at").get(pk=call.row["pk"])[0]
        )


def _add(
    call: _Call,
    after: Standing,
    *,
    word: AnswerKind,
    told: dict[str, int | None],
    now: datetime,
) -> None:
    """Write a later answer: what was done, or that something has changed."""
    if word is AnswerKind.RECEIVED or (call.row["reported_at"] is not None and after.climbs):
        raise AlreadyAnswered(at=call.row["answered_at"])
    fresh: dict[str, Any] = {"word": word}
    if after.is_reported:
        fresh |= {"reported_at": now, "report_due_at": None}
    fresh |= {name: count for name, count in told.items() if count is not None}
    changed = Summons.objects.filter(pk=call.row["pk"], state__in=_ANSWERED)
    if after.climbs:
        # Whoever had taken it on cannot get there: the call is open again, one rung higher.
        fresh |= {
            "state": SummonsState.WAITING,
            "due_at": now,
            "report_due_at": None,
            "answered_at": None,
            "answered_by_id": None,
            "answered_via": "",
        }
    if changed.update(**fresh) != 1:
        raise AlreadyAnswered(at=call.row["answered_at"])


def _go_on(call: _Call, after: Standing, *, word: AnswerKind, now: datetime) -> None:
    warning = str(call.row["warning__uuid"])
    if after.climbs:
        ring_people_of(warning)
        return
    if after.report_due_at is not None and call.is_first:
        ring_people_of(warning, at=after.report_due_at)
    if call.is_first:
        warning_answered.send(sender=None, summons_uuid=call.uuid)
    if word is AnswerKind.NEED_HELP:
        help_asked.send(sender=None, summons_uuid=call.uuid)


def _as_open_call(call: _Call, *, state: SummonsState, answered_by: int) -> OpenCall:
    row = call.row
    return OpenCall(
        id=row["pk"],
        uuid=call.uuid,
        warning_uuid=str(row["warning__uuid"]),
        hazard=Hazard(row["warning__hazard"]),
        colour=Colour(row["warning__colour"]),
        village=row["division_id"],
        person_id=row["person_id"],
        duty=row["duty"],
        rung=row["rung"],
        state=state,
        answered_by_id=answered_by if state in _ANSWERED else None,
    )
