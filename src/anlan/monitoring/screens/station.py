"""The page of one station, its pictures, and what is asked of it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anlan.kernel import clock
from anlan.kernel.paging import whole_number
from anlan.monitoring.actions.ask_station import ask_station
from anlan.monitoring.core.main_elements import charted_elements
from anlan.monitoring.core.spans import Span
from anlan.monitoring.data import CannotAsk, Question, StationKind, StationOutOfSight
from anlan.monitoring.models import Station
from anlan.monitoring.queries.chart_table import table_rows
from anlan.monitoring.queries.limits_in_force import limits_in_force
from anlan.monitoring.queries.station_page import (
    Measured,
    access_station,
    commands_to,
    exceedances_of,
    latest_values,
    months_of,
    picture,
    pictures_of,
    silences_of,
)
from anlan.monitoring.screens.around import around, check_keeper, may_keep
from anlan.monitoring.screens.chart import MOST_ELEMENTS
from anlan.monitoring.screens.command_words import OFFERED, answer_text, asked_text
from anlan.monitoring.screens.spans import LABELS, as_field, asked_span
from anlan.registry.api import actor_for


@require_safe
def show_station(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a station in sight: what it is, what it measures, and what it stood over."""
    station = station_or_404(pk)
    now = clock.now()
    latest = latest_values(pk)
    charted = _charted(request, station, latest)
    last = max((each.observed_at for each in charted), default=None)
    span, fault = asked_span(request, last=last, now=now)
    stood = exceedances_of(pk)
    silences = silences_of(pk)
    return render(
        request,
        "monitoring/station.html",
        {
            **around(request),
            "station": station,
            "kind": StationKind(station.kind),
            "latest": latest,
            "charted": charted,
            "chart": _chart_settings(station, charted, span=span),
            "span": span,
            "span_fault": fault,
            "spans": LABELS.items(),
            "fields": {"from": as_field(span.start), "to": as_field(span.end)},
            "elements_query": urlencode([("element", each.element) for each in charted]),
            "around_span": _neighbours(request, span),
            "table": table_rows(pk, {x.element: x.number for x in charted}, span=span),
            "limits": limits_in_force(pk, now=now),
            "open": [row for row in stood if row.ended_at is None],
            "past": [row for row in stood if row.ended_at is not None],
            "silences": silences,
            "silent": next((row for row in silences if row.ended_at is None), None),
            "months": months_of(pk),
            "commands": [
                {"row": row, "asked": asked_text(row), "answer": answer_text(row)}
                for row in commands_to(pk)
            ],
            "questions": OFFERED,
            "pictures": pictures_of(pk),
            "may_keep_it": may_keep(request, station.division_id),
        },
    )


@require_safe
def show_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a picture that a station in sight has sent."""
    try:
        content = picture(pk)
    except StationOutOfSight as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a command for a station, which goes out when it calls."""
    station = station_or_404(pk)
    check_keeper(request, station.division_id)
    asked = request.POST.get("what", "")
    minutes = whole_number(request.POST.get("minutes", ""), otherwise=0)
    try:
        question = Question(asked)
        ask_station(
            pk,
            question=question,
            minutes=minutes or None,
            by=actor_for(request.user.pk),
            now=clock.now(),
        )
    except CannotAsk as error:
        messages.error(request, str(error))
    except (ValueError, StationOutOfSight):
        messages.error(request, _("Choose what to ask of the station."))
    else:
        messages.success(
            request,
            _("It goes out when the station calls the next time: %(what)s.")
            % {"what": question.label},
        )
    return HttpResponseRedirect(reverse("station", args=[pk]) + "#commands")


def station_or_404(pk: int) -> Station:
    """Return a station in sight, or a page that says there is none."""
    try:
        return access_station(pk)
    except StationOutOfSight as error:
        raise Http404 from error


def _charted(request: HttpRequest, station: Station, latest: Sequence[Measured]) -> list[Measured]:
    """Return the elements that the chart shows: those asked for, else the station's main ones."""
    by_code = {each.element: each for each in latest}
    asked = dict.fromkeys(code for code in request.GET.getlist("element") if code in by_code)
    if asked:
        return [by_code[code] for code in asked][:MOST_ELEMENTS]
    by_number = {each.number: each for each in latest}
    return [by_number[n] for n in charted_elements(StationKind(station.kind), by_number)]


def _chart_settings(station: Station, charted: Sequence[Measured], *, span: Span) -> dict[str, Any]:
    """Return what the chart's script needs to know beside the data."""
    return {
        "url": reverse("station_series", args=[station.pk]),
        "elements": [each.element for each in charted],
        "from": span.start.isoformat(),
        "to": span.end.isoformat(),
        "words": {
            "failed": _(
                "The chart's data did not arrive. Check the network and load the page again."
            ),
            "nothing": _("No value in this span."),
            "excluded": _("does not count"),
            "highest": _("highest"),
            "lowest": _("lowest"),
            "sum": _("sum"),
            "until": _("to"),
            "warnings": _("warnings issued"),
        },
    }


def _neighbours(request: HttpRequest, span: Span) -> dict[str, str]:
    """Return the queries of the span before and the one after."""
    found = {}
    for name, steps in (("before", -1), ("after", 1)):
        query = request.GET.copy()
        query.pop("span", None)
        moved = span.moved(steps)
        query["from"], query["to"] = as_field(moved.start), as_field(moved.end)
        found[name] = query.urlencode()
    return found
