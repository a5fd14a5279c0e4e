"""Warnings that somebody writes: those that wait, the form, the preview, the decision."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.kernel import clock
from anlan.kernel.codes import InvalidDivisionCode, UnknownDivision
from anlan.kernel.paging import whole_number
from anlan.registry.api import actor_for, has_permission_over, places_like
from anlan.registry.data import Colour, Hazard, Permission
from anlan.warning.actions.discard_draft import discard_draft
from anlan.warning.actions.issue_draft import issue_draft
from anlan.warning.actions.keep_draft import keep_draft
from anlan.warning.data import DraftState, UpperWarningOutOfSight, WarningOrigin
from anlan.warning.models import WarningDraft
from anlan.warning.queries.drafts import (
    MOST_SHOWN,
    access_draft,
    decided_drafts,
    resolved,
    waiting_drafts,
)
from anlan.warning.queries.previews import preview_of, usual_words
from anlan.warning.queries.upper_drafts import fields_of_upper
from anlan.warning.refusals import (
    AlreadyDecided,
    DraftChanged,
    DraftOutOfSight,
    DraftRefused,
    LimitsMissing,
    NothingToWarn,
    NotYoursToDraft,
    NotYoursToIssue,
    WarningEnded,
)
from anlan.warning.screens.draft_form import choices_for, homes_of, shown_of, typed_from

READ_AS = (DraftRefused, UnknownDivision, InvalidDivisionCode)


@require_safe
def list_drafts(request: HttpRequest) -> HttpResponse:
    """Show what waits for a decision, and what was decided last."""
    shown = {
        "waiting": [
            (row, Colour(row.colour))
            for row in waiting_drafts().order_by("-colour", "made_at", "pk")[:MOST_SHOWN]
        ],
        "decided": [(row, Colour(row.colour)) for row in decided_drafts()],
        "may_draft": bool(homes_of(request, at=clock.now())),
        "now": clock.now(),
        "of_rule": WarningOrigin.RULE,
    }
    return render(request, "warning/drafts.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def new_warning(request: HttpRequest) -> HttpResponse:
    """Ask what threatens, where and when; keep it as a draft and show what would go out."""
    now = clock.now()
    homes = homes_of(request, at=now)
    if not homes:
        raise PermissionDenied
    data: Any = request.GET
    shown: dict[str, Any] = _of_upper(request)
    if request.method == "POST":
        data = request.POST
        key = _kept(request, before=None)
        if key:
            return HttpResponseRedirect(reverse("warning_draft", args=[key]))
        shown = _as_typed(request)
    choices = choices_for(homes, home=data.get("home", ""))
    return render(request, "warning/draft_form.html", {**_form(shown), "choices": choices})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_draft(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a draft that waits: what, where, when, and its words."""
    draft, now = _found(uuid), clock.now()
    if not _may_draft(request, draft):
        raise PermissionDenied
    if draft.state != DraftState.WAITING:
        return HttpResponseRedirect(reverse("warning_draft", args=[draft.uuid]))
    shown = shown_of(draft)
    if request.method == "POST":
        if _kept(request, before=draft):
            return HttpResponseRedirect(reverse("warning_draft", args=[draft.uuid]))
        shown = _as_typed(request)
    words, instruction = usual_words(
        draft, resolved(draft, now=now), by=actor_for(request.user.pk), now=now
    )
    context = {
        **_form(shown),
        "choices": choices_for(homes_of(request, at=now), home=draft.division_id),
        "draft": draft,
        "is_of_rule": draft.origin == WarningOrigin.RULE,
        "usual": words,
        "usual_instruction": instruction,
        "title_shown": shown.get("title") or draft.title or words.title,
        "text_shown": shown.get("text") or draft.text or words.text,
        "instruction_shown": shown.get("instruction") or draft.instruction or instruction,
    }
    return render(request, "warning/draft_form.html", context)


