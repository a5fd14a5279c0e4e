from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from anlan.kernel import scope
from anlan.kernel.actors import Actor
from anlan.registry.data import DivisionChangeKind
from anlan.registry.facts import redrawing_asked
from anlan.registry.redrawing import (
    Redrawing,
    check_level,
    check_new_code,
    check_paper,
    checked_name,
    renumbered,
)
from anlan.registry.relocation.finishing import finish
from anlan.registry.relocation.moving import move_all
from anlan.registry.relocation.tree import (
    access_divisions,
    all_in,
    codes_taken,
    names_beside,
    parent_for,
    renumber,
    standings,
)


@transaction.atomic
def recode_division(
    code: str,
    *,
    new_code: str,
    on: date,
    basis: str,
    is_dry_run: bool = False,
    by: Actor,
    now: datetime,
) -> Redrawing:
    """Give a division and all in it another code from a day on; every row moves with it.

    A village goes to another town of its county this way, a county to its new digits. Raises
    UnknownDivision for a code out of sight and RedrawingRefused with the reason.
    """
    row = access_divisions([code])[code]
    check_level(code)
    redrawing_asked.send(sender=None, codes=[code])
    with scope.everywhere("recode a division"):
        today = timezone.localtime(now).date()
        check_paper(on=on, basis=basis, today=today, concerned=standings([row]))
        taken = codes_taken(code) | codes_taken(new_code)
        check_new_code(new_code, like=code, taken=taken)
        checked_name(
            row.name,
            siblings=names_beside(code, parent=parent_for(new_code, like=row)),
        )
        rows = all_in(code)
        moves = renumbered((each.code for each in rows), old=code, new=new_code, taken=taken)
        renumber(rows, moves, on=on, basis=basis)
        counted = move_all(moves, now=now)
    found = Redrawing(
        kind=DivisionChangeKind.RECODED,
        on=on,
        moves=tuple(moves),
        names={new_code: row.name},
        rows=counted,
    )
    return finish(
        found,
        act="division.recoded",
        code=new_code,
        basis=basis,
        is_dry_run=is_dry_run,
        by=by,
        now=now,
    )
