from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.kernel import scope
from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, check_code, level_of
from anlan.registry.data import DivisionChangeKind, RedrawingRefused
from anlan.registry.facts import redrawing_asked
from anlan.registry.models import Division
from anlan.registry.redrawing import (
    Move,
    Redrawing,
    check_new_code,
    check_paper,
    check_together,
    checked_name,
    gathered,
    summed,
)
from anlan.registry.relocation.finishing import committees, doubled, finish
from anlan.registry.relocation.moving import move_all
from anlan.registry.relocation.tree import (
    access_divisions,
    all_in,
    changed,
    codes_taken,
    copied,
    figures_of,
    joined_place,
    names_beside,
    note,
    parent_for,
    renumber,
    standings,
)


@transaction.atomic
def merge_divisions(
    codes: Iterable[str],
    *,
    into: str,
    name: str = "",
    on: date,
    basis: str,
    is_dry_run: bool = False,
    by: Actor,
    now: datetime,
) -> Redrawing:
    """Merge towns, or villages, of one county into one of them or into a new one.

    `into` is the code of an existing division, which then goes on with the others in it, or a new
    code, which needs a `name`. Every row moves, figures are added up; what only people can settle
    is listed. The villages of a town that ends get codes in the new one. Raises UnknownDivision
    for a code out of sight and RedrawingRefused with the reason.
    """
    check_code(into)
    rows = _parts(codes, into=into)
    check_together([*rows, into])
    ending = [code for code in rows if code != into]
    redrawing_asked.send(sender=None, codes=list(rows))
    with scope.everywhere("merge divisions"):
        today = timezone.localtime(now).date()
        check_paper(on=on, basis=basis, today=today, concerned=standings(rows.values()))
        new_name = _write(rows, into=into, name=name)
        villages = [each for code in ending for each in all_in(code) if each.code != code]
        inside = gathered([v.code for v in villages], town=into, taken=codes_taken(into))
        renumber(villages, inside, on=on, basis=basis)
        moves: list[Move] = [*((code, into) for code in sorted(ending)), *inside]
        for row in rows.values():
            if row.code != into:
                changed(row, ended_on=on)
            note(DivisionChangeKind.MERGED, row, to=into, name=new_name, on=on, basis=basis)
        counted = move_all(moves, now=now)
        decisions = (*doubled(into, now=now), *committees(into))
    found = Redrawing(
        kind=DivisionChangeKind.MERGED,
        on=on,
        moves=tuple(moves),
        names={into: new_name},
        rows=counted,
        decisions=decisions,
    )
    return finish(
        found,
        act="divisions.merged",
        code=into,
        basis=basis,
        is_dry_run=is_dry_run,
        by=by,
        now=now,
    )


def _parts(codes: Iterable[str], *, into: str) -> Mapping[str, Division]:
    """Return the divisions that become one: those named, and `into` when it exists."""
    wanted = set(codes)
    if Division.objects.filter(pk=into).exists():
        wanted.add(into)
    if len(wanted) < 2:
        raise RedrawingRefused(_("Choose two divisions or more to merge."))
    return access_divisions(wanted)


def _write(rows: Mapping[str, Division], *, into: str, name: str) -> str:
    """Write the division that the others go into, and return its name."""
    together = {**summed(figures_of(row) for row in rows.values()), **joined_place(rows.values())}
    present = rows.get(into)
    if present is not None:
        beside = names_beside(into, parent=present.parent_id, but=list(rows))
        new_name = checked_name(name or present.name, siblings=beside)
        together["elevation_m"] = present.elevation_m
        changed(present, **together, name=new_name)
        return new_name
    like = _model(list(rows.values()), into=into)
    check_new_code(into, like=like.code, taken=codes_taken(into))
    parent = parent_for(into, like=like)
    new_name = checked_name(name, siblings=names_beside(into, parent=parent, but=list(rows)))
    copied(like, code=into, parent=parent, **together, name=new_name)
    return new_name


def _model(rows: Sequence[Division], *, into: str) -> Division:
    """Return the division whose kind the new one takes: the most populous under its own parent."""
    kept = Level.TOWN if level_of(into) is Level.VILLAGE else Level.COUNTY
    return max(rows, key=lambda row: (row.code[:kept] == into[:kept], row.population, row.code))
