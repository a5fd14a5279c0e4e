"""The form of a rule: a new one, and what a draft says."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.kernel import clock
from anlan.kernel.codes import InvalidDivisionCode, UnknownDivision
from anlan.monitoring.actions.draft_rule import draft_rule
from anlan.monitoring.actions.edit_draft import edit_draft
from anlan.monitoring.data import Measure, RuleState
from anlan.monitoring.models import RuleVersion
from anlan.monitoring.queries.rules import element_codes, stations_of, text_of
from anlan.monitoring.rule_refusals import RuleRefused
from anlan.monitoring.screens.around import around, asked_choice, asked_code, check_keeper
from anlan.monitoring.screens.rule_rows import (
    Mistyped,
    TypedRow,
    TypedRule,
    text_from,
    typed_in,
    typed_of,
    with_spare,
)
from anlan.monitoring.screens.rules import version_or_404
from anlan.monitoring.screens.words import element_label
from anlan.registry.api import actor_for, codes_with, present_bearings, towns
from anlan.registry.data import Bearing, Colour, Hazard, Permission

MOST_LISTED = 1_500
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_ROW = TypedRow(number=1, element="PN05", window_min="60")


@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    """Write a new rule as a draft."""
    check_keeper(request)
    places = _places(request)
    division = asked_code(request.POST.get("division", "")) or places[0].code
    typed = TypedRule(name="", source="", rows=(FIRST_ROW,), division=division)
    faults: Sequence[str] = ()
    if request.method == "POST":
        check_keeper(request, division)
        typed = typed_in(request.POST)
        try:
            uuid = draft_rule(
                text_from(typed, stations=stations_of(division)),
                name=typed.name,
                hazard=_hazard(typed.hazard),
                division_code=division,
                by=actor_for(request.user.pk),
                now=clock.now(),
            )
        except (RuleRefused, Mistyped, UnknownDivision, InvalidDivisionCode) as error:
            faults = _sentences(error)
        else:
            messages.success(request, _("The rule is a draft. Test it on what was measured next."))
            return HttpResponseRedirect(reverse("rule", args=[uuid]))
    more = {"places": places, "hazards": Hazard}
    return _form(request, typed, stations=stations_of(division), faults=faults, more=more)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a draft says."""
    version = version_or_404(pk)
    check_keeper(request, version.rule.division_id)
    if version.state != RuleState.DRAFT:
        raise Http404
    stations = stations_of(version.rule.division_id)
    typed = typed_of(
        text_of(version), name=version.rule.name, seen=version.made_at, stations=stations
    )
    faults: Sequence[str] = ()
    if request.method == "POST":
        typed = typed_in(request.POST)
        try:
            _edit(request, version, typed, stations=stations)
        except (RuleRefused, Mistyped) as error:
            faults = _sentences(error)
        else:
            messages.success(request, _("The draft is saved. A test made before counts no more."))
            return HttpResponseRedirect(reverse("rule_version", args=[pk]))
    return _form(request, typed, stations=stations, faults=faults, more={"version": version})


def _edit(
    request: HttpRequest, version: RuleVersion, typed: TypedRule, *, stations: Mapping[int, str]
) -> None:
    edit_draft(
        str(version.rule.uuid),
        number=version.number,
        name=typed.name,
        text=text_from(typed, stations=stations),
        seen=moment_in(typed.seen),
        by=actor_for(request.user.pk),
        now=clock.now(),
    )


def moment_in(text: str) -> datetime:
    """Return the instant that a form carries; one that no version has for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return NEVER
    return found if found.tzinfo else NEVER


def _form(
    request: HttpRequest,
    typed: TypedRule,
    *,
    stations: Mapping[int, str],
    faults: Sequence[str],
    more: Mapping[str, Any],
) -> HttpResponse:
    rows = with_spare(typed)
    return render(
        request,
        "monitoring/rule_form.html",
        {
            **around(request),
            "typed": typed,
            "rows": rows,
            "count": len(rows),
            "faults": faults,
            "colours": list(reversed(Colour)),
            "measures": Measure,
            "elements": [(code, element_label(code)) for code in element_codes()],
            "stations": list(stations.values())[:MOST_LISTED],
            **more,
        },
        status=422 if faults else 200,
    )


def _places(request: HttpRequest) -> list[Bearing]:
    """Return the divisions for which a rule may be kept: one's own, and the towns in them."""
    codes = codes_with(request, Permission.KEEP_STATIONS)
    own = present_bearings(codes)
    inside = [town for town in towns() if any(town.code.startswith(c.rstrip("0")) for c in codes)]
    known = {place.code for place in own}
    return [*own, *(town for town in inside if town.code not in known)]


def _hazard(text: str) -> Hazard:
    return Hazard(asked_choice(text, Hazard.values) or Hazard.RAINSTORM)


def _sentences(error: Exception) -> Sequence[str]:
    return error.sentences if isinstance(error, RuleRefused) else (str(error),)
