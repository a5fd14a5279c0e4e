"""What has changed on a desk since it was last told, read from the journal."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db.models import Count, Max, QuerySet

from anlan.kernel import scope
from anlan.kernel.codes import CODE_DIGITS, Level
from anlan.kernel.models import JournalEntry
from anlan.warning.core.desk_cursor import Cursor

CALL_ACTS: Final = tuple(
    f"summons.{act}"
    for act in (
        "answered",
        "escalated",
        "unanswered",
        "reported",
        "report_missing",
        "attempted",
    )
)
WARNING_ACTS: Final = tuple(f"warning.{act}" for act in ("issued", "lifted", "expired"))
ACTS: Final = (*CALL_ACTS, *WARNING_ACTS)
MOST_CALLS: Final = 300  # past so many the whole desk is read anew
MOST_ENTRIES: Final = 2_000
LOOK_BACK: Final = 200


@dataclass(frozen=True)
class DeskChanges:
    """The calls to read again, or that all must be; and where the desk stands after it."""

    cursor: Cursor
    calls: tuple[str, ...] = ()
    all_anew: bool = False


def present_cursor(*, now: datetime) -> Cursor:
    """Return where the journal stands; take it before the rows, so that nothing falls between."""
    last = _last()
    base = max(last - LOOK_BACK, 0)
    count = _acts_after(base).filter(pk__lte=last).count()
    return Cursor(
        base=base, following=last, turned_s=int(now.timestamp()), newest=last, count=count
    )


def changes_since(cursor: Cursor, *, now: datetime) -> DeskChanges:
    """Return what changed in sight since a cursor, with one query when nothing did.

    The journal is read by its keys alone; what lies out of sight is left out afterwards.
    """
    told = _acts_after(cursor.base).aggregate(n=Count("pk"), newest=Max("pk"))
    now_s = int(now.timestamp())
    changes = DeskChanges(cursor)
    if told["n"] != cursor.count:
        changes = _read(cursor, total=told["n"], newest=max(told["newest"] or 0, cursor.newest))
    if changes.cursor.must_turn(now_s=now_s):
        standing = changes.cursor
        past = _acts_after(standing.following).filter(pk__lte=standing.newest).count()
        changes = replace(changes, cursor=standing.turned(last=_last(), count=past, now_s=now_s))
    return changes


def _read(cursor: Cursor, *, total: int, newest: int) -> DeskChanges:
    after = replace(cursor, newest=newest, count=total)
    fresh = list(
        _acts_after(cursor.newest)
        .filter(pk__lte=newest)
        .order_by("pk")
        .values_list("act", "subject", "division_code")[: MOST_ENTRIES + 1]
    )
    came_late = total - len(fresh) != cursor.count
    if came_late:
        return DeskChanges(after, all_anew=True)
    if any(act in WARNING_ACTS and _touches_sight(code) for act, _subject, code in fresh):
        return DeskChanges(after, all_anew=True)
    seen = scope.active().sees
    calls = dict.fromkeys(
        subject.partition(":")[2] for act, subject, code in fresh if act in CALL_ACTS and seen(code)
    )
    if len(calls) > MOST_CALLS:
        return DeskChanges(after, all_anew=True)
    return DeskChanges(after, calls=tuple(calls))


def _touches_sight(code: str) -> bool:
    """Tell whether a division is in sight, or holds one that is: a town's warning its village."""
    prefixes = scope.active().prefixes
    above = {p[:level].ljust(CODE_DIGITS, "0") for p in prefixes for level in Level}
    return scope.active().sees(code) or code in above


def _acts_after(key: int) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(pk__gt=key, act__in=ACTS)


def _last() -> int:
    return JournalEntry.objects.aggregate(last=Max("pk"))["last"] or 0
