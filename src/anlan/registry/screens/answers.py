"""Who answers for a place at a time: the steps up, with phones for those who may call."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods

from anlan.registry.actions.show_phones import show_phones
from anlan.registry.data import Hazard, Permission, PlaceOutOfSight
from anlan.registry.queries.answers import Step, place_asked, places_named, steps_for
from anlan.registry.queries.pages import actor_for
from anlan.registry.screens.gap_choice import Asker, asker

LONGEST_NAME = 80


@require_http_methods(["GET", "HEAD", "POST"])
def who_answers(request: HttpRequest) -> HttpResponse:
    """Show who answers for a place in a hazard; asked by POST, with the numbers to call."""
    who = asker(request)
    text = request.GET.get("place", "").strip()[:LONGEST_NAME]
    named = request.GET.get("hazard", "")
    hazard = Hazard(named) if named in Hazard.values else Hazard.FLASH_FLOOD
    at = _moment(request.GET.get("at", ""), otherwise=who.now)
    shown: dict[str, object] = {
        "text": text,
        "hazard": hazard,
        "hazards": Hazard,
        "at": timezone.localtime(at),
    }
    try:
        if text:
            shown |= {
                "place": place_asked(text),
                **_answers(request, who, steps_for(text, hazard=hazard, at=at)),
            }
    except PlaceOutOfSight:
        shown["suggestions"] = places_named(text)
    return render(request, "registry/answerable.html", shown)


def _answers(request: HttpRequest, who: Asker, ladders: list[list[Step]]) -> dict[str, object]:
    codes = who.may(Permission.SHOW_PERSONAL)
    numbers: dict[int, str] = {}
    if request.method == "POST":
        if not codes:
            raise PermissionDenied
        people = {step.person_id for ladder in ladders for step in ladder}
        numbers = show_phones(
            people,
            codes=[code.ljust(12, "0") for code in codes],
            by=actor_for(who.account_id),
            now=who.now,
        )
    return {
        "ladders": [[(step, numbers.get(step.person_id, "")) for step in each] for each in ladders],
        "may_call": bool(codes),
        "shows_numbers": bool(numbers),
    }


def _moment(text: str, *, otherwise: datetime) -> datetime:
    """Return the local moment that an address gives, or another one for anything else."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return otherwise
    if found is None:
        return otherwise
    try:
        return timezone.make_aware(found) if timezone.is_naive(found) else found
    except (OverflowError, ValueError):
        return otherwise
