"""Reads for the pages: the warnings in sight, one warning whole, and the spans of the slider.

A warning belongs to a town and its calls to villages: whoever sees one of its villages sees the
warning, and of its villages and calls only those in sight.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from anlan.kernel import scope
from anlan.kernel.codes import Level, ancestor_of
from anlan.kernel.paging import turned
from anlan.registry.data import Colour, Hazard
from anlan.warning.data import SummonsState, WarningOutOfSight, WarningState
from anlan.warning.models import HazardWarning, Summons, WarningArea

PAGE_ROWS = 50
ANSWERED = (SummonsState.ACKNOWLEDGED, SummonsState.TAKEN_OVER)


@dataclass(frozen=True)
class WarningFilter:
    """What a list of warnings is narrowed to; empty means all."""

    hazard: str = ""
    colour: int | None = None
    state: str = ""
    town: str = ""
    page: int = 1


@dataclass(frozen=True)
class WarningRow:
    """A warning in a list, with its calls in sight counted."""

    uuid: str
    number: str
    headline: str
    hazard: Hazard
    colour: Colour
    state: WarningState
    town: str
    villages: int
    issued_at: datetime
    ended_at: datetime | None
    calls: int
    answered: int
    overdue: int


@dataclass(frozen=True)
class WarningList:
    """One page of a list of warnings, newest first."""

    rows: tuple[WarningRow, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class AreaSpan:
    """A village stood under a colour from a moment until another, or still does."""

    division_code: str
    hazard: Hazard
    colour: int
    start: datetime
    end: datetime | None


def listed_warnings(wanted: WarningFilter, *, now: datetime) -> WarningList:
    """Return one page of the warnings in sight, newest first."""
    found = _in_sight(wanted)
    total = found.count()
    page, pages, first = turned(wanted.page, total=total, size=PAGE_ROWS)
    shown = list(
        found.select_related("division").defer("division__boundary")[first : first + PAGE_ROWS]
    )
    return WarningList(rows=warning_rows(shown, now=now), page=page, pages=pages, total=total)


def warning_ids_in_sight() -> list[int]:
    """Return the ids of the warnings that stand or stood over a village in sight."""
    return list(WarningArea.objects.order_by().values_list("warning_id", flat=True).distinct())


def count_open_warnings() -> dict[int, int]:
    """Return how many warnings in sight are in force, by colour."""
    found = _in_sight(WarningFilter(state=WarningState.OPEN)).order_by()
    return dict(found.values("colour").annotate(n=Count("pk")).values_list("colour", "n"))


def access_warning(uuid: str) -> HazardWarning:
    """Return a warning that stands over a village in sight, or raise WarningOutOfSight."""
    row = _in_sight(WarningFilter()).filter(uuid=uuid).select_related("division").first()
    if row is None:
        raise WarningOutOfSight(uuid)
    return row


def related_warnings(warning: HazardWarning) -> tuple[list[HazardWarning], list[HazardWarning]]:
    """Return the warnings that this one follows, and those that followed it, by time."""
    areas = list(WarningArea.objects.filter(warning=warning).values_list("pk", "follows_id"))
    before = WarningArea.objects.filter(pk__in=[old for _pk, old in areas if old])
    after = WarningArea.objects.filter(follows__in=[pk for pk, _old in areas])
    found = {
        row.pk: row
        for row in _in_sight(WarningFilter()).filter(
            Q(pk__in=before.values("warning_id")) | Q(pk__in=after.values("warning_id"))
        )
    }
    earlier = [row for row in found.values() if row.issued_at <= warning.issued_at]
    later = [row for row in found.values() if row.issued_at > warning.issued_at]
    return sorted(earlier, key=_by_time), sorted(later, key=_by_time)


def areas_of(warning: HazardWarning) -> list[WarningArea]:
    """Return the villages in sight under a warning, by code."""
    rows = WarningArea.objects.filter(warning=warning)
    return list(rows.select_related("division").defer("division__boundary").order_by("division_id"))


def warning_rows(warnings: Iterable[HazardWarning], *, now: datetime) -> tuple[WarningRow, ...]:
    """Return warnings as a list shows them, their calls in sight counted with two queries."""
    rows = list(warnings)
    calls: dict[int, Counter[str]] = defaultdict(Counter)
    for warning_id, total, answered, late, dead in (
        Summons.objects.filter(warning__in=[row.pk for row in rows])
        .values("warning_id")
        .annotate(
            total=Count("pk", filter=~Q(state=SummonsState.REPLACED)),
            answered=Count("pk", filter=Q(state__in=ANSWERED)),
            late=Count("pk", filter=Q(state=SummonsState.WAITING, due_at__lt=now)),
            dead=Count("pk", filter=Q(state=SummonsState.UNANSWERED)),
        )
        .values_list("warning_id", "total", "answered", "late", "dead")
    ):
        calls[warning_id].update(calls=total, answered=answered, overdue=late + dead)
    villages = dict(
        WarningArea.objects.filter(warning__in=[row.pk for row in rows])
        .values("warning_id")
        .annotate(n=Count("pk"))
        .values_list("warning_id", "n")
    )
    return tuple(
        WarningRow(
            uuid=str(row.uuid),
            number=row.number,
            headline=row.headline,
            hazard=Hazard(row.hazard),
            colour=Colour(row.colour),
            state=WarningState(row.state),
            town=row.division.name,
            villages=villages.get(row.pk, 0),
            issued_at=row.issued_at,
            ended_at=row.ended_at,
            calls=calls[row.pk]["calls"],
            answered=calls[row.pk]["answered"],
            overdue=calls[row.pk]["overdue"],
        )
        for row in rows
    )


def area_spans(county_prefix: str, *, since: datetime, until: datetime) -> list[AreaSpan]:
    """Return the times under a warning of a county's villages in sight that touch a span."""
    rows = WarningArea.objects.filter(
        Q(released_at__isnull=True) | Q(released_at__gt=since),
        scope.within("division_id", [county_prefix]),
        entered_at__lte=until,
    ).values_list("division_id", "hazard", "colour", "entered_at", "released_at")
    return [
        AreaSpan(division_code=code, hazard=Hazard(hazard), colour=colour, start=start, end=end)
        for code, hazard, colour, start, end in rows
    ]


def _in_sight(wanted: WarningFilter) -> "QuerySet[HazardWarning]":
    under = WarningArea.objects.values("warning_id")
    with scope.everywhere("a village sees the warning of its town that it stands under"):
        rows: QuerySet[HazardWarning] = HazardWarning.objects.filter(pk__in=under)
    if wanted.hazard:
        rows = rows.filter(hazard=wanted.hazard)
    if wanted.colour:
        rows = rows.filter(colour=wanted.colour)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.town:
        rows = rows.filter(division_id=ancestor_of(wanted.town, level=Level.TOWN))
    return rows.order_by("-issued_at", "-pk")


def _by_time(row: HazardWarning) -> datetime:
    return row.issued_at
