"""The critical rain of villages: list, one row, the spreadsheet in and out, how soils dry."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.kernel import clock, scope
from anlan.kernel.codes import InvalidDivisionCode, UnknownDivision
from anlan.kernel.paging import whole_number
from anlan.kernel.sheets.download import workbook
from anlan.kernel.sheets.unusable import MAX_BYTES, UnusableFile
from anlan.monitoring.actions.drop_critical_rain import drop_critical_rain
from anlan.monitoring.actions.keep_critical_rain import keep_critical_rain
from anlan.monitoring.actions.keep_soil_model import keep_soil_model
from anlan.monitoring.core.critical_rain import SOIL_MM, WETNESS, VillageRain
from anlan.monitoring.queries.critical_rain import listed_rain, rain_rows, soil_rows
from anlan.monitoring.rule_refusals import RainRefused, RuleOutOfSight, RuleRefused
from anlan.monitoring.screens.around import around, asked_code, check_keeper
from anlan.monitoring.sheets.critical_rain import RAIN, rain_template, rain_workbook, read_rain
from anlan.registry.api import (
    actor_for,
    codes_with,
    division_meant,
    exportable,
    note_export,
    place_choice,
    present_bearings,
)
from anlan.registry.data import Permission

AMOUNTS = tuple(f"{stage}_{soil}_mm" for stage in ("prepare", "move") for soil in WETNESS)
SHOWN_BAD = 100


@require_safe
def list_rain(request: HttpRequest) -> HttpResponse:
    """Show the critical rain of the villages in sight."""
    return _page(request)


def _page(
    request: HttpRequest,
    *,
    typed: Mapping[str, str] | None = None,
    faults: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    asked = request.GET
    division = asked_code(asked.get("division", ""))
    query = asked.copy()
    query.pop("page", None)
    keeping = codes_with(request, Permission.KEEP_STATIONS)
    now = clock.now()
    names = {place.code: place.name for place in present_bearings(keeping)}
    return render(
        request,
        "monitoring/critical_rain.html",
        {
            **around(request),
            "list": listed_rain(
                division=division,
                page=whole_number(asked.get("page", ""), otherwise=1),
                now=now,
            ),
            "places": place_choice(division),
            "query": query.urlencode(),
            "soils": [
                (row, names[row.division_code])
                for row in soil_rows(keeping)
                if row.division_code in names
            ],
            "typed": typed or {"effective_from": f"{timezone.localdate(now):%Y-%m-%d}"},
            "faults": faults,
            "may_export": bool(codes_with(request, Permission.EXPORT_SHEETS)),
        },
        status=422 if faults else 200,
    )


@require_POST
def keep_row(request: HttpRequest) -> HttpResponse:
    """Keep the critical rain of one village and window."""
    check_keeper(request)
    typed = {name: value.strip() for name, value in request.POST.items() if isinstance(value, str)}
    village = division_meant(typed.get("village", ""))
    if isinstance(village, str):
        return _page(request, typed=typed, faults=[("village", village)])
    try:
        keep_critical_rain(
            [_rain(typed, code=village.code)], by=actor_for(request.user.pk), now=clock.now()
        )
    except RainRefused as error:
        faults = [(_label(each.field), each.sentence) for each in error.complaints]
        return _page(request, typed=typed, faults=faults)
    messages.success(request, _("Kept. The rules take it up at once."))
    return HttpResponseRedirect(f"{reverse('critical_rain')}?division={village.code}")


@require_POST
def drop_row(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a row that has warned nobody."""
    row = rain_rows().filter(pk=pk).first()
    if row is None:
        raise Http404
    check_keeper(request, row.division_id)
    try:
        drop_critical_rain(pk, by=actor_for(request.user.pk), now=clock.now())
    except RuleOutOfSight as error:
        raise Http404 from error
    except RuleRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The row is deleted."))
    return HttpResponseRedirect(reverse("critical_rain"))


