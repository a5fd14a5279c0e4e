"""Spreadsheets: the template, the rows as they stand, the upload, what it would do, the undo."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.kernel import clock, journal, scope
from anlan.kernel.encryption import decrypt_bytes
from anlan.kernel.sheets.download import workbook
from anlan.kernel.sheets.reading import open_book
from anlan.kernel.sheets.unusable import MAX_BYTES, UnusableFile
from anlan.kernel.tables.intake import take_in
from anlan.kernel.tables.outgoing import rows_to_mend, table_rows, table_template
from anlan.kernel.tables.showing import Record, all_records
from anlan.kernel.tables.table import Table
from anlan.kernel.tables.undoing import CannotUndo
from anlan.registry.actions.carry_out_import import carry_out_import
from anlan.registry.actions.look_through_sheet import look_through_sheet
from anlan.registry.actions.receive_sheet import receive_sheet
from anlan.registry.actions.show_personal import show_personal
from anlan.registry.actions.undo_import import undo_import
from anlan.registry.data import ImportMode, Permission
from anlan.registry.keeping import ImportNotReady, ImportOutOfSight
from anlan.registry.models import SheetImport
from anlan.registry.queries.authorities import codes_where
from anlan.registry.queries.imports import ImportPage, access_import, imports_of
from anlan.registry.queries.pages import actor_for
from anlan.registry.screens.access import Access, access_to, grants_at
from anlan.registry.screens.narrowing import sought_in
from anlan.registry.tasks import carry_out, look_through

AT_ONCE = 1_000
SHOWN_BAD = 100


@require_safe
def download_template(request: HttpRequest, table: str) -> HttpResponse:
    """Give the empty workbook of a table."""
    access = access_to(request, table)
    content = table_template(access.table, created=_created())
    return workbook(content, name=f"{access.table.label}-{_('template')}.xlsx")


@require_safe
def export_table(request: HttpRequest, table: str) -> HttpResponse:
    """Give the rows of a table in sight as a workbook; numbers masked unless asked and allowed."""
    access = access_to(request, table)
    codes = access.exportable
    if not codes:
        raise PermissionDenied
    in_full = request.GET.get("in_full") == "1" and bool(access.table.personal)
    if in_full and not all(access.may_see_numbers(code) for code in codes):
        raise PermissionDenied
    with scope.limited_to(codes):
        found: Any = map(
            access.seen, all_records(access.table, sought_in(access.table, request.GET))
        )
        if in_full:
            found = list(found)
            _note_shown(request, access.table, found)
        _note_export(request, access.table, in_full=in_full, codes=codes)
        content = b"".join(table_rows(access.table, found, in_full=in_full, created=_created()))
    return workbook(content, name=f"{access.table.label}.xlsx")


def _note_shown(request: HttpRequest, table: Table, found: list[Record]) -> None:
    show_personal(
        table,
        shown=[r for r in found if any(r.values.get(c.name) for c in table.personal)],
        columns=table.personal,
        way="export",
        by=actor_for(request.user.pk),
        now=clock.now(),
    )


def _note_export(request: HttpRequest, table: Table, *, in_full: bool, codes: list[str]) -> None:
    for code in codes:
        journal.record(
            "sheet.exported",
            by=actor_for(request.user.pk),
            now=clock.now(),
            subject=f"table:{table.name}",
            division_code=code,
            detail={"in_full": in_full},
        )


def _created() -> Any:
    return timezone.make_naive(clock.now())


@require_http_methods(["GET", "HEAD", "POST"])
def upload_sheet(request: HttpRequest, table: str) -> HttpResponse:
    """Take a spreadsheet for a table: it is looked through first, and nothing is written yet."""
    access = access_to(request, table)
    if not access.importable:
        raise PermissionDenied
    problem = ""
    if request.method == "POST":
        try:
            return _received(request, access)
        except UnusableFile as error:
            problem = str(error)
    return render(
        request,
        "registry/upload.html",
        {
            "access": access,
            "table": access.table,
            "problem": problem,
            "most_mb": MAX_BYTES // 2**20,
            "imports": imports_of(request.user.pk, over=_over(request), table=access.table.name),
        },
    )


def _received(request: HttpRequest, access: Access) -> HttpResponse:
    sent = request.FILES.get("file")
    if sent is None or not sent.name:
        raise UnusableFile(_("Choose a file first."))
    if (sent.size or 0) > MAX_BYTES:
        raise UnusableFile(
            _("“%(name)s” is larger than %(most)s MB; split it.")
            % {"name": sent.name, "most": MAX_BYTES // 2**20}
        )
    by, now = actor_for(request.user.pk), clock.now()
    uuid = receive_sheet(
        sent.read(),
        file_name=sent.name,
        table=access.table,
        codes=access.importable,
        by=by,
        now=now,
    )
    rows = SheetImport.objects.values_list("total_rows", flat=True).get(uuid=uuid)
    if rows <= AT_ONCE:
        look_through_sheet(uuid, by=by, now=now)
    else:
        look_through.enqueue(uuid)
    return HttpResponseRedirect(reverse("sheet_import", args=[uuid]))


def _over(request: HttpRequest) -> list[str]:
    return codes_where(grants_at(request), Permission.MANAGE_ACCOUNTS)


def _page(request: HttpRequest, uuid: UUID) -> ImportPage:
    try:
        return access_import(uuid, account_id=request.user.pk, over=_over(request))
    except ImportOutOfSight as error:
        raise Http404 from error


@require_safe
def show_imports(request: HttpRequest) -> HttpResponse:
    """Show the latest spreadsheets that were sent in."""
    if not codes_where(grants_at(request), Permission.IMPORT_SHEETS):
        raise PermissionDenied
    found = imports_of(request.user.pk, over=_over(request))
    return render(request, "registry/imports.html", {"imports": found})


@require_safe
def show_import(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what a spreadsheet would do or has done; while the program is at work, how far it is."""
    page = _page(request, uuid)
    bad = page.account.get("bad", [])
    is_fragment = bool(request.headers.get("HX-Request"))
    return render(
        request,
        "registry/_import.html" if is_fragment else "registry/import.html",
        {
            "page": page,
            "row": page.row,
            "table": page.table,
            "bad": list(_with_labels(page, bad[:SHOWN_BAD])),
            "more_bad": max(page.row.bad_rows - SHOWN_BAD, 0),
            "good": page.row.new_rows + page.row.changed_rows,
            "changed": list(_changes_with_labels(page)),
            "added": page.account.get("new", []),
            "unknown": page.account.get("unknown", []),
            "modes": ImportMode,
        },
    )


