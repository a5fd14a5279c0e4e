"""What keeping the tables can meet: refusals, and the plan of a spreadsheet."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from anlan.kernel.codes import contains
from anlan.kernel.scope import limited_to
from anlan.kernel.sheets.reading import open_book
from anlan.kernel.tables.drafts import Fault, Plan
from anlan.kernel.tables.intake import Intake, table_for, take_in
from anlan.kernel.tables.planning import Allowed, plan_rows
from anlan.kernel.tables.progress import Told, part, tell
from anlan.kernel.tables.table import Table, table_named
from anlan.registry.data import Office, Permission
from anlan.registry.models import SheetImport
from anlan.registry.queries.authorities import codes_where, grants_of


class RecordRefused(ValueError):
    """A row that cannot be kept, with what is wrong with each of its columns."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(fault.sentence for fault in faults))


class RecordChangedSince(RuntimeError):
    """Somebody else has changed the record since it was read."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has changed this record in the meantime; look at it again first.")
        )


class RecordOutOfSight(LookupError):
    """There is no such record among those in sight."""


class RecordInUse(RuntimeError):
    """A record that others refer to cannot be removed."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(
            _("%(count)s other records refer to this one; change or remove those first.")
            % {"count": count}
        )


class ImportOutOfSight(LookupError):
    """There is no such import among those of this account."""


class ImportNotReady(RuntimeError):
    """The import is not in the state that this step needs."""


def allowed_within(codes: Iterable[str]) -> Allowed:
    """Return what tells whether a division lies in one of these."""
    outer = tuple(codes)
    return lambda code: any(contains(each, code) for each in outer)


def everywhere_allowed(code: str) -> bool:
    """Allow every division: whoever runs commands on the machine itself."""
    return bool(code)


@contextmanager
def as_importer(row: SheetImport, *, now: datetime) -> Iterator[Allowed]:
    """See what whoever sent a spreadsheet may see now, and give what they may change now.

    A command on the machine itself, which has no account, keeps the scope that it runs in.
    """
    if row.account_id is None:
        yield allowed_within(row.codes) if row.codes else everywhere_allowed
        return
    table = table_named(row.table)
    grants = grants_of(row.account_id, at=now)
    writable = codes_where(grants, Permission(table.writing), office=Office(table.office))
    with limited_to(codes_where(grants, Permission(table.reading))):
        yield allowed_within(code for code in writable if code in row.codes)


@dataclass(frozen=True)
class SheetPlan:
    """A spreadsheet read, and what it would do."""

    intake: Intake
    plan: Plan

    @property
    def digest(self) -> str:
        """Return what tells this plan from another: what becomes of each row, and why."""
        found = hashlib.sha256()
        for draft in self.plan.drafts:
            found.update(f"{draft.state.value}{draft.pk}{sorted(draft.changes)}".encode())
        return found.hexdigest()


def plan_sheet(
    file_name: str,
    content: bytes,
    *,
    table: Table | None,
    tables: Sequence[Table],
    allowed: Allowed,
    told: Told | None = None,
) -> SheetPlan:
    """Read a spreadsheet and return what it would do; `table` None lets its headings decide.

    Raises UnusableFile with a sentence when nothing of it can be used.
    """
    tell(told, 0.0)
    book = open_book(file_name, content)
    tell(told, 0.1)
    intake = take_in(book, table or table_for(book, tables))
    tell(told, 0.15)
    plan = plan_rows(intake.table, intake.rows(), allowed=allowed, told=part(told, 0.2, 1.0))
    return SheetPlan(intake=intake, plan=plan)
