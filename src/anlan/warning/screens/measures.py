"""The page of measures, and the same as a spreadsheet."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anlan.kernel import clock, scope
from anlan.kernel.codes import InvalidDivisionCode, check_code
from anlan.kernel.sheets.download import workbook
from anlan.kernel.sheets.writing import SheetColumn, write_rows
from anlan.registry.api import codes_with, exportable, note_export, town_choice
from anlan.registry.data import Colour, Hazard, Permission
from anlan.warning.core.measures import CallFigures, WarningFigures
from anlan.warning.queries.measures import Measured, MeasureFilter, Measures, measures_of

MOST_PEOPLE = 50
MOST_UNJUDGED = 20
YEARS = range(2000, 2101)
MONTH = timedelta(days=30)


@require_safe
def show_measures(request: HttpRequest) -> HttpResponse:
    """Show how people were called and warnings were right over a span."""
    now = clock.now()
    wanted = _wanted(request, now=now)
    found = measures_of(wanted, now=now)
    return render(
        request,
        "warning/measures.html",
        {
            "wanted": wanted,
            "calls": readable(found.calls),
            "warnings": readable(found.warnings),
            "parts": [
                (title, head, [_shown(part) for part in parts], key)
                for key, title, head, parts in _sections(found)
            ],
            "people": [_shown(part) for part in found.by_person[:MOST_PEOPLE]],
            "people_total": len(found.by_person),
            "unjudged": found.unjudged[:MOST_UNJUDGED],
            "unjudged_total": len(found.unjudged),
            "query": request.GET.urlencode(),
            "spans": list(_spans(request, today=timezone.localdate(now))),
            "hazards": Hazard,
            "colours": list(reversed(Colour)),
            "towns": town_choice(),
            "may_export": bool(codes_with(request, Permission.EXPORT_SHEETS)),
        },
    )


@require_safe
def export_measures(request: HttpRequest) -> HttpResponse:
    """Give the measures as a workbook, of the places whose rows may be given out."""
    codes = exportable(request)
    now = clock.now()
    with scope.limited_to(codes):
        note_export(request, "warning_measures", codes)
        found = measures_of(_wanted(request, now=now), now=now)
    columns = [SheetColumn(heading, width) for heading, width, _cell in _columns()]
    rows = (
        [cell(title, part) for _heading, _width, cell in _columns()] for title, part in _rows(found)
    )
    created = timezone.make_naive(now)
    content = b"".join(write_rows(_("Measures of warnings"), columns, rows, created=created))
    return workbook(content, name=f"{_('Measures of warnings')}.xlsx")


def readable(figures: CallFigures | WarningFigures) -> dict[str, Any]:
    """Return figures with shares as percentages to one decimal."""
    return {name: _percent(name, value) for name, value in asdict(figures).items()}


def _percent(name: str, value: Any) -> Any:
    is_part = name.endswith(("_share", "_ratio"))
    return round(100 * value, 1) if is_part and value is not None else value


def _shown(part: Measured) -> dict[str, Any]:
    return {
        "key": part.key,
        "name": part.name,
        "where": part.where,
        "calls": readable(part.calls),
        "warnings": readable(part.warnings),
    }


def _sections(found: Measures) -> list[tuple[str, str, str, tuple[Measured, ...]]]:
    return [
        ("town", _("By town"), _("Town"), found.by_town),
        ("hazard", _("By hazard"), _("Hazard"), found.by_hazard),
        ("colour", _("By colour"), _("Colour"), found.by_colour),
    ]


def _rows(found: Measures) -> Iterator[tuple[str, Measured]]:
    yield _("All together"), Measured(key="", name="", calls=found.calls, warnings=found.warnings)
    for _key, title, _head, parts in _sections(found):
        yield from ((title, part) for part in parts)
    yield from ((_("By person"), part) for part in found.by_person)


Cell = Callable[[str, Measured], object]


def _columns() -> Iterable[tuple[str, int, Cell]]:
    """Give heading, width and content of each column; a person has no figures of warnings."""
    yield _("Grouped"), 12, lambda title, part: title
    yield _("Of whom or what"), 18, lambda title, part: part.name
    yield _("Village"), 18, lambda title, part: part.where
    for name, heading in {
        "calls": _("Calls counted"),
        "running": _("Limit still runs"),
        "replaced": _("Called again under a higher warning"),
        "answered": _("Answered"),
        "answered_share": _("Answered, %"),
        "in_time": _("Answered in time"),
        "in_time_share": _("Answered in time, %"),
        "median_min": _("Minutes to the answer, median"),
        "p95_min": _("Minutes to the answer, 95 of 100"),
        "went_up": _("Went up the ladder"),
        "nobody": _("Nobody answered"),
        "reported": _("Told what was done"),
        "reported_share": _("Told what was done, % of answered"),
        "notified": _("People notified"),
        "moved": _("People moved"),
    }.items():
        yield heading, 14, _call_cell(name)
    for name, heading in {
        "warnings": _("Warnings"),
        "in_force": _("In force"),
        "not_judged": _("Not judged"),
        "came": _("It came"),
        "averted": _("It came and harmed nobody"),
        "false_alarms": _("False alarms"),
        "false_ratio": _("False alarms, % of judged"),
        "timed": _("Lead time known"),
        "lead_median_min": _("Lead time in minutes, median"),
        "lead_least_min": _("Lead time in minutes, shortest"),
        "too_late": _("Issued too late"),
    }.items():
        yield heading, 14, _warning_cell(name)


def _call_cell(name: str) -> Cell:
    return lambda title, part: _rounded(readable(part.calls)[name])


def _warning_cell(name: str) -> Cell:
    return lambda title, part: "" if part.where else _rounded(readable(part.warnings)[name])


def _rounded(value: Any) -> Any:
    return round(value, 1) if isinstance(value, float) else value


def _wanted(request: HttpRequest, *, now: datetime) -> MeasureFilter:
    """Return the filter of an address; what it does not know narrows nothing."""
    asked, today = request.GET, timezone.localdate(now)
    since = _day(asked.get("since", ""), otherwise=today.replace(month=1, day=1))
    until = _day(asked.get("until", ""), otherwise=today)
    colour, hazard, town = (asked.get(name, "") for name in ("colour", "hazard", "town"))
    try:
        check_code(town)
    except InvalidDivisionCode:
        town = ""
    return MeasureFilter(
        since=min(since, until),
        until=max(since, until),
        hazard=hazard if hazard in Hazard.values else "",
        colour=int(colour) if colour in {str(value) for value in Colour.values} else None,
        town=town,
    )


def _day(text: str, *, otherwise: date) -> date:
    try:
        found = parse_date(text)
    except ValueError:
        return otherwise
    return found if found and found.year in YEARS else otherwise


def _spans(request: HttpRequest, *, today: date) -> Iterator[tuple[str, str, bool]]:
    """Give the spans that people ask for most: name, query, and whether it is the present one."""
    new_year = today.replace(month=1, day=1)
    for name, since, until in (
        (_("this year"), new_year, today),
        (_("last year"), new_year.replace(year=today.year - 1), new_year - timedelta(days=1)),
        (_("last 30 days"), today - MONTH, today),
    ):
        query = request.GET.copy()
        query["since"], query["until"] = since.isoformat(), until.isoformat()
        asked = (request.GET.get("since", ""), request.GET.get("until", ""))
        is_here = asked == (query["since"], query["until"]) or (
            asked == ("", "") and since == new_year
        )
        yield name, urlencode(list(query.items())), is_here
