"""Messages taken from where they wait: each by one worker, and committed before it leaves."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import connection, transaction
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from anlan.warning.core.links import new_letter
from anlan.warning.core.outbox import QUIET, LastLetter, Queued, held_until, letters
from anlan.warning.data import DeliveryState, Purpose, SummonsState, WarningState
from anlan.warning.models import Delivery
from anlan.warning.steps import deliver_what_waits

MOST_AT_ONCE: Final = 1_000
_STILL_ASKED: Final = frozenset({SummonsState.WAITING.value, SummonsState.UNANSWERED.value})
_COLUMNS: Final = (
    "pk",
    "purpose",
    "person_id",
    "household_id",
    "test_call_id",
    "summons_id",
    "division_id",
    "duty",
    "turn",
    "channel",
    "attempt",
    "tries",
    "reference_code",
    "title",
    "text",
    "stale_at",
    "summons__uuid",
    "summons__state",
    "summons__reported_at",
    "of_hazard",
    "of_colour",
    "of_state",
    "of_uuid",
    "of_headline",
    "of_text",
)
_CLAIM: Final = """
UPDATE warning_delivery SET state = 'sending', claimed_at = %s, letter = %s, tries = tries + 1
WHERE id = %s AND state = 'queued'
"""


class Waiting(NamedTuple):
    """A message as it waits, with its call and its warning."""

    pk: int
    purpose: str
    person_id: int | None
    household_id: int | None
    test_call_id: int | None
    summons_id: int | None
    division: str
    duty: str
    turn: int
    channel: str
    attempt: int
    tries: int
    reference: str
    title: str
    text: str
    stale_at: datetime | None
    summons_uuid: Any
    summons_state: str | None
    reported_at: datetime | None
    hazard: str | None
    colour: int | None
    warning_state: str | None
    warning_uuid: Any
    headline: str | None
    warning_text: str | None


@dataclass(frozen=True)
class Letter:
    """Messages to one person that leave together, the worst first."""

    name: str
    messages: tuple[Waiting, ...]


@transaction.atomic
def claim(*, now: datetime, most: int = MOST_AT_ONCE) -> list[Letter] | None:
    """Take what may leave now, in letters, or return None where nothing waits any more.

    What is no longer needed is not sent; what belongs with a letter that has just left waits for
    the quiet time: there may be no letter, and more that waits. Two workers never take the same
    message; a task looks again once the fate of what was taken must be known.
    """
    rows = _waiting(now=now, most=most)
    if not rows:
        return None
    fresh = _drop_stale(rows, now=now)
    leaving = _hold_back(fresh, now=now)
    by_key = {row.pk: row for row in leaving}
    made = [
        Letter(new_letter(), tuple(by_key[one.key] for one in group))
        for group in letters(_queued(row) for row in leaving)
    ]
    with connection.cursor() as cursor:
        at = connection.ops.adapt_datetimefield_value(now)
        cursor.executemany(
            _CLAIM, [(at, letter.name, row.pk) for letter in made for row in letter.messages]
        )
    if made:
        deliver_what_waits(at=now + QUIET)
    return made


def give_back_lost(*, now: datetime) -> int:
    """Let messages leave again whose worker vanished the quiet time ago; return how many."""
    return Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__lte=now - QUIET).update(
        state=DeliveryState.QUEUED, claimed_at=None
    )


def as_waiting(rows: "QuerySet[Delivery]") -> list[Waiting]:
    """Return messages with their calls and warnings, the gravest colour first."""
    found = rows.annotate(
        **{
            f"of_{name}": Coalesce(F(f"summons__warning__{name}"), F(f"warning__{name}"))
            for name in ("hazard", "colour", "state", "uuid", "headline", "text")
        }
    ).order_by(F("of_colour").desc(nulls_last=True), "pk")
    return [Waiting(*row) for row in found.values_list(*_COLUMNS)]


def _waiting(*, now: datetime, most: int) -> list[Waiting]:
    rows = Delivery.objects.filter(state=DeliveryState.QUEUED, not_before__lte=now)
    keys = rows.order_by(F("summons__warning__colour").desc(nulls_last=True), "pk").values_list(
        "pk", flat=True
    )[:most]
    mine = Delivery.objects.filter(pk__in=list(keys), state=DeliveryState.QUEUED)
    return as_waiting(mine.select_for_update(of=("self",), skip_locked=True))


def _drop_stale(rows: Sequence[Waiting], *, now: datetime) -> list[Waiting]:
    """Keep what is still needed; the rest is never sent, and says why."""
    reasons: dict[str, list[int]] = defaultdict(list)
    fresh = []
    for row in rows:
        reason = _why_stale(row, now=now)
        if reason:
            reasons[reason].append(row.pk)
        else:
            fresh.append(row)
    for reason, keys in reasons.items():
        Delivery.objects.filter(pk__in=keys).update(state=DeliveryState.STALE, reason=reason)
    return fresh


def _why_stale(row: Waiting, *, now: datetime) -> str:
    if row.stale_at is not None and row.stale_at <= now:
        return "too late"
    if row.warning_state is not None and row.warning_state != WarningState.OPEN:
        return "the warning has ended"
    if row.purpose == Purpose.CALL and row.summons_state not in _STILL_ASKED:
        return "answered meanwhile"
    if row.purpose == Purpose.REASK and row.reported_at is not None:
        return "reported meanwhile"
    return ""


def _hold_back(rows: Sequence[Waiting], *, now: datetime) -> list[Waiting]:
    """Let a message of a hazard that a person was told of a moment ago wait with its family."""
    calls = [row for row in rows if row.purpose == Purpose.CALL and not row.turn and not row.tries]
    last = _last_letters((row.person_id for row in calls if row.person_id), now=now)
    held: dict[datetime, list[int]] = defaultdict(list)
    for row in calls if last else ():
        until = held_until(_queued(row), last=last.get((row.person_id, row.hazard)), now=now)
        if until is not None:
            held[until].append(row.pk)
    for until, keys in held.items():
        Delivery.objects.filter(pk__in=keys).update(not_before=until)
        deliver_what_waits(at=until)
    waits = {key for keys in held.values() for key in keys}
    return [row for row in rows if row.pk not in waits]


def _last_letters(
    person_ids: Iterable[int], *, now: datetime
) -> dict[tuple[int | None, str | None], LastLetter]:
    """Return what persons were last told of each hazard within the quiet time."""
    recent = Delivery.objects.filter(
        Q(sent_at__gt=now - QUIET), purpose=Purpose.CALL, state=DeliveryState.ACCEPTED
    )
    if not recent.exists():
        return {}
    rows = (
        recent.filter(person__in=set(person_ids))
        .values("person_id", "summons__warning__hazard")
        .annotate(colour=Max("summons__warning__colour"), at=Max("sent_at"))
        .values_list("person_id", "summons__warning__hazard", "colour", "at")
    )
    return {(person, hazard): LastLetter(colour, at) for person, hazard, colour, at in rows}


def _queued(row: Waiting) -> Queued:
    to: tuple[object, ...] = (row.purpose, row.person_id, row.household_id)
    if row.purpose not in (Purpose.CALL, Purpose.REASK):
        to = (*to, row.pk)  # a note and a test stand for themselves
    return Queued(row.pk, to, row.channel, row.hazard or "", row.colour or 0)
