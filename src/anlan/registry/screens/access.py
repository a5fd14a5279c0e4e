"""What somebody may do with one table: which rows they see, which they may change."""

from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from anlan.kernel import clock
from anlan.kernel.tables.planning import Allowed
from anlan.kernel.tables.showing import Record
from anlan.kernel.tables.table import NoSuchTable, Table, table_named, tables
from anlan.registry.data import Office, Permission
from anlan.registry.keeping import allowed_within
from anlan.registry.queries.authorities import Grant, codes_where, grants_of, may
from anlan.registry.tables.references import HOUSEHOLD


@dataclass(frozen=True)
class Access:
    """The rights of one account over one table."""

    table: Table
    grants: tuple[Grant, ...]

    @property
    def readable(self) -> list[str]:
        """Return the divisions whose rows may be seen."""
        return codes_where(self.grants, Permission(self.table.reading))

    @property
    def writable(self) -> list[str]:
        """Return the divisions whose rows may be changed."""
        return codes_where(
            self.grants, Permission(self.table.writing), office=Office(self.table.office)
        )

    @property
    def importable(self) -> list[str]:
        """Return the divisions into which spreadsheets may be taken."""
        may_import = set(codes_where(self.grants, Permission.IMPORT_SHEETS))
        return [code for code in self.writable if code in may_import]

    @property
    def may_export(self) -> bool:
        """Tell whether the table may be given out as a spreadsheet."""
        return bool(codes_where(self.grants, Permission.EXPORT_SHEETS))

    @property
    def exportable(self) -> list[str]:
        """Return the divisions whose rows may be given out."""
        readable = set(self.readable)
        given = codes_where(self.grants, Permission.EXPORT_SHEETS)
        return [code for code in given if code in readable]

    @property
    def allowed(self) -> Allowed:
        """Return what tells whether rows of a division may be changed."""
        return allowed_within(self.writable)

    def may_change(self, home: str) -> bool:
        """Tell whether the rows of this division may be changed."""
        return self.allowed(home)

    def seen(self, record: Record) -> Record:
        """Return a record without the household that it names, where those may not be read."""
        hidden = {column.name for column in self.table.columns if column.kind is HOUSEHOLD}
        if not hidden or may(self.grants, Permission.READ_HOUSEHOLDS, division_code=record.home):
            return record
        texts = {name: text for name, text in record.texts.items() if name not in hidden}
        return replace(record, texts=texts)

    def may_see_numbers(self, home: str) -> bool:
        """Tell whether numbers of persons there may be seen in full."""
        return may(self.grants, Permission.SHOW_PERSONAL, division_code=home)


def grants_at(request: HttpRequest) -> tuple[Grant, ...]:
    """Return the grants of whoever asks, as the middleware has found them."""
    found: tuple[Grant, ...] | None = getattr(request, "grants", None)
    return grants_of(request.user.pk, at=clock.now()) if found is None else found


def access_to(request: HttpRequest, name: str) -> Access:
    """Return the rights over a table of whoever asks; refuse those who may see nothing of it."""
    try:
        table = table_named(name)
    except NoSuchTable as error:
        raise Http404 from error
    access = Access(table=table, grants=grants_at(request))
    if not access.readable:
        raise PermissionDenied
    return access


def tables_for(request: HttpRequest) -> list[Access]:
    """Return the rights over every table that whoever asks may see anything of."""
    grants = grants_at(request)
    found = [Access(table=table, grants=grants) for table in tables()]
    return [access for access in found if access.readable]
