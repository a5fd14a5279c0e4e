"""Staff gauges on a phone: the levels read by eye, what stands there, a wrong one corrected."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from anlan.kernel import clock, journal, scope
from anlan.kernel.paging import whole_number
from anlan.kernel.scope import narrowest
from anlan.kernel.sheets.download import workbook
from anlan.monitoring.actions.enter_staff_reading import enter_staff_reading
from anlan.monitoring.core.staff import Entered, Mark, Seen, Standing, standing
from anlan.monitoring.data import EXCLUDED_FROM
from anlan.monitoring.queries.levels import given_out, listed_levels, marks_of
from anlan.monitoring.queries.staff import GaugePage, StaffGauge, staff_gauges
from anlan.monitoring.refusals import (
    Complaint,
    GaugeOutOfSight,
    HandRefused,
    NotPermitted,
    ReadMeanwhile,
)
from anlan.monitoring.screens.around import around
from anlan.monitoring.screens.staff_typing import (
    Card,
    gauge_in_sight,
    local_input,
    may_enter,
    typed_level,
)
from anlan.monitoring.screens.staff_words import (
    entered_text,
    mark_name,
    quality_label,
    standing_text,
)
from anlan.monitoring.sheets.outgoing import staff_workbook
from anlan.registry.api import actor_for, bearings, codes_with, exportable, note_export
from anlan.registry.data import Permission

LONGEST_WORDS = 60
FRESH_FOR = timedelta(minutes=5)
HISTORY = 10
EXPORTED = timedelta(days=31)


@require_http_methods(["GET", "HEAD", "POST"])
def staff_readings(request: HttpRequest) -> HttpResponse:
    """Show the gauges of whoever asks with a field each, and store what is typed into them."""
    codes = codes_with(request, Permission.ENTER_READINGS)
    if not codes:
        raise PermissionDenied
    now = clock.now()
    words = request.GET.get("q", "").strip()[:LONGEST_WORDS]
    page = whole_number(request.GET.get("page", ""), otherwise=1)
    found = staff_gauges(narrowest(codes), words=words, page=page)
    typed = request.POST if request.method == "POST" else {}
    faults = _entered(request, found, now=now) if request.method == "POST" else {}
    if request.method == "POST" and not faults:
        return HttpResponseRedirect(request.get_full_path())
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "monitoring/staff_readings.html",
        {
            **around(request),
            "list": found,
            "cards": list(_cards(found, typed, faults=faults, now=now)),
            "words": words,
            "query": query.urlencode(),
            "may_import": _may_everything(request, Permission.IMPORT_SHEETS),
            "may_export": bool(codes_with(request, Permission.EXPORT_SHEETS)),
        },
    )


def _may_everything(request: HttpRequest, also: Permission) -> bool:
    """Tell whether whoever asks may do another thing too somewhere."""
    return bool(codes_with(request, also) and codes_with(request, Permission.ENTER_READINGS))


def _entered(
    request: HttpRequest, found: GaugePage, *, now: datetime
) -> dict[int, list[Complaint]]:
    """Store what was typed, gauge by gauge, and return what is wrong with the others."""
    faults: dict[int, list[Complaint]] = {}
    done: list[tuple[StaffGauge, Entered]] = []
    typed = [gauge for gauge in found.rows if request.POST.get(f"level_{gauge.id}", "").strip()]
    for gauge in typed:
        try:
            level = typed_level(request, gauge.id, now=now)
            (entered,) = enter_staff_reading([level], by=actor_for(request.user.pk), now=now)
        except HandRefused as error:
            faults[gauge.id] = list(error.complaints)
        except ReadMeanwhile as error:
            faults[gauge.id] = [Complaint(0, "level", str(error))]
        except (GaugeOutOfSight, NotPermitted) as error:
            raise PermissionDenied from error
        else:
            done.append((gauge, entered))
    marks = marks_of([gauge for gauge, _entered in done], now=now)
    for gauge, entered in done:
        messages.success(request, entered_text(entered, gauge.name, marks[gauge.id]))
    if not typed:
        messages.error(request, _("Type the level of at least one gauge."))
    return faults


def _cards(
    found: GaugePage,
    typed: Mapping[str, str],
    *,
    faults: Mapping[int, list[Complaint]],
    now: datetime,
) -> Iterator[Card]:
    marks = marks_of(found.rows, now=now)
    places = bearings(gauge.division_code for gauge in found.rows)
    shown = local_input(now)
    for gauge in found.rows:
        wrong = faults.get(gauge.id, [])
        place = places.get(gauge.division_code)
        yield Card(
            gauge=gauge,
            place=place.name if place else "",
            standing=_standing_of(gauge.last, marks[gauge.id]),
            level=typed.get(f"level_{gauge.id}", "") if wrong else "",
            at=typed.get(f"at_{gauge.id}", "") if wrong else shown,
            shown=typed.get(f"shown_{gauge.id}", "") if wrong else shown,
            faults=wrong,
        )


def _standing_of(last: Seen | None, marks: tuple[Mark, ...]) -> str:
    found: Standing | None = standing(last.level_m, marks) if last else None
    return standing_text(found) if last else ""


@require_safe
def staff_gauge(request: HttpRequest, gauge: int) -> HttpResponse:
    """Show the levels of the last days at one gauge, and who entered or corrected them."""
    found, now = gauge_in_sight(gauge), clock.now()
    marks = marks_of([found], now=now)[found.id]
    place = bearings([found.division_code]).get(found.division_code)
    return render(
        request,
        "monitoring/staff_gauge.html",
        {
            **around(request),
            "gauge": found,
            "place": place.name if place else "",
            "marks": [(mark_name(mark), mark) for mark in marks],
            "standing": _standing_of(found.last, marks),
            "levels": [
                (seen, quality_label(seen.quality), seen.quality < EXCLUDED_FROM)
                for seen in listed_levels(found.id, now=now)
            ],
            "may_enter": may_enter(request, found),
            "history": journal.entries_about(f"staff_gauge:{found.id}", most=HISTORY),
        },
    )


@require_safe
def staff_export(request: HttpRequest) -> HttpResponse:
    """Give the levels of the last month as a workbook, of the places whose rows may be given."""
    codes, now = exportable(request), clock.now()
    with scope.limited_to(codes):
        note_export(request, "staff-readings", codes)
        content = staff_workbook(given_out(since=now - EXPORTED), created=now)
    return workbook(content, name=f"{_('Staff gauge readings')}.xlsx")
