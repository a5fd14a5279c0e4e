"""The form of one record, one mould for every table."""

from dataclasses import dataclass, field
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.kernel import clock, scope
from anlan.kernel.paging import whole_number
from anlan.kernel.tables.columns import Choice, Column, Course, Text, YesNo
from anlan.kernel.tables.showing import Record
from anlan.kernel.tables.table import Table
from anlan.registry.actions.remove_record import remove_record
from anlan.registry.actions.save_record import save_record
from anlan.registry.keeping import (
    RecordChangedSince,
    RecordInUse,
    RecordOutOfSight,
    RecordRefused,
)
from anlan.registry.queries.pages import actor_for
from anlan.registry.queries.suggestions import suggestions_for
from anlan.registry.screens.access import Access, access_to
from anlan.registry.screens.register import known_record

SET_BY_THE_PROGRAM = frozenset({"uuid", "located", "parent"})
LONG_TEXT = 100


@dataclass
class Field:
    """One input of the form: its column, what stands in it, what was wrong with it."""

    column: Column
    value: str
    faults: list[str] = field(default_factory=list)

    @property
    def options(self) -> list[tuple[str, str]]:
        """Return the choices of a select, none for another input."""
        kind = self.column.kind
        if isinstance(kind, Choice):
            return [(str(m.value), str(m.label)) for m in kind.of]
        if isinstance(kind, YesNo):
            words = kind.choices()
            return [("1", words[0]), ("0", words[1])]
        return []

    @property
    def is_long(self) -> bool:
        """Tell whether the text wants several lines."""
        kind = self.column.kind
        return isinstance(kind, Text) and kind.longest > LONG_TEXT


def columns_of_form(table: Table, *, is_new: bool) -> list[Column]:
    """Return the columns that people fill in."""
    return [
        column
        for column in table.columns
        if column.name not in SET_BY_THE_PROGRAM
        and not isinstance(column.kind, Course)
        and (is_new or not column.is_fixed)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def new_record(request: HttpRequest, table: str) -> HttpResponse:
    """Add a record to a table."""
    access = access_to(request, table)
    if not access.writable:
        raise PermissionDenied
    return _edit(request, access, record=None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_record(request: HttpRequest, table: str, address: str) -> HttpResponse:
    """Change a record of a table."""
    access = access_to(request, table)
    with scope.limited_to(access.readable):
        record = known_record(access, address)
    if not access.may_change(record.home):
        raise PermissionDenied
    return _edit(request, access, record=record)


def _edit(request: HttpRequest, access: Access, *, record: Record | None) -> HttpResponse:
    columns = columns_of_form(access.table, is_new=record is None)
    if request.method != "POST":
        fields = [Field(column=c, value=_value_in(c, record, request)) for c in columns]
        with scope.limited_to(access.readable):
            return _form(request, access, record=record, fields=fields)
    fields = [Field(column=c, value=request.POST.get(c.name, "")) for c in columns]
    with scope.limited_to(access.readable):
        try:
            address = save_record(
                access.table,
                cells={each.column.name: each.value for each in fields},
                allowed=access.allowed,
                by=actor_for(request.user.pk),
                now=clock.now(),
                address=record.address if record else "",
                version=_version(request) if record else None,
            )
        except RecordRefused as error:
            return _form(
                request, access, record=record, fields=fields, other=_spread(fields, error)
            )
        except (RecordChangedSince, RecordOutOfSight) as error:
            other = [str(error) or _("This record is no longer there.")]
            return _form(request, access, record=record, fields=fields, other=other)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("register_record", args=[access.table.name, address]))


def _form(
    request: HttpRequest,
    access: Access,
    *,
    record: Record | None,
    fields: list[Field],
    other: list[str] | None = None,
) -> HttpResponse:
    bad = [each for each in fields if each.faults]
    return render(
        request,
        "registry/form.html",
        {
            "access": access,
            "table": access.table,
            "record": record,
            "fields": fields,
            "bad": bad,
            "other": other or [],
            "version": request.POST.get("version") or (record.version if record else ""),
        },
    )


def _spread(fields: list[Field], error: RecordRefused) -> list[str]:
    """Put each fault to its field, and return those that belong to none."""
    by_name = {each.column.name: each for each in fields}
    rest = []
    for fault in error.faults:
        if fault.column in by_name:
            by_name[fault.column].faults.append(fault.sentence)
        else:
            rest.append(fault.sentence)
    return rest


def _version(request: HttpRequest) -> int:
    return whole_number(request.POST.get("version", ""), otherwise=0)


def _value_in(column: Column, record: Record | None, request: HttpRequest) -> str:
    """Return what stands in an input: the record's value, or what the address suggests."""
    if record is None:
        return request.GET.get(column.name, "")[:200]
    value = record.values.get(column.name)
    if isinstance(column.kind, Choice):
        return str(value or "")
    if isinstance(column.kind, YesNo):
        return "" if value is None else "1" if value else "0"
    shown = record.shown(column)
    if isinstance(shown, date):
        return shown.isoformat()
    if isinstance(shown, float) and shown.is_integer():
        return str(int(shown))
    return "" if shown is None else str(shown)


@require_POST
def remove(request: HttpRequest, table: str, address: str) -> HttpResponse:
    """Remove a record that was entered by mistake."""
    access = access_to(request, table)
    with scope.limited_to(access.readable):
        record = known_record(access, address)
        if not access.may_change(record.home):
            raise PermissionDenied
        try:
            remove_record(
                access.table,
                address=address,
                version=_version(request),
                allowed=access.allowed,
                by=actor_for(request.user.pk),
                now=clock.now(),
            )
        except (RecordInUse, RecordChangedSince) as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(
                reverse("register_record", args=[access.table.name, address])
            )
    messages.success(request, _("Removed."))
    return HttpResponseRedirect(reverse("register_table", args=[access.table.name]))


@require_safe
def suggest(request: HttpRequest, table: str) -> HttpResponse:
    """Suggest what a cell that names another record may say."""
    access = access_to(request, table)
    column = access.table.by_name.get(request.GET.get("column", ""))
    words = request.GET.get(column.name, "") if column else ""
    with scope.limited_to(access.readable):
        found = suggestions_for(column, words) if column and column.is_reference else []
        return render(request, "registry/_suggestions.html", {"found": found})