@require_POST
def keep_soil(request: HttpRequest) -> HttpResponse:
    """Set how the soil of a county dries."""
    division = asked_code(request.POST.get("division", ""))
    check_keeper(request, division)
    try:
        keep_soil_model(
            division,
            kept_share=_number(request.POST.get("kept_share", "")),
            days=whole_number(request.POST.get("days", ""), otherwise=0),
            source=request.POST.get("source", ""),
            by=actor_for(request.user.pk),
            now=clock.now(),
        )
    except (RuleRefused, UnknownDivision, InvalidDivisionCode) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Kept. The rules take it up at once."))
    return HttpResponseRedirect(reverse("critical_rain"))


@require_safe
def export_rain(request: HttpRequest) -> HttpResponse:
    """Give the critical rain in sight as a workbook."""
    codes = exportable(request)
    now = clock.now()
    with scope.limited_to(codes):
        note_export(request, RAIN.name, codes)
        rows = list(rain_rows(asked_code(request.GET.get("division", ""))))
        content = b"".join(rain_workbook(rows, created=timezone.make_naive(now)))
    return workbook(content, name=f"{RAIN.label}.xlsx")


@require_safe
def give_template(request: HttpRequest) -> HttpResponse:
    """Give the empty workbook."""
    check_keeper(request)
    content = rain_template(created=timezone.make_naive(clock.now()))
    return workbook(content, name=f"{RAIN.label}-{_('template')}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def take_sheet(request: HttpRequest) -> HttpResponse:
    """Take a spreadsheet in: all its rows, or none with what is wrong with each."""
    check_keeper(request)
    found: dict[str, Any] = {"problem": "", "bad": []}
    if request.method == "POST":
        try:
            found["bad"] = _taken(request)
        except UnusableFile as error:
            found["problem"] = str(error)
        if not (found["problem"] or found["bad"]):
            return HttpResponseRedirect(reverse("critical_rain"))
    more = max(len(found["bad"]) - SHOWN_BAD, 0)
    return render(
        request,
        "monitoring/critical_rain_sheet.html",
        {
            **around(request),
            "problem": found["problem"],
            "bad": found["bad"][:SHOWN_BAD],
            "more": more,
            "most_mb": MAX_BYTES // 2**20,
        },
        status=422 if found["problem"] or found["bad"] else 200,
    )


def _taken(request: HttpRequest) -> list[tuple[int, str, str]]:
    """Keep all rows of a file that was sent, or return row, column and sentence of each fault."""
    sent = request.FILES.get("file")
    if sent is None or not sent.name:
        raise UnusableFile(_("Choose a file first."))
    if (sent.size or 0) > MAX_BYTES:
        raise UnusableFile(
            _("“%(name)s” is larger than %(most)s MB; split it.")
            % {"name": sent.name, "most": MAX_BYTES // 2**20}
        )
    sheet = read_rain(sent.name, sent.read())
    bad = [
        (row.number, _label(column), sentence)
        for row in sheet.bad
        for column, sentence in row.faults
    ]
    if bad:
        return bad
    try:
        changed = keep_critical_rain(sheet.rains, by=actor_for(request.user.pk), now=clock.now())
    except RainRefused as error:
        return [
            (sheet.numbers[each.index], _label(each.field), each.sentence)
            for each in error.complaints
        ]
    messages.success(
        request,
        _("%(rows)s rows were read, %(changed)s of them are new or changed.")
        % {"rows": len(sheet.rains), "changed": changed},
    )
    return []


def _rain(typed: Mapping[str, str], *, code: str) -> VillageRain:
    amounts = [_number(typed.get(name, "")) for name in AMOUNTS]
    return VillageRain(
        division_code=code,
        window_min=whole_number(typed.get("window_min", ""), otherwise=0),
        prepare_mm=(amounts[0], amounts[1], amounts[2]),
        move_mm=(amounts[3], amounts[4], amounts[5]),
        source=typed.get("source", ""),
        effective_from=_day(typed.get("effective_from", "")),
        soil_mm=_number(typed["soil_mm"]) if typed.get("soil_mm") else SOIL_MM,
    )


def _day(text: str) -> date:
    """Return a day, today for what is none."""
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    return found or timezone.localdate(clock.now())


def _number(text: str) -> float:
    """Return a number, 0 for what is none: no amount and no share is 0."""
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        return 0.0
    return found if abs(found) < float("inf") else 0.0


def _label(field: str) -> str:
    name = "village" if field == "division" else field
    return str(RAIN.by_name[name].label) if name in RAIN.by_name else field
