"""The list of warnings and the page of one."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.kernel import clock
from anlan.kernel.codes import InvalidDivisionCode, check_code
from anlan.kernel.paging import whole_number
from anlan.registry.api import actor_for, may, town_choice
from anlan.registry.data import Colour, Hazard, Permission
from anlan.warning.data import SummonsState, WarningOutOfSight, WarningState
from anlan.warning.models import HazardWarning
from anlan.warning.queries.calls import calls_under
from anlan.warning.queries.drafts import count_waiting_drafts
from anlan.warning.queries.pages import (
    WarningFilter,
    access_warning,
    areas_of,
    listed_warnings,
    related_warnings,
    warning_rows,
)
from anlan.warning.screens.draft_form import homes_of
from anlan.warning.screens.verdicts import verdicts_on


@require_safe
def list_warnings(request: HttpRequest) -> HttpResponse:
    """Show the warnings in sight, newest first, narrowed to what was asked for."""
    wanted = _wanted(request)
    shown = listed_warnings(wanted, now=clock.now())
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "warning/warnings.html",
        {
            "list": shown,
            "wanted": wanted,
            "query": query.urlencode(),
            "hazards": Hazard,
            "colours": list(reversed(Colour)),
            "states": WarningState,
            "towns": town_choice(),
            "may_draft": bool(homes_of(request, at=clock.now())),
            "drafts_waiting": count_waiting_drafts(),
        },
    )


@require_safe
def show_warning(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a warning with the chain it stands in and every call made under it."""
    now = clock.now()
    try:
        warning = access_warning(str(uuid))
    except WarningOutOfSight as error:
        raise Http404 from error
    actor = actor_for(request.user.pk)
    calls = calls_under(warning.pk)
    mine = [
        call
        for call in calls
        if call.can_be_answered and actor.person_id in [id_ for id_, _name in call.rung_people]
    ]
    earlier, later = related_warnings(warning)
    return render(
        request,
        "warning/warning.html",
        {
            "warning": warning,
            "row": warning_rows([warning], now=now)[0],
            "areas": areas_of(warning),
            "earlier": earlier,
            "later": later,
            "calls": calls,
            "mine": mine if warning.state == WarningState.OPEN else [],
            "still_waits": SummonsState.WAITING,
            "may_record": _may(request, Permission.RECORD_ANSWERS, warning),
            "now": now,
            **_changes(request, warning),
            **verdicts_on(warning),
        },
    )


def _changes(request: HttpRequest, warning: HazardWarning) -> dict[str, bool]:
    """Return whether whoever asks is offered to change a warning in force, and to cancel it."""
    is_open = warning.state == WarningState.OPEN
    return {
        "may_change": is_open and _may(request, Permission.DRAFT_WARNINGS, warning),
        "may_cancel": is_open and _may(request, Permission.ISSUE_WARNINGS, warning),
    }


def _may(request: HttpRequest, permission: Permission, warning: HazardWarning) -> bool:
    return may(getattr(request, "grants", ()), permission, division_code=warning.division_id)


def _wanted(request: HttpRequest) -> WarningFilter:
    """Return the filter of an address; what it does not know narrows nothing."""
    asked = request.GET
    colour, town = asked.get("colour", ""), asked.get("town", "")
    try:
        check_code(town)
    except InvalidDivisionCode:
        town = ""
    return WarningFilter(
        hazard=asked.get("hazard", "") if asked.get("hazard") in Hazard.values else "",
        colour=int(colour) if colour in {str(value) for value in Colour.values} else None,
        state=asked.get("state", "") if asked.get("state") in WarningState.values else "",
        town=town,
        page=whole_number(asked.get("page", ""), otherwise=1),
    )
