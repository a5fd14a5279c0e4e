"""A wrong level read by eye, corrected: the old one is struck out, the right one stored."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.kernel import clock
from anlan.monitoring.actions.correct_staff_reading import correct_staff_reading
from anlan.monitoring.core.staff import Seen
from anlan.monitoring.data import StaffLevel
from anlan.monitoring.queries.levels import counting_level, marks_of
from anlan.monitoring.queries.staff import StaffGauge
from anlan.monitoring.refusals import Complaint, HandRefused, NothingToCorrect, ReadMeanwhile
from anlan.monitoring.screens.around import around
from anlan.monitoring.screens.staff_typing import (
    Card,
    gauge_in_sight,
    local_input,
    may_enter,
    typed_level,
)
from anlan.monitoring.screens.staff_words import entered_text
from anlan.registry.api import actor_for


@require_http_methods(["GET", "HEAD", "POST"])
def staff_correct(request: HttpRequest, gauge: int) -> HttpResponse:
    """Show one level with the form that corrects it, and strike it out for the right one."""
    found, now = gauge_in_sight(gauge), clock.now()
    if not may_enter(request, found):
        raise PermissionDenied
    typed = request.POST if request.method == "POST" else request.GET
    wrong = _wrong(found.id, typed.get("wrong_at", ""))
    if wrong is None:
        messages.error(
            request,
            _("There is no level of that time to correct; perhaps it is corrected already."),
        )
        return HttpResponseRedirect(reverse("staff_gauge", args=[found.id]))
    faults: list[Complaint] = []
    if request.method == "POST":
        faults = _corrected(request, found, wrong, now=now)
        if not faults:
            return HttpResponseRedirect(reverse("staff_gauge", args=[found.id]))
    return render(
        request,
        "monitoring/staff_correct.html",
        {
            **around(request),
            "gauge": found,
            "wrong": wrong,
            "card": Card(
                gauge=found,
                place="",
                standing="",
                level=typed.get(f"level_{found.id}", ""),
                at=typed.get(f"at_{found.id}", local_input(wrong.at)),
                shown="",
                faults=faults,
            ),
            "reason": typed.get("reason", ""),
        },
    )


def _wrong(gauge_id: int, text: str) -> Seen | None:
    """Return the counting level whose instant an address names, None when there is none."""
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return counting_level(gauge_id, at=at) if at.tzinfo else None


def _corrected(
    request: HttpRequest, gauge: StaffGauge, wrong: Seen, *, now: datetime
) -> list[Complaint]:
    """Strike a level out for the one that was typed, and return what is wrong with that."""
    try:
        right = typed_level(request, gauge.id, now=now)
        if request.POST.get(f"at_{gauge.id}") == local_input(wrong.at):
            right = StaffLevel(right.station_id, right.level_m, wrong.at, right.is_confirmed)
        entered = correct_staff_reading(
            right,
            observed_at=wrong.at,
            reason=request.POST.get("reason", ""),
            by=actor_for(request.user.pk),
            now=now,
        )
    except HandRefused as error:
        return list(error.complaints)
    except (NothingToCorrect, ReadMeanwhile) as error:
        return [Complaint(0, "level", str(error))]
    marks = marks_of([gauge], now=now)[gauge.id]
    messages.success(request, entered_text(entered, gauge.name, marks))
    return []
