"""What became of letters, written down; what nobody took goes another way or is told upwards."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.actions._claiming import Letter, Waiting, as_waiting
from anlan.warning.actions.note_dead import note_dead
from anlan.warning.core.outbox import next_way, pause_after
from anlan.warning.data import DeliveryState, Purpose, Receipt, SummonsState
from anlan.warning.models import Delivery, Summons
from anlan.warning.queries.ways import Ways, ways_to
from anlan.warning.steps import deliver_what_waits, ring_people_of

_CONCLUDE: Final = """
UPDATE warning_delivery
SET state = %s, sent_at = %s, reason = %s, channel = %s, attempt = %s, not_before = %s,
    provider_id = %s, provider_reference = %s
WHERE id = %s AND letter = %s AND state = 'sending'
"""


@dataclass(frozen=True)
class Fate:
    """Where a message stands after it was handed over."""

    state: DeliveryState
    channel: str
    attempt: int
    not_before: datetime


def fate_of(row: Waiting, *, receipt: Receipt, ways: Sequence[str], now: datetime) -> Fate | None:
    """Return where a message stands, or None while it is not known whether it has left.

    What a channel refuses goes the next way; what nobody takes just now waits a while, and goes
    the next way at once where there is one.
    """
    if receipt.is_unknown:
        return None
    if receipt.is_accepted:
        return Fate(DeliveryState.ACCEPTED, row.channel, row.attempt, now)
    if receipt.may_retry:
        other = next_way(ways, after=row.channel, passed=0)
        first_round = row.tries < len(ways)
        wait = now if other and first_round else now + pause_after(row.tries + 1)
        return Fate(DeliveryState.QUEUED, other or row.channel, row.attempt, wait)
    other = next_way(ways, after=row.channel, passed=row.attempt)
    if other is None:
        return Fate(DeliveryState.REFUSED, row.channel, row.attempt, now)
    return Fate(DeliveryState.QUEUED, other, row.attempt + 1, now)


def _ways_of(row: Waiting, *, ways: Ways) -> Sequence[str]:
    """Return by which channels a message may leave; a loudspeaker has one."""
    if row.purpose == Purpose.BROADCAST:
        return (row.channel,)
    return ways.of(row.person_id, division=row.division)


@transaction.atomic
def conclude(
    said: Iterable[tuple[Letter, Receipt]], *, ways: Ways, by: Actor, now: datetime
) -> None:
    """Write down what became of letters, and go on from there."""
    rows: list[tuple[Any, ...]] = []
    again: list[datetime] = []
    dead: list[tuple[Waiting, str]] = []
    at = connection.ops.adapt_datetimefield_value
    for letter, receipt in said:
        for row in letter.messages:
            open_ways = _ways_of(row, ways=ways)
            fate = fate_of(row, receipt=receipt, ways=open_ways, now=now)
            if fate is None:
                continue
            has_left = fate.state is DeliveryState.ACCEPTED
            rows.append(
                (
                    fate.state.value,
                    at(now) if has_left else None,
                    receipt.reason,
                    fate.channel,
                    fate.attempt,
                    at(fate.not_before),
                    receipt.provider_id,
                    receipt.reference,
                    row.pk,
                    letter.name,
                )
            )
            if fate.state is DeliveryState.QUEUED:
                again.append(fate.not_before)
            elif fate.state is DeliveryState.REFUSED:
                dead.append((row, receipt.reason))
    with connection.cursor() as cursor:
        cursor.executemany(_CONCLUDE, rows)
    for moment in sorted(set(again)):
        deliver_what_waits(at=moment)
    _tell_dead(dead, by=by, now=now)


def send_another_way(keys: Sequence[int], *, reason: str, by: Actor, now: datetime) -> None:
    """Let messages go the next way that were taken and did not reach the phone."""
    rows = as_waiting(Delivery.objects.filter(pk__in=keys))
    ways = ways_to(
        {row.person_id for row in rows if row.person_id is not None},
        divisions={row.division for row in rows},
    )
    dead = []
    for row in rows:
        open_ways = _ways_of(row, ways=ways)
        other = next_way(open_ways, after=row.channel, passed=row.attempt)
        one = Delivery.objects.filter(pk=row.pk)
        if other is None:
            one.update(state=DeliveryState.REFUSED, receipt_at=now, reason=reason)
            dead.append((row, reason))
        else:
            one.update(
                state=DeliveryState.QUEUED,
                channel=other,
                attempt=row.attempt + 1,
                not_before=now,
                receipt_at=now,
                reason=reason,
            )
    if len(dead) < len(rows):
        deliver_what_waits()
    _tell_dead(dead, by=by, now=now)


def _tell_dead(dead: Sequence[tuple[Waiting, str]], *, by: Actor, now: datetime) -> None:
    """Write down which steps could not run and why; a call goes up its ladder without waiting."""
    if not dead:
        return
    journal.record_all(
        (
            journal.Note(
                act="delivery.failed",
                subject=f"summons:{row.summons_uuid}" if row.summons_id else row.reference,
                division_code=row.division,
                cause=f"warning:{row.warning_uuid}" if row.warning_uuid else "",
                detail={"person": row.person_id, "channel": row.channel, "reason": reason},
            )
            for row, reason in dead
        ),
        by=by,
        now=now,
    )
    climbing: set[str] = set()
    for row, _reason in dead:
        if row.purpose == Purpose.CALL and _let_climb(row, now=now):
            climbing.add(str(row.warning_uuid))
    for uuid in sorted(climbing):
        ring_people_of(uuid)
    tests: dict[str, list[int]] = defaultdict(list)
    for row, reason in dead:
        if row.test_call_id is not None:
            tests[reason].append(row.test_call_id)
    for reason, calls in tests.items():
        note_dead(calls, reason=reason, by=by, now=now)


def _let_climb(row: Waiting, *, now: datetime) -> bool:
    """Let the time of a rung run out now, and tell whether the call still stood on it."""
    standing = Summons.objects.filter(
        pk=row.summons_id, state=SummonsState.WAITING, rung=row.turn, due_at__gt=now
    )
    return standing.update(due_at=now) == 1
