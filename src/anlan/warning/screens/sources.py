"""The sources of upper-level warnings: their list, the page of one, a new one, the end of one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anlan.kernel import clock
from anlan.kernel.codes import InvalidDivisionCode, Level, UnknownDivision, level_of
from anlan.kernel.paging import whole_number
from anlan.registry.api import actor_for, codes_where, grants_of, may, present_bearings
from anlan.registry.data import Bearing, Permission
from anlan.warning.actions.end_source import end_source
from anlan.warning.actions.keep_source import keep_source
from anlan.warning.data import (
    SourceDraft,
)
from anlan.warning.models import WarningSource
from anlan.warning.queries.sources import (
    access_source,
    certificates_of,
    listed_sources,
    source_row,
    unreadable_entries,
)
from anlan.warning.refusals import SourceOutOfSight, SourceRefused

NEEDS = Permission.KEEP_SOURCES


@require_http_methods(["GET", "HEAD", "POST"])
def list_sources(request: HttpRequest) -> HttpResponse:
    """Show the sources in sight with what is amiss; take a new one."""
    typed: Any = {"every_seconds": 60}
    if request.method == "POST":
        typed = request.POST
        key = _kept(request)
        if key:
            return HttpResponseRedirect(reverse("warning_source", args=[key]))
    shown = {"sources": listed_sources(), "counties": _counties(request), "typed": typed}
    return render(request, "warning/sources.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def show_source(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one source: its polls, its certificates, messages that could not be read; change it."""
    source = _found(uuid)
    typed: Any = source
    if request.method == "POST":
        typed = request.POST
        if _kept(request, source=source):
            return HttpResponseRedirect(reverse("warning_source", args=[source.uuid]))
    shown = {
        "source": source_row(source),
        "typed": typed,
        "version": source.version,
        "certificates": certificates_of(source),
        "unreadable": unreadable_entries(source),
        "may_keep": _may_keep(request, source.division_id) and source.ended_at is None,
    }
    return render(request, "warning/source.html", shown)


@require_POST
def stop_source(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End a source."""
    source = _found(uuid)
    if not _may_keep(request, source.division_id):
        raise PermissionDenied
    try:
        end_source(str(source.uuid), by=actor_for(request.user.pk), now=clock.now())
    except SourceOutOfSight:
        messages.error(request, _("This source was ended before; nothing is to be done."))
    else:
        messages.success(request, _("The source is ended. Its warnings stay until they run out."))
    return HttpResponseRedirect(reverse("warning_sources"))


def _kept(request: HttpRequest, *, source: WarningSource | None = None) -> str:
    """Keep what was typed and return the source's uuid, or say what is wrong with it."""
    draft = _draft(request, source=source)
    if not _may_keep(request, draft.division_code):
        raise PermissionDenied
    try:
        key = keep_source(
            draft,
            source_uuid=str(source.uuid) if source else "",
            version=whole_number(request.POST.get("version", ""), otherwise=0),
            by=actor_for(request.user.pk),
            now=clock.now(),
        )
    except (SourceRefused, UnknownDivision, InvalidDivisionCode) as error:
        messages.error(request, str(error))
        return ""
    except SourceOutOfSight:
        messages.error(request, _("This source was ended before; nothing is to be done."))
        return ""
    messages.success(request, _("Kept. The source is asked now."))
    return key


def _draft(request: HttpRequest, *, source: WarningSource | None) -> SourceDraft:
    typed = request.POST
    return SourceDraft(
        name=typed.get("name", ""),
        address=typed.get("address", ""),
        division_code=source.division_id if source else typed.get("division", "").strip(),
        trusted_certificates=typed.get("trusted_certificates", ""),
        requires_signature=bool(typed.get("requires_signature")),
        every_seconds=whole_number(typed.get("every_seconds", ""), otherwise=0),
    )


def _found(uuid: UUID) -> WarningSource:
    try:
        return access_source(str(uuid))
    except SourceOutOfSight as error:
        raise Http404 from error


def _may_keep(request: HttpRequest, division_code: str) -> bool:
    """Tell whether whoever asks may keep the sources of a division; of no division, nobody."""
    try:
        grants = grants_of(request.user.pk, at=clock.now())
        return may(grants, NEEDS, division_code=division_code)
    except InvalidDivisionCode:
        return False


def _counties(request: HttpRequest) -> list[Bearing]:
    """Return the counties whose sources whoever asks may keep."""
    codes = codes_where(grants_of(request.user.pk, at=clock.now()), NEEDS)
    return present_bearings(code for code in codes if level_of(code) == Level.COUNTY)