def _with_labels(page: ImportPage, bad: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in bad:
        faults = [
            {"label": _label(page.table, name), "cell": cell, "sentence": sentence}
            for name, cell, sentence in row["faults"]
        ]
        yield {"row": row["row"], "sheet": row["sheet"], "faults": faults}


def _changes_with_labels(page: ImportPage) -> Iterator[dict[str, Any]]:
    for row in page.account.get("changed", []):
        columns = [
            {"label": _label(page.table, name), "before": before, "after": after}
            for name, before, after in row["columns"]
        ]
        yield {"row": row["row"], "title": row["title"], "columns": columns}


def _label(table: Table, name: str) -> str:
    return str(table.by_name[name].label) if name in table.by_name else ""


@require_POST
def carry_out_sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write what the spreadsheet says, now that its sender has seen what it would do."""
    page = _page(request, uuid)
    if page.row.account_id != request.user.pk:
        raise PermissionDenied
    mode = ImportMode.GOOD_ROWS if request.POST.get("mode") == "good_rows" else ImportMode.ALL
    if page.row.total_rows > AT_ONCE:
        carry_out.enqueue(str(uuid), mode.value)
        return HttpResponseRedirect(reverse("sheet_import", args=[uuid]))
    try:
        carry_out_import(str(uuid), mode=mode, by=actor_for(request.user.pk), now=clock.now())
    except ImportNotReady as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("sheet_import", args=[uuid]))


@require_POST
def undo_sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take back an import."""
    page = _page(request, uuid)
    access = access_to(request, page.table.name)
    if not access.importable:
        raise PermissionDenied
    with scope.limited_to(access.readable):
        try:
            undo_import(str(uuid), by=actor_for(request.user.pk), now=clock.now())
        except (ImportNotReady, CannotUndo) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The import is taken back; the table is as it was before."))
    return HttpResponseRedirect(reverse("sheet_import", args=[uuid]))


@require_safe
def download_bad_rows(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give the bad rows of a spreadsheet, the reason beside each, to be mended and sent again."""
    page = _page(request, uuid)
    content = SheetImport.objects.values_list("content", flat=True).get(pk=page.row.pk)
    if not content or not page.account.get("bad"):
        raise Http404
    intake = take_in(open_book(page.row.file_name, decrypt_bytes(content)), page.table)
    faults = {
        row["number"]: [(name, sentence) for name, _cell, sentence in row["faults"]]
        for row in page.account["bad"]
    }
    return workbook(
        rows_to_mend(intake, faults, created=_created()),
        name=f"{page.table.label}-{_('rows to mend')}.xlsx",
    )
