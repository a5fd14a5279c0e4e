"""Reads of upper-level warnings: the list, one message whole, and what rooms above ask for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from anlan.kernel.paging import turned
from anlan.registry.data import Colour, Hazard
from anlan.warning.data import (
    Reach,
    SignatureVerdict,
    UpperNotice,
    UpperState,
    UpperWarningOutOfSight,
)
from anlan.warning.gateways.cap.events import event_types
from anlan.warning.models import UpperReference, UpperWarning
from anlan.warning.queries.upper_sight import places_in_sight, upper_in_sight

PAGE_ROWS = 50
_IN_FORCE_FIRST = Case(
    When(state=UpperState.IN_FORCE, then=Value(0)), default=Value(1), output_field=IntegerField()
)


@dataclass(frozen=True)
class UpperFilter:
    """What a list of messages is narrowed to; without `everywhere` those about other places go."""

    state: str = ""
    colour: int | None = None
    everywhere: bool = False
    page: int = 1


@dataclass(frozen=True)
class UpperRow:
    """A message in a list."""

    uuid: str
    title: str
    msg_type: str
    colour: Colour | None
    state: UpperState
    verdict: SignatureVerdict
    reach: Reach
    source: str
    sent_at: datetime
    lapses_at: datetime
    places: tuple[str, ...]

    @property
    def is_unreal(self) -> bool:
        """Tell whether nothing of it may be acted on: an exercise, or not accepted."""
        return self.state in (UpperState.EXERCISE, UpperState.REFUSED)


@dataclass(frozen=True)
class UpperList:
    """One page of messages: those in force first, then by time, newest first."""

    rows: tuple[UpperRow, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class NamedMessage:
    """A message that another one names: with its row when it is there."""

    identifier: str
    sent_at: datetime
    row: UpperRow | None


def listed_upper_warnings(wanted: UpperFilter) -> UpperList:
    """Return one page of the messages in sight."""
    found = _narrowed(wanted)
    total = found.count()
    page, pages, first = turned(wanted.page, total=total, size=PAGE_ROWS)
    ordered = found.annotate(turn=_IN_FORCE_FIRST).order_by("turn", "-sent_at", "-pk")
    shown = ordered.select_related("source").defer("raw", "description", "instruction", "areas")
    rows = upper_rows(shown[first : first + PAGE_ROWS])
    return UpperList(rows=rows, page=page, pages=pages, total=total)


def access_upper_warning(uuid: str) -> UpperWarning:
    """Return one message in sight with its source, or raise UpperWarningOutOfSight."""
    rows = upper_in_sight().filter(uuid=uuid).select_related("source", "ended_by__source")
    row = rows.first()
    if row is None:
        raise UpperWarningOutOfSight(uuid)
    return row


def named_by(warning: UpperWarning) -> list[NamedMessage]:
    """Return the messages that a message names, by time, with their rows where they are there."""
    named = UpperReference.objects.filter(warning=warning).order_by("sent_at", "pk")
    references = list(named.values_list("identifier", "sender", "sent_at"))
    same = upper_in_sight().filter(
        division_id=warning.division_id,
        identifier__in=[identifier for identifier, _sender, _at in references],
    )
    rows = {
        (row.identifier, row.sender, row.sent_at): row
        for row in same.exclude(state=UpperState.REFUSED).select_related("source")
    }
    shown = {row.uuid: row for row in upper_rows(rows.values())}
    return [
        NamedMessage(key[0], key[2], shown.get(str(rows[key].uuid)) if key in rows else None)
        for key in references
    ]


def upper_rows(warnings: Iterable[UpperWarning]) -> tuple[UpperRow, ...]:
    """Return messages as a list shows them, with the places in sight that they touch."""
    found = list(warnings)
    places: dict[int, list[str]] = defaultdict(list)
    for place in places_in_sight(row.pk for row in found):
        places[place.warning_id].append(place.division.name)
    return tuple(
        UpperRow(
            uuid=str(row.uuid),
            title=title_of(row),
            msg_type=row.msg_type,
            colour=None if row.colour is None else Colour(row.colour),
            state=UpperState(row.state),
            verdict=SignatureVerdict(row.verdict),
            reach=Reach(row.reach),
            source=row.source.name,
            sent_at=row.sent_at,
            lapses_at=row.lapses_at,
            places=tuple(places[row.pk]),
        )
        for row in found
    )


def title_of(row: UpperWarning) -> str:
    """Return the line by which a message is known: its headline, its event, or its number."""
    return str(row.headline or row.event or row.identifier)


def upper_warnings_in_force(uuids: Iterable[str] | None = None) -> list[UpperNotice]:
    """Return the upper-level warnings in force about places in sight, of these or all, by time."""
    rows = upper_in_sight().filter(state=UpperState.IN_FORCE).exclude(reach=Reach.ELSEWHERE)
    if uuids is not None:
        rows = rows.filter(uuid__in=list(uuids))
    found = list(rows.defer("raw").order_by("sent_at", "pk"))
    places: dict[int, list[str]] = defaultdict(list)
    for place in places_in_sight(row.pk for row in found):
        places[place.warning_id].append(place.division_id)
    return [
        UpperNotice(
            uuid=str(row.uuid),
            county=row.division_id,
            hazard=hazard_of(row.event_code),
            colour=None if row.colour is None else Colour(row.colour),
            event_code=row.event_code,
            headline=title_of(row),
            places=tuple(places[row.pk]),
            sent_at=row.sent_at,
            lapses_at=row.lapses_at,
        )
        for row in found
    ]


def count_upper_in_force() -> int:
    """Return how many upper-level warnings in force are about places in sight."""
    rows = upper_in_sight().filter(state=UpperState.IN_FORCE)
    return rows.exclude(reach=Reach.ELSEWHERE).count()


def hazard_of(event_code: str) -> Hazard | None:
    """Return the hazard of ours that an event code means, or None."""
    known: Any = event_types().get(event_code)
    return Hazard(known.hazard) if known is not None and known.hazard else None


def _narrowed(wanted: UpperFilter) -> "QuerySet[UpperWarning]":
    rows = upper_in_sight()
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.colour:
        rows = rows.filter(colour=wanted.colour)
    if not wanted.everywhere:
        rows = rows.exclude(reach=Reach.ELSEWHERE)
    return rows
