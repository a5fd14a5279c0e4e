"""What the chart of a station draws, as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from anlan.kernel import clock
from anlan.monitoring.core.spans import Span
from anlan.monitoring.data import EXCLUDED_FROM, Measure, Quality, StationOutOfSight
from anlan.monitoring.elements import numbers_known
from anlan.monitoring.models import Station
from anlan.monitoring.queries.limits_in_force import LimitInForce, limits_in_force
from anlan.monitoring.queries.series import Series, series, version_of
from anlan.monitoring.queries.station_page import ExceedanceRow, access_station, exceedances_of
from anlan.monitoring.queries.warned import WarnedRow, warnings_around
from anlan.monitoring.screens.spans import asked_span
from anlan.monitoring.screens.words import (
    decimals_of,
    figure_text,
    measure_text,
    summed_label,
    unit_sign,
)

COMPACT: Final = {"ensure_ascii": False, "separators": (",", ":")}
MOST_ELEMENTS: Final = 3
SHORTEST_SILENCE_S: Final = 3_600
REPORTS_MISSED: Final = 3
_MS_US: Final = 1_000


@gzip_page
@require_safe
def chart_data(request: HttpRequest, pk: int) -> HttpResponse:
    """Return elements of a station in sight over a span; nothing new where nothing has changed."""
    try:
        station = access_station(pk)
    except StationOutOfSight as error:
        raise Http404 from error
    span, _fault = asked_span(request, last=None, now=clock.now())
    warned = warnings_around(pk, since=span.start, until=span.end)
    last = warned[-1].id if warned else 0
    etag = quote_etag(f"{version_of(pk)}-{last}-{get_language()}")
    response = get_conditional_response(request, etag=etag)
    if response is None:
        document = _document(request, station, span=span, warned=warned)
        response = JsonResponse(document, json_dumps_params=COMPACT)
        response["ETag"] = etag
    patch_cache_control(response, private=True, max_age=0, must_revalidate=True)
    return response


def silent_after_s(station: Station) -> int:
    """Return after how many seconds without a value a line is broken."""
    return max(REPORTS_MISSED * station.interval_min * 60, SHORTEST_SILENCE_S)


def _document(
    request: HttpRequest, station: Station, *, span: Span, warned: Sequence[WarnedRow]
) -> dict[str, Any]:
    numbers = numbers_known(request.GET.getlist("element")[:MOST_ELEMENTS])
    limits = limits_in_force(station.pk, now=clock.now())
    stood = exceedances_of(station.pk, since=span.start, until=span.end)
    found = {
        code: series(
            station.pk,
            number,
            start=span.start,
            end=span.end,
            silent_s=silent_after_s(station),
        )
        for code, number in numbers.items()
    }
    offset = timezone.localtime(span.end).utcoffset()
    return {
        "from": _ms(span.start),
        "to": _ms(span.end),
        "offset": int(offset.total_seconds() * 1000) if offset else 0,
        "series": [
            _drawn(code, each, limits=limits, stood=_standing_on(code, numbers, stood), span=span)
            for code, each in found.items()
        ],
        "warnings": [
            {
                "at": _ms(row.issued_at),
                "colour": row.colour,
                "label": f"{row.town} {row.hazard.label} {row.colour.label}".strip(),
            }
            for row in warned
        ],
    }


def _standing_on(
    code: str, numbers: dict[str, int], stood: Sequence[ExceedanceRow]
) -> list[ExceedanceRow]:
    """Return what is shaded behind an element: its own, and behind the first what has no place."""
    first = next(iter(numbers))
    return [
        row
        for row in stood
        if row.element == code or (code == first and row.element not in numbers)
    ]


def _drawn(
    code: str,
    found: Series,
    *,
    limits: Sequence[LimitInForce],
    stood: Sequence[ExceedanceRow],
    span: Span,
) -> dict[str, Any]:
    return {
        "element": code,
        "label": summed_label(code),
        "unit": unit_sign(code),
        "decimals": decimals_of(code),
        "kind": "bars" if found.is_summed else "line",
        "step": found.step_s * 1000,
        "points": _points(found),
        "marked": [
            [micros // _MS_US, value, str(Quality(quality).label), int(quality >= EXCLUDED_FROM)]
            for micros, value, quality in zip(
                found.marked.micros.tolist(),
                found.marked.values.tolist(),
                found.marked.quality.tolist(),
                strict=True,
            )
        ],
        "limits": [
            {"value": limit.value, "colour": limit.colour, "label": _limit_label(limit)}
            for limit in limits
            if limit.element == code and _is_drawn(limit, found)
        ],
        "spans": [_shade(row, span=span) for row in stood],
    }


def _points(found: Series) -> list[list[float | None]]:
    """Return [ms, value], with an empty value where a line is broken."""
    rows: list[list[float | None]] = [
        [micros // _MS_US, round(value, 3)]
        for micros, value in zip(found.micros.tolist(), found.values.tolist(), strict=True)
    ]
    for place in reversed(found.breaks.tolist()):
        rows.insert(place + 1, [int(rows[place][0] or 0) + 1, None])
    return rows


def _is_drawn(limit: LimitInForce, found: Series) -> bool:
    """Tell whether a limit can stand in the chart: a last value, or the sum of just one bar."""
    if found.is_summed:
        return limit.measure == Measure.SUM and limit.window_min * 60 == found.step_s
    return limit.measure == Measure.LAST


def _limit_label(limit: LimitInForce) -> str:
    value = figure_text(limit.value, limit.element)
    text = f"{limit.hazard.label} {limit.colour.label} {value}"
    if limit.measure == Measure.SUM:
        text += " · " + measure_text(limit.measure, code=limit.element, window_min=limit.window_min)
    return f"{limit.village} {text}" if limit.village else text


def _shade(row: ExceedanceRow, *, span: Span) -> dict[str, Any]:
    name = f"{row.hazard.label} {row.colour.label}"
    return {
        "from": _ms(max(row.started_at, span.start)),
        "to": _ms(min(row.ended_at or span.end, span.end)),
        "colour": row.colour,
        "label": f"{name} ({_('doubtful')})" if row.is_doubtful else name,
    }


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
