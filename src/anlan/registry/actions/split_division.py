from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from anlan.kernel import scope
from anlan.kernel.actors import Actor
from anlan.registry.boundaries.shapes import drawn_shape
from anlan.registry.data import DivisionChangeKind
from anlan.registry.facts import redrawing_asked
from anlan.registry.models import Division
from anlan.registry.redrawing import (
    Move,
    Part,
    Redrawing,
    check_paper,
    check_parts,
    checked_name,
    dealt_out,
    gathered,
)
from anlan.registry.relocation.finishing import finish, leaderless, remaining
from anlan.registry.relocation.moving import move_all
from anlan.registry.relocation.parting import carry_out, check_members, deal_out, part_at
from anlan.registry.relocation.tree import (
    access_divisions,
    all_in,
    bounded,
    changed,
    codes_taken,
    copied,
    figures_of,
    names_beside,
    note,
    parent_for,
    renumber,
    standings,
)


@transaction.atomic
def split_division(
    code: str,
    *,
    parts: Sequence[Part],
    heir: str,
    on: date,
    basis: str,
    is_dry_run: bool = False,
    by: Actor,
    now: datetime,
) -> Redrawing:
    """Split a town or a village into parts; one of them may keep its code.

    Rows go to the part that names them, else to the one whose boundary holds them, else where
    what they belong to goes, else to the heir. The villages of a town go the same way and get
    codes in their new town. Raises UnknownDivision for a code out of sight and RedrawingRefused
    with the reason.
    """
    row = access_divisions([code])[code]
    redrawing_asked.send(sender=None, codes=[code])
    with scope.everywhere("split a division"):
        taken = codes_taken(code)
        check_parts(parts, code=code, heir=heir, taken=taken)
        today = timezone.localtime(now).date()
        check_paper(on=on, basis=basis, today=today, concerned=standings([row]))
        deal = deal_out(code, parts=parts)
        villages = _villages(code, parts=parts, heir=heir)
        check_members(parts, found=deal.named | villages.keys())
        _write(row, parts=parts, heir=heir, on=on, basis=basis)
        inside = _settle(code, villages, taken=taken | {p.code for p in parts}, on=on, basis=basis)
        counted = carry_out(deal, but=code)
        rest = move_all([(code, heir), *inside], now=now)
        decisions = (
            *leaderless([part.code for part in parts], now=now),
            *remaining(rows=sum(rest.values()) if heir != code else 0, heir=heir),
        )
    others = sorted(part.code for part in parts if part.code != heir)
    found = Redrawing(
        kind=DivisionChangeKind.SPLIT,
        on=on,
        moves=((code, heir), *((code, other) for other in others), *inside),
        names={part.code: part.name.strip() for part in parts},
        rows=counted + rest,
        decisions=decisions,
    )
    return finish(
        found, act="division.split", code=heir, basis=basis, is_dry_run=is_dry_run, by=by, now=now
    )


def _write(row: Division, *, parts: Sequence[Part], heir: str, on: date, basis: str) -> None:
    """Write the parts with their figures, end the whole unless a part keeps its code."""
    figures = dealt_out(figures_of(row), parts, heir=heir)
    kept = next((part for part in parts if part.code == row.code), None)
    names: list[str] = []
    for part in parts:
        beside = names_beside(row.code, parent=row.parent_id)
        name = checked_name(part.name, siblings=[*beside, *names])
        names.append(name)
        values = {**figures[part.code], **_place(row, part)}
        if part is kept:
            changed(row, **values, name=name)
        else:
            copied(row, code=part.code, parent=parent_for(part.code, like=row), **values, name=name)
        note(DivisionChangeKind.SPLIT, row, to=part.code, name=name, on=on, basis=basis)
    if kept is None:
        changed(row, ended_on=on)


def _place(row: Division, part: Part) -> Mapping[str, Any]:
    """Return boundary and centre of a part; without a boundary it stands where the whole stood."""
    if part.boundary:
        return bounded(part.boundary)
    return {"boundary": None, "lon": row.lon, "lat": row.lat}


def _villages(code: str, *, parts: Sequence[Part], heir: str) -> dict[str, str]:
    """Return which town each village of a town goes to."""
    named = {member: part.code for part in parts for member in part.members}
    areas = [(part.code, drawn_shape(part.boundary)) for part in parts if part.boundary]
    return {
        each.code: named.get(each.code) or part_at(each.lon, each.lat, areas=areas) or heir
        for each in all_in(code)
        if each.code != code
    }


def _settle(
    code: str, villages: Mapping[str, str], *, taken: set[str], on: date, basis: str
) -> list[Move]:
    """Give the villages that leave a town codes in their new one."""
    moves: list[Move] = []
    for town in sorted(set(villages.values()) - {code}):
        leaving = [village for village, to in villages.items() if to == town]
        moves += gathered(leaving, town=town, taken=taken | {new for _old, new in moves})
    rows = Division.objects.filter(pk__in=[old for old, _new in moves])
    renumber(rows, moves, on=on, basis=basis)
    return moves
