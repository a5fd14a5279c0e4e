"""By which channels one person is reached, in which order."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from anlan.kernel import clock
from anlan.registry.api import (
    KnownPerson,
    PersonOutOfSight,
    access_person,
    actor_for,
    division_text,
    grants_of,
    may,
)
from anlan.registry.data import Permission
from anlan.warning.actions.keep_person_channels import keep_person_channels
from anlan.warning.channel_refusals import ChannelsRefused
from anlan.warning.core.typed_channels import TypedWay
from anlan.warning.data import ChannelKind
from anlan.warning.queries.channels import own_ways
from anlan.warning.queries.ways import BY_PHONE, TO_PERSONS, ways_to


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep_channels_of(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the order of channels of a person in sight, or keep another one."""
    person = _person(request, uuid)
    ways = [TypedWay(kind, to) for kind, to in own_ways(person.id)]
    faults: dict[str, str] = {}
    if request.method == "POST":
        ways, faults = _kept(request, person)
        if not faults:
            return HttpResponseRedirect(reverse("person_channels", args=[person.uuid]))
    usual = ways_to((), divisions=[person.division_code]).of(0, division=person.division_code)
    shown = {
        "person": person,
        "home": division_text(person.division_code),
        "rows": list(_rows(ways, faults)),
        "kinds": [
            (kind.value, kind.label, kind in BY_PHONE) for kind in map(ChannelKind, TO_PERSONS)
        ],
        "has_own": bool(ways),
        "usual": [ChannelKind(kind).label for kind in usual],
    }
    return render(request, "warning/person_channels.html", shown)


def _person(request: HttpRequest, uuid: UUID) -> KnownPerson:
    try:
        person = access_person(str(uuid))
    except PersonOutOfSight as error:
        raise Http404 from error
    grants = grants_of(request.user.pk, at=clock.now())
    if not may(grants, Permission.EDIT_REGISTER, division_code=person.division_code):
        raise PermissionDenied
    return person


def _kept(request: HttpRequest, person: KnownPerson) -> tuple[list[TypedWay], dict[str, str]]:
    """Keep what was typed; return it with what is wrong with which step."""
    data = request.POST
    ways = [
        TypedWay(kind, data.get(f"to-{at}", "").strip()[:250])
        for at in range(1, len(TO_PERSONS) + 1)
        if (kind := data.get(f"kind-{at}", ""))
    ]
    try:
        keep_person_channels(ways, person=person, by=actor_for(request.user.pk), now=clock.now())
    except ChannelsRefused as error:
        messages.error(request, _("Not kept: see what is written beside the steps."))
        return ways, dict(error.faults)
    messages.success(
        request,
        _("Kept. The next message goes in this order.")
        if ways
        else _("Kept. The county's order counts again."),
    )
    return ways, {}


def _rows(ways: list[TypedWay], faults: dict[str, str]) -> list[dict[str, Any]]:
    steps = [*ways, *[TypedWay("")] * (len(TO_PERSONS) - len(ways))]
    return [
        {"at": at, "kind": way.kind, "to": way.to, "fault": faults.get(f"kind-{at}", "")}
        for at, way in enumerate(steps[: len(TO_PERSONS)], start=1)
    ]
