"""The list of upper-level warnings, the page of one, and the message as it came."""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.kernel import clock
from anlan.kernel.paging import whole_number
from anlan.registry.data import Colour
from anlan.warning.data import SignatureVerdict, UpperState, UpperWarningOutOfSight
from anlan.warning.gateways.cap.chinese import read_identifier
from anlan.warning.gateways.cap.events import event_types
from anlan.warning.gateways.cap.values import MsgType, Scope
from anlan.warning.models import UpperWarning
from anlan.warning.queries.upper_warnings import (
    NamedMessage,
    UpperFilter,
    access_upper_warning,
    listed_upper_warnings,
    named_by,
    title_of,
    upper_rows,
)
from anlan.warning.screens.draft_form import homes_of
from anlan.warning.upper_wording import cap_word, flaw_sentence, state_choices, type_word


@require_safe
def list_upper_warnings(request: HttpRequest) -> HttpResponse:
    """Show the upper-level warnings in sight, those in force first."""
    wanted = _wanted(request)
    query = request.GET.copy()
    query.pop("page", None)
    shown = {
        "list": listed_upper_warnings(wanted),
        "wanted": wanted,
        "query": query.urlencode(),
        "states": state_choices(),
        "colours": list(reversed(Colour)),
        "in_force": UpperState.IN_FORCE,
    }
    return render(request, "warning/upper_warnings.html", shown)


@require_safe
def show_upper_warning(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one message whole: what it says, where, by whom, and what it does to others."""
    warning = _found(uuid)
    (row,) = upper_rows([warning])
    event, named = event_types().get(warning.event_code), named_by(warning)
    shown = {
        "warning": warning,
        "row": row,
        "title": title_of(warning),
        "type": type_word(warning.msg_type),
        "event": event,
        "number": read_identifier(warning.identifier),
        "flaw": flaw_sentence(warning.flaw),
        "is_valid": warning.verdict == SignatureVerdict.VALID,
        "is_in_force": warning.state == UpperState.IN_FORCE,
        "refusal": warning.get_refusal_display() if warning.refusal else "",
        "named": named,
        "ender": upper_rows([warning.ended_by])[0] if warning.ended_by else None,
        "stays": _names_what_stays(warning, named),
        "grades": [
            cap_word(word)
            for word in (warning.urgency, warning.severity, warning.certainty)
            if word
        ],
        "audience": "" if warning.audience == Scope.PUBLIC else cap_word(warning.audience),
        "has_link": warning.web.startswith(("http://", "https://")),
        "now": clock.now(),
        "may_draft": bool(homes_of(request, at=clock.now())),
    }
    return render(request, "warning/upper_warning.html", shown)


@require_safe
def send_message(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give out a message byte by byte as it came."""
    warning = _found(uuid)
    response = HttpResponse(bytes(warning.raw), content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{warning.uuid}.xml"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _names_what_stays(warning: UpperWarning, named: Sequence[NamedMessage]) -> bool:
    """Tell whether an update or a cancellation names a warning that is in force all the same."""
    ends = warning.msg_type in (MsgType.UPDATE, MsgType.CANCEL)
    return ends and any(each.row and each.row.state == UpperState.IN_FORCE for each in named)


def _found(uuid: UUID) -> UpperWarning:
    try:
        return access_upper_warning(str(uuid))
    except UpperWarningOutOfSight as error:
        raise Http404 from error


def _wanted(request: HttpRequest) -> UpperFilter:
    """Return the filter of an address; what it does not know narrows nothing."""
    asked = request.GET
    colour, state = asked.get("colour", ""), asked.get("state", "")
    return UpperFilter(
        state=state if state in UpperState.values else "",
        colour=int(colour) if colour in {str(value) for value in Colour.values} else None,
        everywhere=asked.get("everywhere", "") == "1",
        page=whole_number(asked.get("page", ""), otherwise=1),
    )
