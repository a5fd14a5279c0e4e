"""Changing and cancelling a warning in force."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from anlan.kernel import clock
from anlan.kernel.actors import Actor
from anlan.registry.api import actor_for
from anlan.registry.data import Colour
from anlan.warning.actions.cancel_warnings import cancel_warnings
from anlan.warning.actions.keep_draft import keep_draft
from anlan.warning.data import WarningOutOfSight, WarningState
from anlan.warning.models import HazardWarning
from anlan.warning.queries.changing import as_typed, cancelling_of
from anlan.warning.queries.pages import access_warning
from anlan.warning.refusals import (
    DraftRefused,
    NotYoursToDraft,
    NotYoursToIssue,
    ReasonMissing,
    WarningEnded,
)


@require_POST
def change_warning(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make a draft that changes a warning in force, and show its form."""
    warning, by, now = _found(uuid), actor_for(request.user.pk), clock.now()
    if warning.state != WarningState.OPEN:
        messages.error(request, str(WarningEnded()))
        return HttpResponseRedirect(reverse("warning", args=[warning.uuid]))
    typed = as_typed(warning, by=by, now=now)
    if typed is None:
        raise PermissionDenied
    try:
        key = keep_draft(typed, by=by, now=now)
    except NotYoursToDraft as error:
        raise PermissionDenied from error
    except DraftRefused as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("warning", args=[warning.uuid]))
    messages.info(
        request,
        _("Change what has to change. The present warning stands until the new one is issued."),
    )
    return HttpResponseRedirect(reverse("edit_warning_draft", args=[key]))


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_warning(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask why a warning is cancelled; cancel it, with all that were issued with it if so asked."""
    warning, by, now = _found(uuid), actor_for(request.user.pk), clock.now()
    if warning.state != WarningState.OPEN:
        messages.error(request, str(WarningEnded()))
        return HttpResponseRedirect(reverse("warning", args=[warning.uuid]))
    if request.method == "POST" and _cancelled(request, warning, by=by, now=now):
        return HttpResponseRedirect(reverse("warning", args=[warning.uuid]))
    shown = {
        "warning": warning,
        "colour": Colour(warning.colour),
        "cancelling": cancelling_of(warning, by=by, now=now),
    }
    return render(request, "warning/cancel.html", shown)


def _cancelled(request: HttpRequest, warning: HazardWarning, *, by: Actor, now: datetime) -> bool:
    wanted = [str(warning.uuid)]
    if request.POST.get("whole"):
        wanted += cancelling_of(warning, by=by, now=now).others
    try:
        ended = cancel_warnings(wanted, reason=request.POST.get("reason", ""), by=by, now=now)
    except NotYoursToIssue as error:
        raise PermissionDenied from error
    except (ReasonMissing, WarningEnded) as error:
        messages.error(request, str(error))
        return False
    told = ngettext("%(n)s warning is cancelled.", "%(n)s warnings are cancelled.", len(ended))
    messages.success(request, f"{told % {'n': len(ended)}} {_('Everybody called is being told.')}")
    return True


def _found(uuid: UUID) -> HazardWarning:
    try:
        return access_warning(str(uuid))
    except WarningOutOfSight as error:
        raise Http404 from error
