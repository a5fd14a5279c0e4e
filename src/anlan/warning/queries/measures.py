"""How people were called and warnings were right over a span: by hazard, colour, town, person."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from anlan.kernel import scope
from anlan.kernel.codes import Level, ancestor_of
from anlan.registry.data import Colour, Hazard
from anlan.warning.core.measures import (
    CallFigures,
    MeasuredCall,
    MeasuredWarning,
    WarningFigures,
    call_figures,
    grouped,
    is_in_time,
    lead_minutes,
    needs_attention,
    warning_figures,
)
from anlan.warning.data import RungKind, SummonsState, VerdictKind, WarningState
from anlan.warning.models import HazardWarning, Summons, WarningArea
from anlan.warning.queries.verdicts import newest_verdicts

OWN_RUNGS = (RungKind.PERSON, RungKind.RETRY)
NO_CALLS = call_figures([])
NO_WARNINGS = warning_figures([])


@dataclass(frozen=True)
class MeasureFilter:
    """Of which warnings the measures are: issued from one day to another; empty means all."""

    since: date
    until: date
    hazard: str = ""
    colour: int | None = None
    town: str = ""


@dataclass(frozen=True)
class Measured:
    """The figures of one hazard, colour, town or person; `where` tells persons of a name apart."""

    key: Any
    name: str
    calls: CallFigures
    warnings: WarningFigures = NO_WARNINGS
    where: str = ""


@dataclass(frozen=True)
class Unjudged:
    """A warning that has ended and that nobody has judged."""

    uuid: str
    hazard: Hazard
    colour: Colour
    town: str
    issued_at: datetime


@dataclass(frozen=True)
class Measures:
    """The whole and its parts, in each part those first that need attention first."""

    calls: CallFigures
    warnings: WarningFigures
    by_hazard: tuple[Measured, ...]
    by_colour: tuple[Measured, ...]
    by_town: tuple[Measured, ...]
    by_person: tuple[Measured, ...]
    unjudged: tuple[Unjudged, ...]


def measures_of(wanted: MeasureFilter, *, now: datetime) -> Measures:
    """Return the measures of the warnings and calls in sight; three queries, however many."""
    found = _warnings(wanted)
    towns: dict[str, str] = {}
    warnings: list[MeasuredWarning] = []
    unjudged: list[Unjudged] = []
    verdicts = newest_verdicts(found)
    for row in found.select_related("division").only(*WARNING_FIELDS):
        said = verdicts.get(row.pk)
        towns[row.division_id] = row.division.name
        warnings.append(
            MeasuredWarning(
                hazard=Hazard(row.hazard),
                colour=Colour(row.colour),
                town=row.division_id,
                is_over=row.state != WarningState.OPEN,
                verdict=VerdictKind(said.verdict) if said else None,
                lead_min=lead_minutes(
                    issued_at=row.issued_at, occurred_at=said.occurred_at if said else None
                ),
            )
        )
        if said is None and row.state != WarningState.OPEN:
            unjudged.append(_unjudged(row))
    people: dict[int, tuple[str, str]] = {}
    calls = list(_calls(found, people=people, now=now))
    return Measures(
        calls=call_figures(calls),
        warnings=warning_figures(warnings),
        by_hazard=_parts(calls, warnings, by=_hazard, name=lambda key: str(key.label)),
        by_colour=_parts(calls, warnings, by=_colour, name=lambda key: str(key.label)),
        by_town=_parts(calls, warnings, by=_town, name=lambda key: towns.get(key, key)),
        by_person=_people(calls, people=people),
        unjudged=tuple(unjudged),
    )


WARNING_FIELDS = (
    "uuid",
    "hazard",
    "colour",
    "state",
    "issued_at",
    "division_id",
    "division__name",
)


def _warnings(wanted: MeasureFilter) -> "QuerySet[HazardWarning]":
    under = WarningArea.objects.values("warning_id")
    zone = timezone.get_current_timezone()
    span = (
        datetime.combine(wanted.since, time.min, tzinfo=zone),
        datetime.combine(wanted.until, time.min, tzinfo=zone) + timedelta(days=1),
    )
    with scope.everywhere("a village sees the warning of its town that it stands under"):
        rows: QuerySet[HazardWarning] = HazardWarning.objects.filter(
            pk__in=under, issued_at__gte=span[0], issued_at__lt=span[1]
        )
    if wanted.hazard:
        rows = rows.filter(hazard=wanted.hazard)
    if wanted.colour:
        rows = rows.filter(colour=wanted.colour)
    if wanted.town:
        rows = rows.filter(division_id=ancestor_of(wanted.town, level=Level.TOWN))
    return rows.order_by("-issued_at", "-pk")


CALL_FIELDS = (
    "warning__hazard",
    "warning__colour",
    "warning__division_id",
    "person_id",
    "person__name",
    "division__name",
    "state",
    "ladder",
    "rung",
    "asked_at",
    "due_at",
    "answered_at",
    "reported_at",
    "notified",
    "moved",
)


def _calls(
    warnings: "QuerySet[HazardWarning]", *, people: dict[int, tuple[str, str]], now: datetime
) -> Iterable[MeasuredCall]:
    """Give the calls in sight under these warnings; note in `people` their names and villages."""
    keys = warnings.order_by().values("pk")
    rows = Summons.objects.filter(warning__in=keys).order_by("pk").values(*CALL_FIELDS)
    for row in rows.iterator():
        people[row["person_id"]] = (row["person__name"], row["division__name"])
        yield _call(row, now=now)


def _call(row: Mapping[str, Any], *, now: datetime) -> MeasuredCall:
    ladder, rung, state = row["ladder"], row["rung"], row["state"]
    asked, answered = row["asked_at"], row["answered_at"]
    return MeasuredCall(
        hazard=Hazard(row["warning__hazard"]),
        colour=Colour(row["warning__colour"]),
        town=row["warning__division_id"],
        person_id=row["person_id"],
        minutes=(answered - asked) / timedelta(minutes=1) if answered else None,
        is_in_time=is_in_time(
            state, asked_at=asked, answered_at=answered, limit_min=float(ladder[0][2])
        ),
        is_replaced=state == SummonsState.REPLACED,
        is_running=state == SummonsState.WAITING
        and rung == 0
        and row["due_at"] is not None
        and row["due_at"] > now,
        went_up=ladder[min(rung, len(ladder) - 1)][0] not in OWN_RUNGS,
        ended_unanswered=state == SummonsState.UNANSWERED,
        has_reported=row["reported_at"] is not None,
        notified=row["notified"] or 0,
        moved=row["moved"] or 0,
    )


def _unjudged(row: HazardWarning) -> Unjudged:
    return Unjudged(
        uuid=str(row.uuid),
        hazard=Hazard(row.hazard),
        colour=Colour(row.colour),
        town=row.division.name,
        issued_at=row.issued_at,
    )


def _hazard(row: MeasuredCall | MeasuredWarning) -> Hazard:
    return row.hazard


def _colour(row: MeasuredCall | MeasuredWarning) -> Colour:
    return row.colour


def _town(row: MeasuredCall | MeasuredWarning) -> str:
    return row.town


def _parts(
    calls: Sequence[MeasuredCall],
    warnings: Sequence[MeasuredWarning],
    *,
    by: Callable[[MeasuredCall | MeasuredWarning], Any],
    name: Callable[[Any], str],
) -> tuple[Measured, ...]:
    called = grouped(calls, by=by, figures=call_figures)
    warned = grouped(warnings, by=by, figures=warning_figures)
    parts = [
        Measured(
            key=key,
            name=name(key),
            calls=called.get(key, NO_CALLS),
            warnings=warned.get(key, NO_WARNINGS),
        )
        for key in sorted(called.keys() | warned.keys())
    ]
    return tuple(sorted(parts, key=lambda part: needs_attention(part.calls)))


def _people(
    calls: Sequence[MeasuredCall], *, people: Mapping[int, tuple[str, str]]
) -> tuple[Measured, ...]:
    found = grouped(calls, by=lambda row: row.person_id, figures=call_figures)
    parts = [
        Measured(key=key, name=people[key][0], where=people[key][1], calls=figures)
        for key, figures in found.items()
    ]
    return tuple(sorted(parts, key=lambda part: (needs_attention(part.calls), part.key)))
