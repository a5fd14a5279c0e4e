from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.bulk import insert_rows
from anlan.warning.actions._reasking import ask_what_was_done
from anlan.warning.core.ladder import DUTY_OF_RUNG, climb, from_rows
from anlan.warning.data import DeliveryState, Purpose, RungKind, SummonsState
from anlan.warning.facts import nobody_answered
from anlan.warning.models import Delivery, Summons
from anlan.warning.queries.ways import ways_to
from anlan.warning.steps import deliver_what_waits

Call = tuple[Summons, RungKind, int]
"""A summons with the rung to ring now and the person on it."""

VANGUARD = 200


@transaction.atomic
def ring_people(warning_uuid: str, *, by: Actor, now: datetime) -> datetime | None:
    """Ring whoever is due under a warning and return when to look again, or None when all is said.

    The first rung is rung at once; a call whose time has run out goes up by one rung, and at the
    top of its ladder it ends as unanswered. Ringing twice in the same moment rings nobody twice.
    A first ring that comes after its own limit still gives the person the whole time. Whoever has
    answered and not told what was done is asked again. Of very many the first leave before the
    others are rung: the next look is then at once.
    """
    waiting, are_more = _waiting(warning_uuid)
    asked_next = ask_what_was_done(warning_uuid, by=by, now=now)
    fresh = _never_rung(warning_uuid, waiting)
    _start_late(fresh, now=now)
    climbed, unanswered = _climb(waiting, now=now)
    _queue(warning_uuid, fresh + climbed, by=by, now=now)
    _give_up(warning_uuid, unanswered, by=by, now=now)
    if are_more:
        return now
    dues = [summons.due_at for summons in waiting if summons.due_at is not None]
    return min([*dues, *([asked_next] if asked_next else [])], default=None)


def _waiting(warning_uuid: str) -> tuple[list[Summons], bool]:
    """Return the calls that wait, and whether there are more than those: only a few at first."""
    rows = (
        Summons.objects.filter(warning__uuid=warning_uuid, state=SummonsState.WAITING)
        .only("uuid", "division_id", "person_id", "duty", "ladder", "rung", "due_at", "asked_at")
        .order_by("pk")
    )
    if _calls_of(warning_uuid).exists():
        return list(rows), False
    few = list(rows[: VANGUARD + 1])
    return few[:VANGUARD], len(few) > VANGUARD


def _calls_of(warning_uuid: str) -> "QuerySet[Delivery]":
    return Delivery.objects.filter(summons__warning__uuid=warning_uuid, purpose=Purpose.CALL)


def _never_rung(warning_uuid: str, waiting: Sequence[Summons]) -> list[Call]:
    if not waiting:
        return []
    rung = set(_calls_of(warning_uuid).values_list("summons_id", flat=True))
    return [(s, RungKind(s.ladder[0][0]), s.ladder[0][1]) for s in waiting if s.pk not in rung]


def _start_late(fresh: Iterable[Call], *, now: datetime) -> None:
    """Let the time of calls begin now that should have been rung so long ago that it is over."""
    for summons, _rung, _person in fresh:
        if summons.due_at is not None and summons.due_at <= now:
            summons.due_at = now + from_rows(summons.ladder)[0].wait
            Summons.objects.filter(pk=summons.pk, state=SummonsState.WAITING).update(
                due_at=summons.due_at
            )


def _climb(waiting: Iterable[Summons], *, now: datetime) -> tuple[list[Call], list[Summons]]:
    climbed: list[Call] = []
    unanswered: list[Summons] = []
    for summons in waiting:
        if summons.due_at is None or now < summons.due_at:
            continue
        step = climb(from_rows(summons.ladder), rung=summons.rung, due_at=summons.due_at, now=now)
        mine = Summons.objects.filter(pk=summons.pk, state=SummonsState.WAITING, rung=summons.rung)
        if step.step is None:
            if mine.update(state=SummonsState.UNANSWERED, due_at=None) == 1:
                unanswered.append(summons)
        elif mine.update(rung=step.rung, due_at=step.due_at) == 1:
            climbed.append((summons, step.step.kind, step.step.person_id))
        summons.rung, summons.due_at = step.rung, step.due_at
    return climbed, unanswered


def _queue(warning_uuid: str, calls: Sequence[Call], *, by: Actor, now: datetime) -> None:
    if not calls:
        return
    ways = ways_to(
        {person for _summons, _rung, person in calls},
        divisions={summons.division_id for summons, _rung, _person in calls},
    )
    rows = []
    for summons, rung, person in calls:
        channels = ways.of(person, division=summons.division_id)
        again = 1 if rung is RungKind.RETRY else 0
        rows.append(
            (
                summons.division_id,
                summons.pk,
                person,
                DUTY_OF_RUNG.get(rung, summons.duty),
                rung.value,
                summons.rung,
                channels[again % len(channels)],
            )
        )
    insert_rows(
        Delivery,
        rows,
        columns=("division_id", "summons_id", "person_id", "duty", "rung", "turn", "channel"),
        same={
            "purpose": Purpose.CALL.value,
            "state": DeliveryState.QUEUED.value,
            "queued_at": now,
            "not_before": now,
        },
    )
    deliver_what_waits()
    journal.record_all(
        (
            journal.Note(
                act="summons.escalated",
                subject=f"summons:{summons.uuid}",
                division_code=summons.division_id,
                cause=f"warning:{warning_uuid}",
                detail={"rung": rung.value, "person": person_id},
            )
            for summons, rung, person_id in calls
            if summons.rung > 0
        ),
        by=by,
        now=now,
    )


def _give_up(warning_uuid: str, unanswered: Sequence[Summons], *, by: Actor, now: datetime) -> None:
    if not unanswered:
        return
    journal.record_all(
        (
            journal.Note(
                act="summons.unanswered",
                subject=f"summons:{summons.uuid}",
                division_code=summons.division_id,
                cause=f"warning:{warning_uuid}",
            )
            for summons in unanswered
        ),
        by=by,
        now=now,
    )
    nobody_answered.send(sender=None, summons_uuids=[str(s.uuid) for s in unanswered])
