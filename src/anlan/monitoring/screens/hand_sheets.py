"""Spreadsheets of what was seen by eye: the template, the upload, what it would do, the writing."""

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

from anlan.kernel import clock
from anlan.kernel.encryption import decrypt_bytes
from anlan.kernel.sheets.download import workbook
from anlan.kernel.sheets.unusable import MAX_BYTES, UnusableFile
from anlan.kernel.tables.drafts import RowState
from anlan.kernel.tables.outgoing import faults_of, rows_to_mend, table_template
from anlan.monitoring.actions.carry_out_hand_sheet import carry_out_hand_sheet
from anlan.monitoring.actions.receive_hand_sheet import receive_hand_sheet
from anlan.monitoring.data import HandSubject
from anlan.monitoring.models import HandSheet
from anlan.monitoring.queries.hand_sheets import access_sheet, sheets_of
from anlan.monitoring.refusals import HandRefused, ReadMeanwhile, SheetNotReady, SheetOutOfSight
from anlan.monitoring.screens.around import around
from anlan.monitoring.sheets.columns import TABLES
from anlan.monitoring.sheets.judging import JUDGES
from anlan.monitoring.sheets.planning import NEEDS, HandPlan, plan_hand_sheet
from anlan.registry.api import actor_for, codes_with
from anlan.registry.data import ImportMode, ImportState

SHOWN_BAD = 100
WAYS_BACK = {HandSubject.STAFF: "staff_readings", HandSubject.MACRO: "macro_observation"}
UPLOADS = {HandSubject.STAFF: "staff_sheet", HandSubject.MACRO: "macro_sheet"}
TEMPLATES = {HandSubject.STAFF: "staff_template", HandSubject.MACRO: "macro_template"}


def _check_sender(request: HttpRequest) -> None:
    if not all(codes_with(request, need) for need in NEEDS):
        raise PermissionDenied


@require_safe
def hand_template(request: HttpRequest, subject: HandSubject) -> HttpResponse:
    """Give the empty workbook of a subject."""
    _check_sender(request)
    table = TABLES[subject]
    content = table_template(table, created=timezone.make_naive(clock.now()))
    return workbook(content, name=f"{table.label}-{_('template')}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def upload_hand_sheet(request: HttpRequest, subject: HandSubject) -> HttpResponse:
    """Take a spreadsheet: it is looked through, and nothing is written yet."""
    _check_sender(request)
    problem = ""
    if request.method == "POST":
        try:
            return HttpResponseRedirect(reverse("hand_sheet", args=[_received(request, subject)]))
        except UnusableFile as error:
            problem = str(error)
    return render(
        request,
        "monitoring/hand_upload.html",
        {
            **_words(request, subject),
            "problem": problem,
            "most_mb": MAX_BYTES // 2**20,
            "sheets": sheets_of(request.user.pk, subject=subject),
        },
    )


def _words(request: HttpRequest, subject: HandSubject) -> dict[str, Any]:
    return {
        **around(request),
        "table": TABLES[subject],
        "way_back": WAYS_BACK[subject],
        "upload": UPLOADS[subject],
        "template": TEMPLATES[subject],
    }


def _received(request: HttpRequest, subject: HandSubject) -> str:
    sent = request.FILES.get("file")
    if sent is None or not sent.name:
        raise UnusableFile(_("Choose a file first."))
    if (sent.size or 0) > MAX_BYTES:
        raise UnusableFile(
            _("“%(name)s” is larger than %(most)s MB; split it.")
            % {"name": sent.name, "most": MAX_BYTES // 2**20}
        )
    return receive_hand_sheet(
        sent.read(),
        file_name=sent.name,
        subject=subject,
        by=actor_for(request.user.pk),
        now=clock.now(),
    )


def _sheet(request: HttpRequest, uuid: UUID) -> HandSheet:
    try:
        return access_sheet(str(uuid), account_id=request.user.pk)
    except SheetOutOfSight as error:
        raise Http404 from error


def _plan(request: HttpRequest, row: HandSheet) -> HandPlan | None:
    """Return what a spreadsheet would do now; once it is written, what was left as it was sent."""
    if not row.content:
        return None
    is_open = row.state == ImportState.PLANNED
    subject = HandSubject(row.subject)
    return plan_hand_sheet(
        subject,
        file_name=row.file_name,
        content=decrypt_bytes(row.content),
        judge=JUDGES[subject],
        by=actor_for(request.user.pk),
        now=clock.now() if is_open else row.created_at,
    )


@require_safe
def hand_sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what a spreadsheet would do, or what has become of it, with each bad cell named."""
    row = _sheet(request, uuid)
    plan = _plan(request, row)
    counts = plan.counts() if plan and row.state == ImportState.PLANNED else _kept_counts(row)
    return render(
        request,
        "monitoring/hand_sheet.html",
        {
            **_words(request, HandSubject(row.subject)),
            "row": row,
            "is_cleared": plan is None,
            "counts": {state.value: count for state, count in counts.items()},
            "good": counts[RowState.NEW] + counts[RowState.CHANGED],
            "bad": list(_bad_rows(plan))[:SHOWN_BAD] if plan else [],
            "more_bad": max(counts[RowState.BAD] - SHOWN_BAD, 0),
            "unknown": plan.intake.unknown if plan else (),
        },
    )


def _kept_counts(row: HandSheet) -> dict[RowState, int]:
    return {
        RowState.NEW: row.new_rows,
        RowState.CHANGED: row.changed_rows,
        RowState.UNCHANGED: row.unchanged_rows,
        RowState.BAD: row.bad_rows,
    }


def _bad_rows(plan: HandPlan) -> Iterator[dict[str, Any]]:
    """Give each bad row with its cells, what they are called, and what is wrong with them."""
    for (sheet, index), draft in zip(plan.intake.places(), plan.drafts, strict=True):
        if draft.faults:
            yield {
                "sheet": sheet.grid.name,
                "row": draft.number,
                "faults": [
                    {
                        "cell": plan.intake.cell(sheet, index, fault.column),
                        "label": plan.intake.table.by_name[fault.column].label,
                        "sentence": fault.sentence,
                    }
                    for fault in draft.faults
                ],
            }


@require_POST
def hand_carry_out(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write what a spreadsheet says, now that its sender has seen what it would do."""
    row = _sheet(request, uuid)
    _check_sender(request)
    mode = ImportMode.GOOD_ROWS if request.POST.get("mode") == "good_rows" else ImportMode.ALL
    try:
        carry_out_hand_sheet(
            str(row.uuid), mode=mode, by=actor_for(request.user.pk), now=clock.now()
        )
    except (SheetNotReady, HandRefused, ReadMeanwhile) as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("hand_sheet", args=[uuid]))


@require_safe
def hand_bad_rows(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give the bad rows of a spreadsheet, the reason beside each, to be mended and sent again."""
    plan = _plan(request, _sheet(request, uuid))
    if plan is None or not plan.in_state(RowState.BAD):
        raise Http404
    content = rows_to_mend(
        plan.intake, faults_of(plan.drafts), created=timezone.make_naive(clock.now())
    )
    return workbook(content, name=f"{plan.intake.table.label}-{_('rows to mend')}.xlsx")
