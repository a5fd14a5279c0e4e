"""The single readings of a station, and a person's word on one of them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from anlan.kernel import clock
from anlan.kernel.paging import whole_number
from anlan.monitoring.actions.overrule_reading import CannotOverrule, overrule_reading
from anlan.monitoring.core.intake import moment_of
from anlan.monitoring.core.main_elements import charted_elements
from anlan.monitoring.data import Quality, StationKind
from anlan.monitoring.elements import numbers_known
from anlan.monitoring.queries.readings_page import COUNTED, KINDS, listed_readings
from anlan.monitoring.queries.station_page import Measured, latest_values
from anlan.monitoring.screens.around import around, asked_choice, check_keeper, may_keep
from anlan.monitoring.screens.spans import LABELS, as_field, asked_span
from anlan.monitoring.screens.station import station_or_404
from anlan.registry.api import actor_for

KIND_LABELS = {
    "doubtful": gettext_lazy("doubtful"),
    "excluded": gettext_lazy("do not count"),
    "late": gettext_lazy("came late"),
    "overruled": gettext_lazy("decided by a person"),
}
MOST_DIGITS = 17


@require_safe
def show_readings(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the readings of one element of a station in sight, narrowed to what was asked for."""
    station = station_or_404(pk)
    latest = latest_values(pk)
    code = request.GET.get("element", "") or _first(StationKind(station.kind), latest)
    number = numbers_known([code]).get(code, -1)
    last = next((each.observed_at for each in latest if each.element == code), None)
    span, fault = asked_span(request, last=last, now=clock.now())
    kind = asked_choice(request.GET.get("kind", ""), KINDS)
    shown = listed_readings(
        pk,
        number,
        span=span,
        kind=kind,
        page=whole_number(request.GET.get("page", ""), otherwise=1),
    )
    query = request.GET.copy()
    for name in ("page", "reading"):
        query.pop(name, None)
    return render(
        request,
        "monitoring/readings.html",
        {
            **around(request),
            "station": station,
            "latest": latest,
            "code": code,
            "number": number,
            "list": shown,
            "counted": f"{min(shown.total, COUNTED):,}{'+' if shown.total > COUNTED else ''}",
            "span": span,
            "span_fault": fault,
            "spans": LABELS.items(),
            "fields": {"from": as_field(span.start), "to": as_field(span.end)},
            "kind": kind,
            "kinds": KIND_LABELS.items(),
            "query": query.urlencode(),
            "chosen": _key(request.GET.get("reading", "")),
            "may_keep_it": may_keep(request, station.division_id),
        },
    )


@require_POST
def overrule(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a person's word on one reading of a station."""
    station = station_or_404(pk)
    check_keeper(request, station.division_id)
    asked = request.POST
    code, key = asked.get("element", ""), _key(asked.get("reading", ""))
    if not key:
        raise Http404
    try:
        overrule_reading(
            station_id=pk,
            element=numbers_known([code]).get(code, -1),
            observed_at=moment_of(key),
            quality=_quality(asked.get("quality", "")),
            reason=asked.get("reason", ""),
            by=actor_for(request.user.pk),
            now=clock.now(),
        )
    except CannotOverrule as error:
        messages.error(request, str(error))
        return _back(request, pk, code=code, key=key)
    messages.success(request, _("Noted. The value itself stays as it came."))
    return _back(request, pk, code=code, key=0)


def _first(kind: StationKind, latest: list[Measured]) -> str:
    by_number = {each.number: each.element for each in latest}
    chosen = charted_elements(kind, by_number)
    return by_number[chosen[0]] if chosen else next(iter(by_number.values()), "")


def _quality(text: str) -> Quality:
    """Return the quality that a form names; the action refuses those that nobody may give."""
    return Quality(int(text)) if asked_choice(text, Quality.values) else Quality.GOOD


def _key(text: str) -> int:
    """Return the instant of a reading in µs, 0 for anything else."""
    is_number = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if is_number else 0


def _back(request: HttpRequest, pk: int, *, code: str, key: int) -> HttpResponseRedirect:
    asked = {"element": code}
    for name in ("from", "to", "kind", "page"):
        if value := request.POST.get(name, ""):
            asked[name] = value[:40]
    if key:
        asked["reading"] = str(key)
    address = reverse("station_readings", args=[pk])
    return HttpResponseRedirect(f"{address}?{urlencode(asked)}{'#chosen' if key else ''}")
