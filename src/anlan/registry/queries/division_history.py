"""Reads of what divisions were called and which codes they had."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from anlan.kernel.codes import check_code
from anlan.registry import succession
from anlan.registry.boundaries.shapes import drawn_shape
from anlan.registry.data import DivisionChangeKind
from anlan.registry.models import Division, DivisionChange, Place
from anlan.registry.relocation.parting import part_at


@dataclass(frozen=True)
class Change:
    """One step in the history of a division."""

    kind: DivisionChangeKind
    on: date
    from_code: str
    from_name: str
    to_code: str
    to_name: str
    basis: str


def division_history(code: str) -> list[Change]:
    """Return the steps that led to a division and away from it, the latest first.

    The steps of the divisions that it came from are among them.
    """
    check_code(code)
    found: dict[int, DivisionChange] = {}
    waiting, seen = {code}, set[str]()
    while waiting:
        rows = DivisionChange.objects.filter(Q(division__in=waiting) | Q(from_code=code)).order_by(
            "pk"
        )
        found |= {row.pk: row for row in rows}
        seen |= waiting
        waiting = {row.from_code for row in rows if row.from_code != code} - seen
    ordered = sorted(found.values(), key=lambda row: (row.on, row.pk), reverse=True)
    return [
        Change(
            kind=DivisionChangeKind(row.kind),
            on=row.on,
            from_code=row.from_code,
            from_name=row.from_name,
            to_code=row.division_id,
            to_name=row.to_name,
            basis=row.basis,
        )
        for row in ordered
    ]


def code_on(code: str, day: date) -> list[str]:
    """Return the codes that on a day covered what this code covers; mostly one.

    Raises UnknownDivision for a code that was never in use.
    """
    check_code(code)
    steps, ended = _history_around(code)
    return succession.codes_on(code, day, steps=steps, ended=ended)


def successors_of(code: str) -> list[str]:
    """Return the divisions of today in which a code lives on; itself when it has not ended."""
    check_code(code)
    steps, ended = _history_around(code)
    return succession.successors(code, steps=steps, ended=ended)


def divisions_at(
    points: Sequence[tuple[float, float]], *, among: Iterable[str]
) -> list[str | None]:
    """Return for each point (lon, lat) the division whose boundary holds it, of those named."""
    rows = Division.objects.filter(pk__in=list(among), boundary__isnull=False).order_by("code")
    areas = [(row.code, drawn_shape(row.boundary)) for row in rows]
    return [part_at(lon, lat, areas=areas) or None for lon, lat in points]


def divisions_of_places(place_ids: Iterable[int]) -> dict[int, str]:
    """Return the division of each of these places in sight."""
    rows = Place.objects.filter(pk__in=set(place_ids))
    return dict(rows.values_list("pk", "division_id"))


def _history_around(code: str) -> tuple[list[succession.Step], dict[str, date | None]]:
    """Return the steps of the county of a code and of those it got its code from, with the ends."""
    steps: dict[int, succession.Step] = {}
    codes, waiting = set[str](), {code}
    while waiting:
        rows = DivisionChange.objects.filter(Q(division__in=waiting) | Q(from_code__in=waiting))
        codes |= waiting
        for row in rows:
            steps[row.pk] = succession.Step(
                old=row.from_code,
                new=row.division_id,
                on=row.on,
                kind=DivisionChangeKind(row.kind),
                order=row.pk,
            )
        waiting = {c for step in steps.values() for c in (step.old, step.new)} - codes
    ended = dict(Division.objects.filter(pk__in=codes).values_list("code", "ended_on"))
    return list(steps.values()), ended
