"""Macro-observation of a day: which stations have reported, and the form of one of them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from anlan.kernel import clock
from anlan.monitoring.actions.report_macro import report_macro
from anlan.monitoring.core.macro import REPORTED_BACK
from anlan.monitoring.data import MacroEntry, MacroKind
from anlan.monitoring.queries.macro import (
    StationDay,
    access_station_day,
    count_open_anomalies,
    station_days,
)
from anlan.monitoring.refusals import (
    HandRefused,
    NotPermitted,
    ReadMeanwhile,
    StationOutOfSight,
)
from anlan.monitoring.screens.around import around
from anlan.monitoring.screens.macro_rows import (
    by_kind,
    entries_typed,
    is_quiet_press,
    nothing_unusual,
    rows_of,
)
from anlan.registry.api import actor_for, bearings, codes_with, macro_places, may
from anlan.registry.data import Permission


@require_safe
def macro_observation(request: HttpRequest) -> HttpResponse:
    """Show what each station in sight has reported of a day, today unless asked otherwise."""
    now = clock.now()
    day = asked_day(request.GET.get("day", ""), now=now)
    found = station_days(macro_places(), day=day, now=now)
    places = bearings(each.place.division_code for each in found)
    return render(
        request,
        "monitoring/macro_observation.html",
        {
            **around(request),
            **_days(day, now=now),
            "stations": [
                {
                    "shown": each,
                    "place": places.get(each.place.division_code),
                    "may_enter": _may_enter(request, each),
                }
                for each in found
            ],
            "missing": sum(1 for each in found if each.missing),
            "open_anomalies": count_open_anomalies(),
            "may_import": bool(
                codes_with(request, Permission.ENTER_READINGS)
                and codes_with(request, Permission.IMPORT_SHEETS)
            ),
        },
    )


def asked_day(text: str, *, now: datetime) -> date:
    """Return the day that an address asks for, today for anything else or what is too far off."""
    today = timezone.localdate(now)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if today - REPORTED_BACK <= day <= today else today


def _days(day: date, *, now: datetime) -> dict[str, object]:
    """Return the day and those around it, as the pages lead from one to the next."""
    today = timezone.localdate(now)
    return {
        "day": day,
        "today": today,
        "before": day - timedelta(days=1) if day > today - REPORTED_BACK else None,
        "after": day + timedelta(days=1) if day < today else None,
    }


def _may_enter(request: HttpRequest, shown: StationDay) -> bool:
    grants = getattr(request, "grants", ())
    return may(grants, Permission.ENTER_READINGS, division_code=shown.place.division_code)


@require_http_methods(["GET", "HEAD", "POST"])
def macro_form(request: HttpRequest, place: int) -> HttpResponse:
    """Show the form of one station and day, a row a kind, and keep what is sent."""
    now = clock.now()
    typed = request.POST if request.method == "POST" else None
    day = asked_day((typed or request.GET).get("day", ""), now=now)
    try:
        shown = access_station_day(place, day=day, now=now)
    except StationOutOfSight as error:
        raise Http404 from error
    if not _may_enter(request, shown):
        raise PermissionDenied
    faults: dict[MacroKind, list[str]] = {}
    if typed is not None:
        faults = _kept(request, typed, shown, now=now)
        if not faults:
            return HttpResponseRedirect(f"{reverse('macro_observation')}?day={day.isoformat()}")
        if is_quiet_press(typed):
            typed = None
    return render(
        request,
        "monitoring/macro_form.html",
        {
            **around(request),
            **_days(day, now=now),
            "shown": shown,
            "place": bearings([shown.place.division_code]).get(shown.place.division_code),
            "rows": rows_of(shown, typed, faults=faults),
            "has_faults": bool(faults),
        },
    )


def _kept(
    request: HttpRequest, typed: Mapping[str, str], shown: StationDay, *, now: datetime
) -> dict[MacroKind, list[str]]:
    """Keep what a form says, and return what is wrong with which kind; then nothing is kept."""
    faults: dict[MacroKind, list[str]] = {}
    if is_quiet_press(typed):
        entries = nothing_unusual(shown)
    else:
        entries, faults = entries_typed(typed, place_id=shown.place.id, day=shown.day)
    if faults:
        return faults
    try:
        report_macro(entries, by=actor_for(request.user.pk), now=now)
    except HandRefused as error:
        return by_kind(entries, error.complaints)
    except ReadMeanwhile as error:
        return {MacroKind.OTHER: [str(error)]}
    except NotPermitted as error:
        raise PermissionDenied from error
    messages.success(request, _told(entries, shown))
    return {}


def _told(entries: list[MacroEntry], shown: StationDay) -> str:
    """Return what was reported, as one sentence."""
    facts = {"station": shown.place.name, "day": shown.day.isoformat()}
    strange = [str(entry.kind.label) for entry in entries if entry.is_anomaly]
    if not entries:
        return _("%(station)s has reported %(day)s already.") % facts
    if not strange:
        return _("Reported: %(station)s, %(day)s, nothing unusual.") % facts
    facts["kinds"] = "、".join(strange)
    return (
        _("Reported: %(station)s, %(day)s, anomaly of %(kinds)s. The county looks into it.") % facts
    )
