from collections.abc import Sequence
from datetime import datetime

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.tables.columns import Column
from anlan.kernel.tables.showing import Record
from anlan.kernel.tables.table import Table


def show_personal(
    table: Table,
    *,
    shown: Sequence[Record],
    columns: Sequence[Column],
    way: str,
    by: Actor,
    now: datetime,
) -> None:
    """Write down that numbers of persons were shown in full: of whom, which, and by what way."""
    names = [column.name for column in columns]
    journal.record_all(
        [
            journal.Note(
                act="personal.shown",
                subject=f"{table.name}:{record.address}",
                division_code=record.home,
                detail={"columns": names, "way": way},
            )
            for record in shown
        ],
        by=by,
        now=now,
    )
