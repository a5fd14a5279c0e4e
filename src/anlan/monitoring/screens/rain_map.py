"""The rain map: lines of equal rain over a division for one to 72 hours, and its towns."""

from datetime import datetime
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from anlan.kernel import clock
from anlan.kernel.paging import whole_number
from anlan.monitoring.core.drawing import Sheet, labels_apart, polygons_of
from anlan.monitoring.core.rain_classes import CLASSED, COLOURS, HOURS, STEPS_MM, step_of
from anlan.monitoring.queries.rain_map import (
    RainMap,
    TownRain,
    division_to_show,
    rain_map,
    slot_before,
)
from anlan.monitoring.screens.around import around, asked_code
from anlan.monitoring.screens.spans import as_field, asked_moment
from anlan.registry.api import bearings, place_choice

COMPACT: Final = {"ensure_ascii": False, "separators": (",", ":")}
USUAL_HOURS: Final = 24
CLASS_WORDS: Final = (
    gettext_lazy("light rain"),
    gettext_lazy("moderate rain"),
    gettext_lazy("heavy rain"),
    gettext_lazy("rainstorm"),
    gettext_lazy("heavy rainstorm"),
    gettext_lazy("extraordinary rainstorm"),
)
GAUGES_LISTED: Final = 20


@require_safe
def show_rain(request: HttpRequest) -> HttpResponse:
    """Show the rain of the last hours up to a moment, on the map and town by town."""
    code = division_to_show(asked_code(request.GET.get("division", "")))
    if not code:
        return render(request, "monitoring/rain.html", {**around(request), "sees_nothing": True})
    hours, at = _asked(request)
    found = rain_map(code, hours=hours, at=at, now=clock.now())
    is_print = request.GET.get("view") == "print"
    query = request.GET.copy()
    query.pop("view", None)
    names = bearings([code])
    context = {
        **around(request),
        "found": found,
        "name": names[code].name if code in names else code,
        "division": code,
        "hours": hours,
        "all_hours": HOURS,
        "at": at,
        "at_field": as_field(at),
        "places": place_choice(code),
        "legend": legend(hours),
        "towns": [(row, class_word(row, hours=hours)) for row in found.towns],
        "gauges": found.telling[:GAUGES_LISTED],
        "more": max(len(found.telling) - GAUGES_LISTED, 0),
        "quiet": len(found.gauges) - len(found.telling),
        "query": query.urlencode(),
        "chart": _settings(query.urlencode(), hours=hours),
    }
    if is_print:
        return render(request, "monitoring/rain_print.html", {**context, "drawn": drawn(found)})
    return render(request, "monitoring/rain.html", context)


@gzip_page
@require_safe
def rain_data(request: HttpRequest) -> JsonResponse:
    """Return what the map draws; a gauge is [lon, lat, mm, name, silent, id]."""
    code = division_to_show(asked_code(request.GET.get("division", "")))
    if not code:
        raise Http404
    hours, at = _asked(request)
    found = rain_map(code, hours=hours, at=at, now=clock.now())
    return JsonResponse(
        {
            "outline": polygons_of(found.outline),
            "inner": [polygons_of(each) for each in found.inner],
            "bands": [[STEPS_MM[hours].index(x.level_mm), x.areas] for x in found.bands],
            "lines": [[x.level_mm, x.lines] for x in found.lines],
            "gauges": [[x.lon, x.lat, x.mm, x.name, int(x.is_silent), x.id] for x in found.gauges],
        },
        json_dumps_params=COMPACT,
    )


def legend(hours: int) -> list[dict[str, Any]]:
    """Return the steps of the map, the most rain first: number, colour, range, class."""
    steps = STEPS_MM[hours]
    found = []
    for number, least in enumerate(steps):
        is_last = number == len(steps) - 1
        span = f"≥ {least:g}" if is_last else f"{least:g} – {steps[number + 1]:g}"
        word = CLASS_WORDS[number] if hours in CLASSED else ""
        found.append({"number": number, "colour": COLOURS[number], "span": span, "word": word})
    return found[::-1]


def class_word(row: TownRain, *, hours: int) -> str:
    """Return the class of a town's highest rain, nothing where there is none for these hours."""
    if hours not in CLASSED or row.highest_mm is None:
        return ""
    step = step_of(row.highest_mm, hours=hours)
    return str(CLASS_WORDS[step]) if step >= 0 else ""


def drawn(found: RainMap) -> dict[str, Any]:
    """Return the map as shapes on a sheet of paper."""
    rings = [ring for rings in polygons_of(found.outline) for ring in rings]
    points = [(float(p[0]), float(p[1])) for ring in rings for p in ring]
    sheet = Sheet([*points, *((gauge.lon, gauge.lat) for gauge in found.gauges)])
    gauges = [*found.telling, *(x for x in found.gauges if x.mm is None)]
    marks = [(*sheet.place(x.lon, x.lat), "" if x.mm is None else f"{x.mm:g}") for x in gauges]
    shown = labels_apart(marks)
    return {
        "width": sheet.width,
        "height": sheet.height,
        "outline": sheet.path(polygons_of(found.outline)),
        "inner": [sheet.path(polygons_of(each)) for each in found.inner],
        "bands": [
            (COLOURS[STEPS_MM[found.hours].index(x.level_mm)], sheet.path(x.areas))
            for x in found.bands
        ],
        "lines": [
            {
                "path": sheet.line(line),
                "text": f"{each.level_mm:g}",
                "at": sheet.place(*line[len(line) // 2][:2]),
            }
            for each in found.lines
            for line in each.lines
        ],
        "marks": [
            {"x": x, "y": y, "text": text, "is_shown": is_shown, "gauge": gauge}
            for (x, y, text), is_shown, gauge in zip(marks, shown, gauges, strict=True)
        ],
    }


def _asked(request: HttpRequest) -> tuple[int, datetime]:
    """Return the hours and the moment that an address asks for; never a moment to come."""
    now = slot_before(clock.now())
    hours = whole_number(request.GET.get("hours", ""), otherwise=USUAL_HOURS)
    asked = asked_moment(request.GET.get("at", ""))
    at = slot_before(asked) if asked is not None and asked.year > 1970 else now
    return (hours if hours in HOURS else USUAL_HOURS), min(at, now)


def _settings(query: str, *, hours: int) -> dict[str, Any]:
    """Return what the map's script needs to know."""
    return {
        "url": f"{reverse('rain_data')}?{query}",
        "station": reverse("station", args=[0]),
        "colours": COLOURS,
        "words": {
            "failed": _(
                "The map's data did not arrive. Check the network and load the page again."
            ),
            "none": _("told nothing in this time"),
            "silent": _("silent"),
            "open": _("Open its page"),
            "amount": _("%(mm)s mm in %(hours)s h") % {"mm": "{mm}", "hours": hours},
        },
    }
