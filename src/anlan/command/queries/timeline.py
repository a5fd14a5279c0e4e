"""The timeline of an incident: a view of the journal, counted by the hour and read by the page.

An incident leaves tens of thousands of entries: the database counts them, and only the hour that
somebody opens is read.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncHour

from anlan.command.queries.pages import IncidentRow
from anlan.kernel import scope
from anlan.kernel.models import JournalEntry
from anlan.kernel.paging import turned

PAGE_ENTRIES = 100
BEFORE_OPENING = timedelta(hours=1)
HOUR = timedelta(hours=1)

# The first word of an act tells what kind of thing happened.
KINDS: dict[str, tuple[str, ...]] = {
    "response": ("incident.", "plan.", "response.", "report."),
    "warning": ("warning.",),
    "crossing": ("threshold.",),
    "call": ("summons.", "message."),
    "task": ("task.", "tasks."),
    "move": ("household.", "moves.", "move.", "shelter."),
}


@dataclass(frozen=True)
class TimelineHour:
    """An hour of an incident and how much of each kind happened in it."""

    start: datetime
    total: int
    kinds: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class TimelineEntry:
    """One entry of the journal, its detail read."""

    at: datetime
    act: str
    kind: str
    actor: str
    subject: str
    division_code: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class TimelinePage:
    """A page of the entries of one hour, oldest first."""

    entries: tuple[TimelineEntry, ...]
    page: int
    pages: int
    total: int


def timeline_hours(
    incident: IncidentRow, *, warnings: Sequence[str], kind: str, now: datetime
) -> list[TimelineHour]:
    """Return each hour in which something of the kind happened (empty: of any), newest first.

    `warnings` are the uuids of the incident's warnings in sight.
    """
    rows = (
        _entries(incident, warnings=warnings, kind=kind, now=now)
        .annotate(hour=TruncHour("at"))
        .order_by()
        .values("hour", "act")
        .annotate(n=Count("pk"))
        .values_list("hour", "act", "n")
    )
    hours: dict[datetime, Counter[str]] = {}
    for hour, act, count in rows:
        hours.setdefault(hour, Counter())[kind_of(act)] += count
    return [
        TimelineHour(start=hour, total=kinds.total(), kinds=tuple(kinds.most_common()))
        for hour, kinds in sorted(hours.items(), reverse=True)
    ]


def timeline_page(
    incident: IncidentRow,
    *,
    warnings: Sequence[str],
    hour: datetime,
    kind: str,
    page: int,
    now: datetime,
) -> TimelinePage:
    """Return a page of what happened in one hour."""
    rows = _entries(incident, warnings=warnings, kind=kind, now=now).filter(
        at__gte=hour, at__lt=hour + HOUR
    )
    total = rows.count()
    page, pages, first = turned(page, total=total, size=PAGE_ENTRIES)
    shown = rows.order_by("at", "pk")[first : first + PAGE_ENTRIES]
    return TimelinePage(
        entries=tuple(_entry(row) for row in shown), page=page, pages=pages, total=total
    )


def kind_of(act: str) -> str:
    """Return the kind that an act belongs to, or `other`."""
    return next((kind for kind, starts in KINDS.items() if act.startswith(starts)), "other")


def _entries(
    incident: IncidentRow, *, warnings: Sequence[str], kind: str, now: datetime
) -> "QuerySet[JournalEntry]":
    """Return the entries about an incident in sight: its own, its warnings', its gauges'."""
    whole = f"incident:{incident.uuid}"
    subjects = [whole, *(f"warning:{uuid}" for uuid in warnings)]
    since = incident.opened_at - BEFORE_OPENING
    about = (
        Q(cause__in=subjects)
        | Q(subject__in=subjects)
        | Q(act__startswith="threshold.", at__range=(since, incident.closed_at or now))
        & scope.within("division_code", [incident.county_code[:6]])
    )
    # What was decided for the whole county, and the warnings themselves, concern every place.
    for_all = Q(subject__in=subjects) | Q(act="plan.activated", cause=whole)
    rows = JournalEntry.objects.filter(about)
    if not scope.active().is_everywhere:
        rows = rows.filter(for_all | scope.within("division_code", scope.active().prefixes))
    if kind in KINDS:
        starts = Q()
        for start in KINDS[kind]:
            starts |= Q(act__startswith=start)
        rows = rows.filter(starts)
    return rows


def _entry(row: JournalEntry) -> TimelineEntry:
    return TimelineEntry(
        at=row.at,
        act=row.act,
        kind=kind_of(row.act),
        actor=row.actor,
        subject=row.subject,
        division_code=row.division_code,
        detail=json.loads(row.detail),
    )
