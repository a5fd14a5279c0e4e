"""How often a table was written: the watch against plans that are out of date."""

from typing import ClassVar

from django.db import connection

from anlan.kernel.models import TableRevision
from anlan.kernel.tables.table import Table


class PlanOutOfDate(RuntimeError):
    """The table was written after the plan was made; make it anew."""

    retries: ClassVar[int] = 3


def revision_of(table: Table) -> int:
    """Return how often the table was written."""
    row = TableRevision.objects.filter(name=table.name).first()
    return row.number if row else 0


def take_revision(table: Table, *, expected: int) -> None:
    """Count one more write of the table; raise PlanOutOfDate when somebody was quicker.

    The row is locked until the transaction ends, so that two plans are carried out one after the
    other.
    """
    if expected == 0:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO kernel_tablerevision (name, number) VALUES (%s, 0) "
                "ON CONFLICT (name) DO NOTHING",
                [table.name],
            )
    taken = TableRevision.objects.filter(name=table.name, number=expected).update(
        number=expected + 1
    )
    if taken != 1:
        raise PlanOutOfDate(table.name)
