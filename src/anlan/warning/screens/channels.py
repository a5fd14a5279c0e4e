"""The ways out of a county: how each is, a new one, changes, a test message, the end of one."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.kernel import clock
from anlan.kernel.codes import InvalidDivisionCode, Level, UnknownDivision, level_of
from anlan.kernel.paging import whole_number
from anlan.registry.api import actor_for, codes_where, grants_of, may, present_bearings
from anlan.registry.data import Bearing, Permission
from anlan.warning.actions.end_provider import end_provider
from anlan.warning.actions.keep_provider import keep_provider
from anlan.warning.actions.try_provider import try_provider
from anlan.warning.channel_refusals import (
    ProviderInUse,
    ProviderOutOfSight,
    ProviderRefused,
    TrialRefused,
)
from anlan.warning.channel_wording import outcome_sentence
from anlan.warning.data import ChannelKind
from anlan.warning.gateways.channels import channel_names
from anlan.warning.gateways.making import CALLS_BACK, KINDS
from anlan.warning.gateways.provider import Outcome
from anlan.warning.models import ChannelProvider
from anlan.warning.queries.channels import access_provider, listed_providers, provider_row
from anlan.warning.queries.loudspeakers import SPEAKERS, speakers_of
from anlan.warning.screens.provider_form import USUAL, fields_of, typed_provider, values_of

NEEDS = Permission.KEEP_CHANNELS


@require_safe
def list_channels(request: HttpRequest) -> HttpResponse:
    """Show the providers in sight by kind and order, and how each is."""
    shown = {
        "providers": listed_providers(now=clock.now()),
        "is_drill": settings.ANLAN_DRILL,
        "always": [ChannelKind(name).label for name in channel_names()],
        "kinds": [ChannelKind(kind) for kind in KINDS] if kept_counties(request) else [],
        "keeps": [each.code for each in kept_counties(request)],
    }
    return render(request, "warning/channels.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def new_provider(request: HttpRequest) -> HttpResponse:
    """Show the form of a new provider of a kind, or keep it."""
    counties = kept_counties(request)
    if not counties:
        raise PermissionDenied
    asked = request.GET.get("kind") or request.POST.get("kind", "")
    kind = asked if asked in KINDS else KINDS[0]
    values: Any = USUAL
    faults: tuple[tuple[str, str], ...] = ()
    if request.method == "POST":
        values = request.POST
        kept, faults = _kept(request, kind=kind, county=values.get("county", counties[0].code))
        if kept:
            messages.success(request, _("Kept. Send yourself a test message now."))
            return HttpResponseRedirect(reverse("channel_provider", args=[kept]))
    fields, rare = fields_of(kind, values, faults=faults)
    shown = {
        "kind": ChannelKind(kind),
        "kinds": [ChannelKind(each) for each in KINDS],
        "counties": counties,
        "typed": values,
        "fields": fields,
        "rare": rare,
        "is_rare_wrong": any(each.faults for each in rare),
        "county_faults": [told for name, told in faults if name == "county"],
    }
    return render(request, "warning/new_provider.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def show_provider(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a provider to whoever keeps it: how it is, where it calls back; keep changes."""
    provider = _mine(request, uuid)
    values: Any = values_of(provider)
    faults: tuple[tuple[str, str], ...] = ()
    if request.method == "POST":
        values = request.POST
        kept, faults = _kept(
            request, kind=provider.kind, county=provider.division_id, provider=provider
        )
        if kept:
            messages.success(request, _("Kept. What waits leaves by it from now on."))
            return HttpResponseRedirect(reverse("channel_provider", args=[kept]))
    fields, rare = fields_of(
        provider.kind, values, faults=faults, keeps_secret=bool(provider.secret)
    )
    path = reverse("channel_callback", args=[provider.uuid])
    shown = {
        "row": provider_row(provider, now=clock.now()),
        "version": provider.version,
        "fields": fields,
        "rare": rare,
        "is_rare_wrong": any(each.faults for each in rare),
        "callback": f"{settings.ANLAN_ADDRESS}{path}" if provider.kind in CALLS_BACK else "",
        "has_address": bool(settings.ANLAN_ADDRESS),
        "is_speaker": provider.kind in SPEAKERS,
        "speakers": speakers_of(provider) if provider.kind in SPEAKERS else [],
    }
    return render(request, "warning/provider.html", shown)


@require_POST
def send_test(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send a test message by a provider to whoever asks, or to one of its loudspeakers."""
    provider = _mine(request, uuid)
    try:
        sent = try_provider(
            str(provider.uuid),
            loudspeaker_id=whole_number(request.POST.get("loudspeaker", ""), otherwise=0),
            by=actor_for(request.user.pk),
            now=clock.now(),
        )
    except TrialRefused as error:
        messages.error(request, str(error))
    except ProviderOutOfSight:
        messages.error(request, _("This provider was ended before; nothing is to be done."))
    else:
        tell = messages.success if sent.outcome is Outcome.TAKEN else messages.error
        tell(request, outcome_sentence(sent.outcome, reason=sent.reason))
    return HttpResponseRedirect(reverse("channel_provider", args=[provider.uuid]))


@require_POST
def stop_provider(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End a provider."""
    provider = _mine(request, uuid)
    try:
        end_provider(str(provider.uuid), by=actor_for(request.user.pk), now=clock.now())
    except ProviderOutOfSight:
        messages.error(request, _("This provider was ended before; nothing is to be done."))
    except ProviderInUse as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("channel_provider", args=[provider.uuid]))
    else:
        messages.success(request, _("The provider is ended. Nothing leaves by it any more."))
    return HttpResponseRedirect(reverse("channels"))


def kept_counties(request: HttpRequest) -> list[Bearing]:
    """Return the counties whose ways out whoever asks may keep."""
    codes = codes_where(grants_of(request.user.pk, at=clock.now()), NEEDS)
    return present_bearings(code for code in codes if level_of(code) == Level.COUNTY)


def may_keep(request: HttpRequest, division_code: str) -> bool:
    """Tell whether whoever asks may keep the ways out of a division; of no division, nobody."""
    try:
        grants = grants_of(request.user.pk, at=clock.now())
        return may(grants, NEEDS, division_code=division_code)
    except InvalidDivisionCode:
        return False


def _mine(request: HttpRequest, uuid: UUID) -> ChannelProvider:
    try:
        provider = access_provider(str(uuid))
    except ProviderOutOfSight as error:
        raise Http404 from error
    if not may_keep(request, provider.division_id):
        raise PermissionDenied
    return provider


def _kept(
    request: HttpRequest, *, kind: str, county: str, provider: ChannelProvider | None = None
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Keep what was typed and return the provider's uuid, or what is wrong with which field."""
    if not may_keep(request, county):
        raise PermissionDenied
    try:
        key = keep_provider(
            typed_provider(request, kind=kind, county=county),
            provider_uuid=str(provider.uuid) if provider else "",
            version=whole_number(request.POST.get("version", ""), otherwise=0),
            by=actor_for(request.user.pk),
            now=clock.now(),
        )
    except ProviderRefused as error:
        for field, told in error.faults:
            if not field:
                messages.error(request, told)
        return "", error.faults
    except (UnknownDivision, InvalidDivisionCode) as error:
        return "", (("county", str(error)),)
    except ProviderOutOfSight:
        messages.error(request, _("This provider was ended before; nothing is to be done."))
        return "", ()
    return key, ()
