from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from anlan.kernel import scope
from anlan.kernel.actors import Actor
from anlan.registry.data import DivisionChangeKind
from anlan.registry.redrawing import Redrawing, check_level, check_paper, checked_name
from anlan.registry.relocation.finishing import finish
from anlan.registry.relocation.tree import (
    access_divisions,
    changed,
    names_beside,
    note,
    standings,
)


@transaction.atomic
def rename_division(
    code: str,
    *,
    name: str,
    on: date,
    basis: str,
    is_dry_run: bool = False,
    by: Actor,
    now: datetime,
) -> Redrawing:
    """Give a division another name from a day on, keep the old one in its history.

    Raises UnknownDivision for a code out of sight and RedrawingRefused with the reason.
    """
    row = access_divisions([code])[code]
    check_level(code)
    with scope.everywhere("rename a division"):
        today = timezone.localtime(now).date()
        check_paper(on=on, basis=basis, today=today, concerned=standings([row]))
        beside = names_beside(code, parent=row.parent_id)
        name = checked_name(name, siblings=[*beside, row.name])
        changed(row, name=name)
        note(DivisionChangeKind.RENAMED, row, to=code, name=name, on=on, basis=basis)
    found = Redrawing(kind=DivisionChangeKind.RENAMED, on=on, moves=(), names={code: name})
    return finish(
        found,
        act="division.renamed",
        code=code,
        basis=basis,
        is_dry_run=is_dry_run,
        by=by,
        now=now,
    )
