"""The tree itself: divisions read, made, ended, and the steps of their history."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext as _

from anlan.kernel.codes import UnknownDivision, check_code, parent_of, prefix_of
from anlan.kernel.scope import within
from anlan.registry.boundaries.shapes import drawn_shape, inner_point, kept_form
from anlan.registry.data import DivisionChangeKind, RedrawingRefused
from anlan.registry.models import Division, DivisionChange
from anlan.registry.redrawing import FIGURES, Move, Standing

NOT_COPIED = frozenset({"code", "parent", "ended_on", "version"})


def access_divisions(codes: Iterable[str]) -> dict[str, Division]:
    """Return these divisions in sight by code; raise UnknownDivision for the first that is not."""
    wanted = sorted(set(codes))
    for code in wanted:
        check_code(code)
    found: dict[str, Division] = Division.objects.in_bulk(wanted)
    for code in wanted:
        if code not in found:
            raise UnknownDivision(code)
    return found


def standings(rows: Iterable[Division]) -> list[Standing]:
    """Return divisions as a decision sees them."""
    divisions = list(rows)
    last = dict(
        DivisionChange.objects.filter(division__in=[row.pk for row in divisions])
        .values_list("division_id")
        .annotate(last=Max("on"))
    )
    return [
        Standing(row.code, row.name, row.parent_id, row.ended_on, last.get(row.code))
        for row in divisions
    ]


def all_in(code: str) -> list[Division]:
    """Return a division and all that lie in it and have not ended, from the top down."""
    inside = Division.objects.filter(within("code", [prefix_of(code)]), ended_on__isnull=True)
    return sorted(inside, key=lambda row: (len(prefix_of(row.code)), row.code))


def codes_taken(code: str) -> set[str]:
    """Return every code under the county or the city of a code that is or was in use."""
    around = within("code", [code[: 4 if len(prefix_of(code)) == 6 else 6]])
    return set(Division.objects.filter(around).values_list("code", flat=True))


def names_beside(code: str, *, parent: str | None, but: Collection[str] = ()) -> list[str]:
    """Return the names of the divisions under the same parent, but for some."""
    beside = Division.objects.filter(parent=parent, ended_on__isnull=True)
    return list(beside.exclude(pk__in=[code, *but]).values_list("name", flat=True))


def parent_for(code: str, *, like: Division) -> str | None:
    """Return the parent of a new code; raise RedrawingRefused when there is none to hang it on."""
    parent = parent_of(code)
    if parent == parent_of(like.code):
        return like.parent_id
    if Division.objects.filter(pk=parent, ended_on__isnull=True).exists():
        return parent
    raise RedrawingRefused(
        _("There is no division %(parent)s in which %(code)s could lie: check the code.")
        % {"parent": parent, "code": code}
    )


def copied(row: Division, *, code: str, parent: str | None, **changes: Any) -> Division:
    """Write a division that carries on another one under a new code, and return it."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in Division._meta.concrete_fields
        if field.name not in NOT_COPIED
    }
    made: Division = Division.objects.create(code=code, parent_id=parent, **(values | changes))
    return made


def changed(row: Division, **changes: Any) -> None:
    """Change a division that nobody else has changed since it was read."""
    same = Division.objects.filter(pk=row.pk, version=row.version, ended_on__isnull=True)
    if same.update(**changes, version=F("version") + 1) != 1:
        raise RedrawingRefused(
            _("%(name)s was changed by somebody else meanwhile: look again.") % {"name": row.name}
        )


def renumber(rows: Iterable[Division], moves: Iterable[Move], *, on: date, basis: str) -> None:
    """Carry divisions on under new codes, end the old ones and write both down."""
    by_code = {row.code: row for row in rows}
    new_codes = dict(moves)
    for old, new in new_codes.items():
        row = by_code[old]
        parent = new_codes.get(row.parent_id or "") or parent_for(new, like=row)
        copied(row, code=new, parent=parent)
        changed(row, ended_on=on)
        note(DivisionChangeKind.RECODED, row, to=new, name=row.name, on=on, basis=basis)


def note(
    kind: DivisionChangeKind, row: Division, *, to: str, name: str, on: date, basis: str
) -> None:
    """Write one step of the history: what a division was called and what it is now."""
    DivisionChange.objects.create(
        division_id=to,
        kind=kind,
        on=on,
        from_code=row.code,
        from_name=row.name,
        to_name=name,
        basis=basis.strip(),
    )


def figures_of(row: Division) -> dict[str, Any]:
    """Return the figures of a division that add up."""
    return {name: getattr(row, name) for name in FIGURES}


def joined_place(rows: Iterable[Division]) -> dict[str, Any]:
    """Return boundary, centre and height of a division that is made of these.

    The boundary is known when all of theirs are; the height is that of the most populous.
    """
    parts = list(rows)
    largest = max(parts, key=lambda row: (row.population, row.code))
    place: dict[str, Any] = {
        "boundary": None,
        "lon": largest.lon,
        "lat": largest.lat,
        "elevation_m": largest.elevation_m,
    }
    shapes = [drawn_shape(row.boundary) for row in parts]
    if all(shape is not None for shape in shapes):
        place |= bounded(kept_form(_union(shapes)))
    return place


def bounded(boundary: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a division with this boundary: with a point inside as its centre."""
    lon, lat = inner_point(drawn_shape(boundary))
    return {"boundary": boundary, "lon": lon, "lat": lat}


def _union(shapes: Iterable[Any]) -> Any:
    joined = None
    for shape in shapes:
        joined = shape if joined is None else joined.union(shape)
    return joined
