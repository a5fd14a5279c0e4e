"""The list of what the register lacks, and the same as a sheet."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anlan.kernel.paging import turned
from anlan.kernel.sheets.download import XLSX
from anlan.kernel.sheets.writing import SheetColumn, write_rows
from anlan.registry.checks.matrix import Matrix, gap_matrix
from anlan.registry.checks.over_divisions import TOWNS, VILLAGES
from anlan.registry.checks.rows import DivisionRow
from anlan.registry.checks.words import Gap, GapKind, Severity
from anlan.registry.data import Permission
from anlan.registry.queries.gaps import Survey, gap_survey
from anlan.registry.screens.gap_choice import (
    GapFilter,
    asker,
    counties_in_sight,
    gap_filter,
    visible,
)

PAGE_ROWS = 50


@dataclass(frozen=True)
class GapLine:
    """A gap as the page lists it: where it lies, and the page that mends it."""

    gap: Gap
    town: str
    village: str
    address: str


@require_safe
def list_gaps(request: HttpRequest) -> HttpResponse:
    """Show what is missing: the sums, the counts by town or village, and the list."""
    who, wanted = asker(request), gap_filter(request)
    counties = counties_in_sight()
    if counties and not wanted.codes:
        return render(request, "registry/gaps_counties.html", {"counties": counties})
    survey = gap_survey(wanted.codes, at=who.now)
    seen = visible(survey.gaps, who=who)
    query = request.GET.copy()
    query.pop("page", None)
    place = {key: query[key] for key in ("county", "town") if query.get(key)}
    shown = {
        "wanted": wanted,
        "counties": counties,
        "towns": survey.towns,
        "kinds": _kinds(seen, wanted=wanted),
        "severities": list(reversed(Severity)),
        "by_severity": _by_severity(seen),
        "query": query.urlencode(),
        "place_query": urlencode(place),
        "may_export": bool(who.may(Permission.EXPORT_SHEETS)),
        "now": who.now,
    }
    return render(request, "registry/gaps.html", shown | _listed(seen, survey, wanted))


def _listed(seen: Sequence[Gap], survey: Survey, wanted: GapFilter) -> dict[str, object]:
    """Return the page of the list that is wanted, and the counts of all that is listed."""
    listed = [gap for gap in seen if wanted.takes(gap)]
    page, pages, first = turned(wanted.page, total=len(listed), size=PAGE_ROWS)
    return {
        "matrix": _matrix(listed, survey=survey, wanted=wanted),
        "lines": _lines(listed[first : first + PAGE_ROWS], survey=survey),
        "total": len(listed),
        "page": page,
        "pages": pages,
        "anchor": "#list",
    }


@require_safe
def export_gaps(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Give the list of gaps out as a sheet, of the divisions where one may give sheets out."""
    who, wanted = asker(request), gap_filter(request)
    allowed = who.may(Permission.EXPORT_SHEETS)
    if not allowed:
        raise PermissionDenied
    if not wanted.codes and counties_in_sight():
        return HttpResponseRedirect(reverse("gaps"))
    survey = gap_survey(wanted.codes, at=who.now)
    gaps = [
        gap
        for gap in visible(survey.gaps, who=who)
        if wanted.takes(gap) and gap.division_code.startswith(allowed)
    ]
    name = f"gaps-{timezone.localdate(who.now):%Y%m%d}.xlsx"
    answer = StreamingHttpResponse(
        write_rows(_("Gaps"), _columns(), _rows(gaps, survey=survey)), content_type=XLSX
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _columns() -> list[SheetColumn]:
    return [
        SheetColumn(heading=_("Town"), width=16),
        SheetColumn(heading=_("Village"), width=16),
        SheetColumn(heading=_("Weight"), width=10),
        SheetColumn(heading=_("Gap"), width=28),
        SheetColumn(heading=_("What"), width=30),
        SheetColumn(heading=_("Since"), width=12),
        SheetColumn(heading=_("What is wrong"), width=50),
        SheetColumn(heading=_("What to do"), width=50),
    ]


def _rows(gaps: Sequence[Gap], *, survey: Survey) -> Iterator[Sequence[object]]:
    for line in _lines(gaps, survey=survey):
        gap = line.gap
        yield (
            line.town,
            line.village,
            str(gap.severity.label),
            str(gap.kind.label),
            gap.subject,
            gap.since,
            gap.sentence,
            gap.next_step,
        )


def _lines(gaps: Sequence[Gap], *, survey: Survey) -> list[GapLine]:
    names = survey.names
    return [
        GapLine(
            gap=gap,
            town=names.get(gap.town_code or gap.division_code, ""),
            village=names.get(gap.division_code, "") if gap.division_code != gap.town_code else "",
            address=record_address(gap),
        )
        for gap in gaps
    ]


def record_address(gap: Gap) -> str:
    """Return the page of the record that a gap is about, or nothing when it has none."""
    key = gap.uuid or (gap.division_code if gap.table == "divisions" else "")
    if not (gap.table and key):
        return ""
    try:
        return reverse("register_record", args=[gap.table, key])
    except NoReverseMatch:
        return ""


def _kinds(gaps: Sequence[Gap], *, wanted: GapFilter) -> list[GapKind]:
    found = {gap.kind for gap in gaps} | {wanted.kind}
    return [kind for kind in GapKind if kind in found]


def _towns(divisions: Sequence[DivisionRow]) -> list[DivisionRow]:
    return [row for row in divisions if row.kind in TOWNS]


def _matrix(gaps: Sequence[Gap], *, survey: Survey, wanted: GapFilter) -> Matrix:
    """Return the counts by town; with one town in sight or chosen, by village."""
    towns = _towns(survey.divisions)
    by_village = bool(wanted.town) or len(towns) < 2
    inner = [row for row in survey.divisions if row.kind in VILLAGES] if by_village else []
    lacking = {gap.division_code for gap in gaps}
    outer = [row for row in survey.divisions if row.code in lacking and row.kind not in VILLAGES]
    rows = [*outer, *inner] if by_village else [*_counties(survey, lacking), *towns]
    return gap_matrix(gaps, divisions=[(row.code, row.name) for row in rows], by_village=by_village)


def _counties(survey: Survey, lacking: set[str]) -> list[DivisionRow]:
    return [
        row for row in survey.divisions if row.code in lacking and row.kind not in TOWNS | VILLAGES
    ]


def _by_severity(gaps: Sequence[Gap]) -> list[tuple[Severity, int]]:
    counted = Counter(gap.severity for gap in gaps)
    return [(severity, counted[severity]) for severity in reversed(Severity)]
