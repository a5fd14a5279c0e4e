"""The reports of macro-observation stations: the list, the sheet of it, one report, its verdict."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from anlan.kernel import clock, journal, scope
from anlan.kernel.paging import whole_number
from anlan.kernel.sheets.download import workbook
from anlan.monitoring.actions.verify_macro import verify_macro
from anlan.monitoring.core.macro import MEASURED
from anlan.monitoring.data import MacroKind, MacroResult, MacroState
from anlan.monitoring.models import MacroReport
from anlan.monitoring.queries.macro import (
    MacroSought,
    access_report,
    listed_reports,
    sought_reports,
)
from anlan.monitoring.refusals import MayNotVerify, NotPermitted, ReportOutOfSight
from anlan.monitoring.screens.around import around, asked_choice, asked_code, may_keep
from anlan.monitoring.screens.macro_rows import FIGURES
from anlan.monitoring.sheets.outgoing import macro_workbook
from anlan.registry.api import actor_for, bearings, codes_with, exportable, note_export, town_choice
from anlan.registry.data import Permission

LONGEST_WORDS = 60
HISTORY = 20
CHUNK = 2_000
RESULTS = (
    (MacroResult.NORMAL.value, MacroResult.NORMAL.label),
    (MacroResult.ANOMALY.value, gettext_lazy("every anomaly")),
    (MacroState.REPORTED.value, gettext_lazy("anomaly nobody has looked into")),
    (MacroState.VERIFIED.value, MacroState.VERIFIED.label),
    (MacroState.DISMISSED.value, MacroState.DISMISSED.label),
)


@require_safe
def macro_reports(request: HttpRequest) -> HttpResponse:
    """Show the reports in sight, the latest day first, narrowed to what was asked for."""
    sought = _sought(request)
    page = whole_number(request.GET.get("page", ""), otherwise=1)
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "monitoring/macro_reports.html",
        {
            **around(request),
            "list": listed_reports(sought, page=page),
            "sought": sought,
            "kinds": MacroKind,
            "results": RESULTS,
            "towns": town_choice(),
            "query": query.urlencode(),
            "may_export": bool(codes_with(request, Permission.EXPORT_SHEETS)),
        },
    )


def _sought(request: HttpRequest) -> MacroSought:
    asked = request.GET
    return MacroSought(
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
        kind=asked_choice(asked.get("kind", ""), MacroKind.values),
        result=asked_choice(asked.get("result", ""), [value for value, _label in RESULTS]),
        town=asked_code(asked.get("town", "")),
        words=asked.get("q", "").strip()[:LONGEST_WORDS],
        place=whole_number(asked.get("place", ""), otherwise=0),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_safe
def macro_export(request: HttpRequest) -> HttpResponse:
    """Give the reports that fit as a workbook, of the places whose rows may be given out."""
    codes = exportable(request)
    with scope.limited_to(codes):
        note_export(request, "macro-reports", codes)
        content = macro_workbook(
            sought_reports(_sought(request)).iterator(CHUNK), created=clock.now()
        )
    return workbook(content, name=f"{_('Macro-observation reports')}.xlsx")


@require_safe
def macro_report(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one report whole, with the buttons that verify or dismiss its anomaly."""
    row = _report(uuid)
    place = bearings([row.place.division_id]).get(row.place.division_id)
    return render(
        request,
        "monitoring/macro_report.html",
        {
            **around(request),
            "row": row,
            "place": place,
            "figures": list(_figures(row)),
            "earlier": list(_earlier(row)),
            "may_judge": row.is_anomaly
            and row.state == MacroState.REPORTED
            and may_keep(request, row.place.division_id),
            "verdicts": (MacroState.VERIFIED, MacroState.DISMISSED),
            "history": journal.entries_about(f"macro_report:{row.uuid}", most=HISTORY),
        },
    )


def _figures(row: MacroReport) -> Iterator[tuple[Any, str]]:
    for name in MEASURED[MacroKind(row.kind)]:
        value = getattr(row, name)
        if value is not None:
            yield FIGURES[name], f"{value:g}"


def _earlier(row: MacroReport) -> Iterator[dict[str, Any]]:
    """Give what was reported of the day before, the latest first."""
    for said in reversed(row.earlier):
        as_was = MacroReport(
            kind=row.kind, **{name: said[name] for name in ("is_anomaly", "sign", *FIGURES)}
        )
        yield {**said, "row": as_was, "figures": list(_figures(as_was))}


def _report(uuid: UUID) -> MacroReport:
    try:
        return access_report(str(uuid))
    except ReportOutOfSight as error:
        raise Http404 from error


@require_POST
def macro_verify(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Verify the anomaly of a report, or dismiss it with a reason."""
    row = _report(uuid)
    if not may_keep(request, row.place.division_id):
        raise PermissionDenied
    verdict = request.POST.get("verdict", "")
    try:
        verify_macro(
            str(uuid),
            verdict=MacroState(verdict) if verdict in MacroState.values else MacroState.REPORTED,
            reason=request.POST.get("reason", ""),
            by=actor_for(request.user.pk),
            now=clock.now(),
        )
    except MayNotVerify as error:
        messages.error(request, str(error))
    except NotPermitted as error:
        raise PermissionDenied from error
    else:
        messages.success(
            request,
            _("Verified: the anomaly stands.")
            if verdict == MacroState.VERIFIED
            else _("Dismissed: the report stays, with your reason beside it."),
        )
    return HttpResponseRedirect(reverse("macro_report", args=[uuid]))
