"""Adding and changing a station, its thresholds, and the villages that it speaks for."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anlan.kernel import clock
from anlan.kernel.codes import Level, ancestor_of
from anlan.kernel.paging import whole_number
from anlan.monitoring.actions.keep_cover import keep_cover
from anlan.monitoring.actions.keep_station import keep_station
from anlan.monitoring.actions.keep_threshold import keep_threshold
from anlan.monitoring.actions.remove_threshold import remove_threshold
from anlan.monitoring.core.limit_order import pairs_out_of_order
from anlan.monitoring.data import Measure, StationKind, StationOutOfSight
from anlan.monitoring.keeping import ChangedMeanwhile, Refused, StationFacts
from anlan.monitoring.models import Station
from anlan.monitoring.queries.keeping import covers_of, facts_of, kept_thresholds
from anlan.monitoring.queries.station_page import latest_values
from anlan.monitoring.screens.around import around, asked_code, check_keeper
from anlan.monitoring.screens.station import station_or_404
from anlan.monitoring.screens.station_forms import StationForm, ThresholdForm
from anlan.registry.api import actor_for, division_text, place_choice
from anlan.registry.data import Hazard

LEVEL_CODES = ("ZU", "Z")


@require_http_methods(["GET", "HEAD", "POST"])
def new_station(request: HttpRequest) -> HttpResponse:
    """Add a station by hand."""
    check_keeper(request)
    form = StationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        check_keeper(request, form.cleaned_data["division"])
        if key := _kept(request, form, station_id=None):
            return HttpResponseRedirect(reverse("station", args=[key]))
    return _station_page(request, form, station=None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_station(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a station in sight."""
    station = station_or_404(pk)
    check_keeper(request, station.division_id)
    facts = facts_of(station)
    form = StationForm(request.POST or None, initial=_initial(station, facts))
    if request.method == "POST" and form.is_valid():
        check_keeper(request, form.cleaned_data["division"])
        if _kept(request, form, station_id=pk):
            return HttpResponseRedirect(reverse("station", args=[pk]))
    return _station_page(request, form, station=station)


@require_http_methods(["GET", "HEAD", "POST"])
def station_thresholds(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the thresholds that are a station's own, and set one."""
    station = station_or_404(pk)
    check_keeper(request, station.division_id)
    now = clock.now()
    codes = [each.element for each in latest_values(pk)]
    form = ThresholdForm(
        request.POST or None,
        elements=codes,
        initial={"effective_from": timezone.localdate(now), **_usual(station, codes)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            keep_threshold(form.facts(), station_id=pk, by=actor_for(request.user.pk), now=now)
        except Refused as error:
            form.take_faults(error.faults)
        else:
            messages.success(request, _("The threshold is set. The rules take it up at once."))
            return HttpResponseRedirect(reverse("station_thresholds", args=[pk]))
    kept = kept_thresholds(pk, now=now)
    return render(
        request,
        "monitoring/thresholds.html",
        {
            **around(request),
            "station": station,
            "form": form,
            "kept": kept,
            "disorder": pairs_out_of_order(row for row in kept if not row.is_ahead),
        },
    )


@require_POST
def drop_threshold(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a threshold of a station that has never fired."""
    station = station_or_404(pk)
    check_keeper(request, station.division_id)
    try:
        remove_threshold(
            whole_number(request.POST.get("threshold", ""), otherwise=0),
            station_id=pk,
            by=actor_for(request.user.pk),
            now=clock.now(),
        )
    except StationOutOfSight as error:
        raise Http404 from error
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The threshold is removed."))
    return HttpResponseRedirect(reverse("station_thresholds", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def station_villages(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and set for which villages of a town a station speaks, hazard by hazard."""
    station = station_or_404(pk)
    check_keeper(request, station.division_id)
    town = asked_code(request.GET.get("town", "")) or ancestor_of(
        station.division_id, level=Level.TOWN
    )
    villages = place_choice(town).inside
    if request.method == "POST":
        changed = keep_cover(
            pk,
            villages=[village.code for village in villages],
            pairs=[
                (village.code, hazard)
                for village in villages
                for hazard in Hazard
                if request.POST.get(f"{village.code}-{hazard.value}")
            ],
            by=actor_for(request.user.pk),
            now=clock.now(),
        )
        messages.success(request, _("%(n)s changes are kept.") % {"n": changed})
        return HttpResponseRedirect(f"{reverse('station_villages', args=[pk])}?town={town}")
    covered = covers_of(pk)
    return render(
        request,
        "monitoring/villages.html",
        {
            **around(request),
            "station": station,
            "town": town,
            "towns": place_choice(ancestor_of(station.division_id, level=Level.COUNTY)).inside,
            "hazards": list(Hazard),
            "rows": [
                (village, [(hazard, (village.code, hazard.value) in covered) for hazard in Hazard])
                for village in villages
            ],
            "count": len({code for code, _hazard in covered}),
        },
    )


def _usual(station: Station, codes: list[str]) -> dict[str, Any]:
    """Return what a threshold of a station mostly is: of its level, or of rain in an hour."""
    hazard = {
        StationKind.RIVER: Hazard.RIVER_FLOOD,
        StationKind.RESERVOIR: Hazard.RESERVOIR,
        StationKind.GATE: Hazard.RESERVOIR,
    }.get(StationKind(station.kind))
    if hazard is None:
        return {"hazard": Hazard.FLASH_FLOOD, "element": "PN05", "window_min": 60}
    level = next((code for code in LEVEL_CODES if code in codes), LEVEL_CODES[-1])
    return {"hazard": hazard, "measure": Measure.LAST, "element": level}


def _kept(request: HttpRequest, form: StationForm, *, station_id: int | None) -> int:
    """Carry out what a valid form says; 0 where the action refused it, with sentences."""
    try:
        key = keep_station(
            form.facts(),
            station_id=station_id,
            seen=form.cleaned_data["seen"],
            by=actor_for(request.user.pk),
            now=clock.now(),
        )
    except Refused as error:
        form.take_faults(error.faults)
        return 0
    except ChangedMeanwhile as error:
        form.add_error(None, str(error))
        return 0
    messages.success(request, _("Saved."))
    return key


def _initial(station: Station, facts: StationFacts) -> dict[str, Any]:
    return {
        "name": facts.name,
        "kind": facts.kind,
        "protocol": facts.protocol,
        "address": facts.address,
        "division": division_text(facts.division),
        "place": station.place.name if station.place else "",
        "lon": facts.lon,
        "lat": facts.lat,
        "interval_min": facts.interval_min,
        "password": facts.password,
        "base_m": facts.base_m,
        "rain_from": facts.rain_from,
        "device_model": str(facts.device_model_id or ""),
        "is_active": facts.is_active,
        "seen": facts.seen,
    }


def _station_page(
    request: HttpRequest, form: StationForm, *, station: Station | None
) -> HttpResponse:
    return render(
        request,
        "monitoring/station_form.html",
        {**around(request), "form": form, "station": station},
    )