@require_safe
def show_draft(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what would go out now: where, to whom, in which words, and who cannot be reached."""
    draft, now = _found(uuid), clock.now()
    by = actor_for(request.user.pk)
    is_waiting = draft.state == DraftState.WAITING
    shown: dict[str, Any] = {
        "draft": draft,
        "is_waiting": is_waiting,
        "colour": Colour(draft.colour),
        "hazard": Hazard(draft.hazard),
        "now": now,
    }
    if is_waiting:
        preview = preview_of(draft, resolved(draft, now=now), by=by, now=now)
        shown |= {
            "preview": preview,
            "may_draft": _may_draft(request, draft),
            "may_issue": preview.may_issue and preview.villages > 0 and not preview.is_over,
        }
    return render(request, "warning/draft.html", shown)


@require_POST
def issue(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Issue a draft as it was looked at."""
    draft = _found(uuid)
    version = whole_number(request.POST.get("version", ""), otherwise=0)
    try:
        issued = issue_draft(
            str(draft.uuid), version=version, by=actor_for(request.user.pk), now=clock.now()
        )
    except NotYoursToIssue as error:
        raise PermissionDenied from error
    except (AlreadyDecided, DraftChanged, LimitsMissing, NothingToWarn, WarningEnded) as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("warning_draft", args=[draft.uuid]))
    told = ngettext("%(n)s warning is issued.", "%(n)s warnings are issued.", len(issued))
    messages.success(
        request, f"{told % {'n': len(issued)}} {_('Everybody answerable is being called.')}"
    )
    if len(issued) == 1:
        return HttpResponseRedirect(reverse("warning", args=[issued[0]]))
    return HttpResponseRedirect(reverse("warnings"))


@require_POST
def discard(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Discard a draft."""
    draft = _found(uuid)
    try:
        discard_draft(
            str(draft.uuid),
            reason=request.POST.get("reason", ""),
            by=actor_for(request.user.pk),
            now=clock.now(),
        )
    except NotYoursToDraft as error:
        raise PermissionDenied from error
    except AlreadyDecided as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The draft is discarded. Nobody was called."))
    return HttpResponseRedirect(reverse("warning_drafts"))


@require_safe
def suggest_places(request: HttpRequest) -> JsonResponse:
    """Return places in sight whose name holds what is typed, as the form writes them."""
    found = places_like(request.GET.get("q", "")[:40])
    return JsonResponse({"places": [f"{each.name}（{each.where}）" for each in found]})


def _kept(request: HttpRequest, *, before: WarningDraft | None) -> str:
    """Keep what was typed and return the draft's uuid, or say what is wrong with it."""
    now = clock.now()
    try:
        return keep_draft(
            typed_from(request.POST, request.POST.getlist("areas"), before=before, now=now),
            draft_uuid=str(before.uuid) if before else "",
            version=whole_number(request.POST.get("version", ""), otherwise=0),
            by=actor_for(request.user.pk),
            now=now,
        )
    except NotYoursToDraft as error:
        raise PermissionDenied from error
    except UpperWarningOutOfSight as error:
        raise Http404 from error
    except (*READ_AS, AlreadyDecided, DraftChanged) as error:
        messages.error(request, str(error))
        return ""


def _form(shown: dict[str, Any]) -> dict[str, Any]:
    return {
        "typed": shown,
        "hazards": Hazard,
        "colours": list(reversed(Colour)),
        "settings": {
            "data": reverse("map_data"),
            "places": reverse("warning_places"),
            "words": {
                "remove": _("Remove this area"),
                "corners": _("corners"),
                "fault": _("The map could not be loaded. Name the divisions instead."),
            },
        },
    }


def _as_typed(request: HttpRequest) -> dict[str, Any]:
    typed = {name: str(value) for name, value in request.POST.items()}
    return {**typed, "ticked": request.POST.getlist("areas")}


def _of_upper(request: HttpRequest) -> dict[str, Any]:
    asked = request.GET.get("upper", "")
    if not asked:
        return {"ticked": []}
    try:
        return fields_of_upper(str(UUID(asked)))
    except (ValueError, UpperWarningOutOfSight) as error:
        raise Http404 from error


def _may_draft(request: HttpRequest, draft: WarningDraft) -> bool:
    return has_permission_over(
        request.user.pk,
        Permission.DRAFT_WARNINGS,
        division_code=draft.division_id,
        at=clock.now(),
    )


def _found(uuid: UUID) -> WarningDraft:
    try:
        return access_draft(str(uuid))
    except DraftOutOfSight as error:
        raise Http404 from error
