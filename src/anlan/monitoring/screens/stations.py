"""The list of stations, and the same as a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anlan.kernel import clock, scope
from anlan.kernel.paging import whole_number
from anlan.kernel.sheets.download import workbook
from anlan.kernel.sheets.writing import SheetColumn, write_rows
from anlan.monitoring.data import StationKind
from anlan.monitoring.queries.listing import (
    COUNTED,
    StationFilter,
    StationRow,
    all_listed,
    listed_stations,
    standing,
)
from anlan.monitoring.screens.around import around, asked_choice, asked_code
from anlan.monitoring.screens.words import element_label, unit_sign
from anlan.registry.api import codes_with, exportable, note_export, place_choice
from anlan.registry.data import Colour, Permission

LONGEST_WORDS = 60


@require_safe
def list_stations(request: HttpRequest) -> HttpResponse:
    """Show the stations in sight with what they measured last, narrowed to what was asked for."""
    wanted = _wanted(request)
    now = clock.now()
    shown = listed_stations(wanted, now=now)
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "monitoring/stations.html",
        {
            **around(request),
            "list": shown,
            "counted": f"{min(shown.total, COUNTED):,}{'+' if shown.total > COUNTED else ''}",
            "wanted": wanted,
            "query": query.urlencode(),
            "kinds": StationKind,
            "colours": list(reversed(Colour)),
            "places": place_choice(wanted.division),
            "standing": standing(wanted.division),
            "may_export": bool(codes_with(request, Permission.EXPORT_SHEETS)),
        },
    )


@require_safe
def export_stations(request: HttpRequest) -> HttpResponse:
    """Give the stations that fit as a workbook, of the places whose rows may be given out."""
    codes = exportable(request)
    now = clock.now()
    with scope.limited_to(codes):
        note_export(request, "stations", codes)
        rows = (_cells(row) for row in all_listed(_wanted(request), now=now))
        content = b"".join(
            write_rows(_("Stations"), _columns(), rows, created=timezone.make_naive(now))
        )
    return workbook(content, name=f"{_('Stations')}.xlsx")


def _wanted(request: HttpRequest) -> StationFilter:
    """Return the filter of an address; what it does not know narrows nothing."""
    asked = request.GET
    colour = asked_choice(asked.get("colour", ""), Colour.values)
    return StationFilter(
        division=asked_code(asked.get("division", "")),
        kind=asked_choice(asked.get("kind", ""), StationKind.values),
        words=asked.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS],
        colour=int(colour) if colour else None,
        is_over=asked.get("state", "") == "over",
        is_silent=asked.get("state", "") == "silent",
        is_doubtful=asked.get("state", "") == "doubtful",
        page=whole_number(asked.get("page", ""), otherwise=1),
    )


def _columns() -> list[SheetColumn]:
    wide, plain = 20, 14
    return [
        SheetColumn(_("Station"), wide),
        SheetColumn(_("Kind"), plain),
        SheetColumn(_("Address"), plain, as_text=True),
        SheetColumn(_("Town"), plain),
        SheetColumn(_("Division"), plain),
        SheetColumn(_("Division code"), plain, as_text=True),
        SheetColumn(_("Measured"), wide),
        SheetColumn(_("Value"), plain),
        SheetColumn(_("Unit"), plain),
        SheetColumn(_("Quality"), plain),
        SheetColumn(_("Time of the value"), wide),
        SheetColumn(_("Rain of 1 h (mm)"), plain),
        SheetColumn(_("Rain of 24 h (mm)"), plain),
        SheetColumn(_("Battery (V)"), plain),
        SheetColumn(_("Over a threshold"), plain),
        SheetColumn(_("Last contact"), wide),
        SheetColumn(_("Silent since"), wide),
    ]


def _cells(row: StationRow) -> list[Any]:
    return [
        row.name,
        row.kind.label,
        row.address,
        row.town,
        row.division,
        row.division_code,
        *_value_cells(row),
        *(row.rain_mm.get(hours) for hours in (1, 24)),
        row.voltage.value if row.voltage else None,
        row.colour.label if row.colour else "",
        row.heard_at,
        row.silent_since,
    ]


def _value_cells(row: StationRow) -> Iterator[Any]:
    if row.main is None:
        yield from (None, None, None, None, None)
        return
    yield element_label(row.main.element)
    yield row.main.value
    yield unit_sign(row.main.element)
    yield row.main.quality.label
    yield row.main.observed_at
