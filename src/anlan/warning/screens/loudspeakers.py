"""The loudspeakers of villages, town by town: their list, a new one, changes, the end of one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anlan.kernel import clock
from anlan.kernel.codes import InvalidDivisionCode, Level, UnknownDivision, ancestor_of, check_code
from anlan.kernel.paging import whole_number
from anlan.registry.api import actor_for, division_text, place_choice, town_choice
from anlan.warning.actions.end_loudspeaker import end_loudspeaker
from anlan.warning.actions.keep_loudspeaker import keep_loudspeaker
from anlan.warning.channel_refusals import LoudspeakerOutOfSight, LoudspeakerRefused
from anlan.warning.core.typed_channels import TypedLoudspeaker
from anlan.warning.models import Loudspeaker
from anlan.warning.queries.loudspeakers import access_speaker, listed_speakers, speaker_providers
from anlan.warning.screens.channels import may_keep

Faults = tuple[tuple[str, str], ...]


@require_http_methods(["GET", "HEAD", "POST"])
def list_speakers(request: HttpRequest) -> HttpResponse:
    """Show the loudspeakers in sight of a town; take a new one."""
    towns = town_choice()
    town = _town(request, [each.code for each in towns])
    typed: Any = {}
    faults: Faults = ()
    if request.method == "POST":
        typed = request.POST
        kept, faults = _kept(request)
        if kept:
            messages.success(request, _("Kept. The next warning is read out by it."))
            return HttpResponseRedirect(f"{reverse('loudspeakers')}?town={town}")
    keeps = bool(town) and may_keep(request, town)
    shown = {
        "towns": towns,
        "town": town,
        "rows": listed_speakers(town),
        "keeps": keeps,
        "typed": typed,
        "faults": _by_field(faults),
        "villages": place_choice(town).inside if keeps else (),
        "providers": _providers(town) if keeps else [],
    }
    return render(request, "warning/loudspeakers.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def show_speaker(request: HttpRequest, key: int) -> HttpResponse:
    """Show a loudspeaker to whoever keeps it; keep changes."""
    row = _mine(request, key)
    typed: Any = {
        "village": row.division_id,
        "provider": str(row.provider.uuid),
        "device": row.device,
        "name": row.name,
    }
    faults: Faults = ()
    if request.method == "POST":
        typed = request.POST
        kept, faults = _kept(request, row=row)
        if kept:
            messages.success(request, _("Kept. The next warning is read out by it."))
            return HttpResponseRedirect(_list_of(row))
    town = ancestor_of(row.division_id, level=Level.TOWN)
    shown = {
        "row": row,
        "town": town,
        "village": division_text(row.division_id),
        "typed": typed,
        "faults": _by_field(faults),
        "villages": place_choice(town).inside,
        "providers": _providers(town),
    }
    return render(request, "warning/loudspeaker.html", shown)


@require_POST
def stop_speaker(request: HttpRequest, key: int) -> HttpResponse:
    """End a loudspeaker."""
    row = _mine(request, key)
    try:
        end_loudspeaker(row.pk, by=actor_for(request.user.pk), now=clock.now())
    except LoudspeakerOutOfSight:
        messages.error(request, _("This loudspeaker was ended before; nothing is to be done."))
    else:
        messages.success(request, _("The loudspeaker is ended. Nothing is read out by it."))
    return HttpResponseRedirect(_list_of(row))


def _list_of(row: Loudspeaker) -> str:
    town = ancestor_of(row.division_id, level=Level.TOWN)
    return f"{reverse('loudspeakers')}?town={town}"


def _town(request: HttpRequest, codes: list[str]) -> str:
    asked = request.POST.get("town") or request.GET.get("town", "")
    if asked in codes:
        return asked
    return codes[0] if codes else ""


def _mine(request: HttpRequest, key: int) -> Loudspeaker:
    try:
        row = access_speaker(key)
    except LoudspeakerOutOfSight as error:
        raise Http404 from error
    if not may_keep(request, row.division_id):
        raise PermissionDenied
    return row


def _providers(town: str) -> list[tuple[str, str]]:
    return speaker_providers(ancestor_of(town, level=Level.COUNTY))


def _kept(request: HttpRequest, *, row: Loudspeaker | None = None) -> tuple[int, Faults]:
    """Keep what was typed and return its key, or what is wrong with which field."""
    data = request.POST
    village = data.get("village", "").strip()
    try:
        check_code(village)
    except InvalidDivisionCode:
        return 0, (("village", _("A loudspeaker stands in a village. Choose one.")),)
    if not may_keep(request, village):
        raise PermissionDenied
    typed = TypedLoudspeaker(
        village=village,
        provider_uuid=data.get("provider", ""),
        device=data.get("device", ""),
        name=data.get("name", ""),
    )
    try:
        kept = keep_loudspeaker(
            typed,
            key=row.pk if row else None,
            version=whole_number(data.get("version", ""), otherwise=0),
            by=actor_for(request.user.pk),
            now=clock.now(),
        )
    except LoudspeakerRefused as error:
        for field, told in error.faults:
            if not field:
                messages.error(request, told)
        return 0, error.faults
    except UnknownDivision as error:
        return 0, (("village", str(error)),)
    except LoudspeakerOutOfSight:
        messages.error(request, _("This loudspeaker was ended before; nothing is to be done."))
        return 0, ()
    return kept, ()


def _by_field(faults: Faults) -> dict[str, str]:
    return {field: told for field, told in reversed(faults) if field}
