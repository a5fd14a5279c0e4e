"""What a warning turned out to be: told on its page once it has ended."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.kernel import clock
from anlan.registry.api import actor_for, has_permission_over
from anlan.registry.data import Permission
from anlan.warning.actions.judge_warning import judge_warning
from anlan.warning.data import VerdictKind, WarningOutOfSight, WarningState
from anlan.warning.measuring import VerdictRefused
from anlan.warning.models import HazardWarning
from anlan.warning.queries.pages import access_warning
from anlan.warning.queries.verdicts import verdicts_of


def verdicts_on(warning: HazardWarning) -> dict[str, Any]:
    """Return what the page of a warning shows of verdicts."""
    return {
        "has_ended": warning.state != WarningState.OPEN,
        "verdicts": verdicts_of(warning),
        "verdict_kinds": VerdictKind,
    }


@require_POST
def judge(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Keep what a warning turned out to be; earlier words stay."""
    try:
        warning = access_warning(str(uuid))
    except WarningOutOfSight as error:
        raise Http404 from error
    now = clock.now()
    may = has_permission_over(
        request.user.pk, Permission.RECORD_ANSWERS, division_code=warning.division_id, at=now
    )
    if not may:
        raise PermissionDenied
    try:
        judge_warning(
            warning,
            verdict=_verdict(request.POST.get("verdict", "")),
            occurred_at=_moment(request.POST.get("occurred_at", "")),
            remark=request.POST.get("remark", ""),
            by=actor_for(request.user.pk),
            now=now,
        )
    except VerdictRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Kept. The measures count this word from now on."))
    return HttpResponseRedirect(reverse("warning", args=[warning.uuid]) + "#verdict")


def _verdict(text: str) -> VerdictKind:
    if text not in VerdictKind.values:
        raise VerdictRefused(_("Choose what the warning turned out to be."))
    return VerdictKind(text)


def _moment(text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        found = parse_datetime(text.strip())
        if found is not None and found.year in range(2000, 2101):
            return timezone.make_aware(found) if timezone.is_naive(found) else found
    except ValueError:
        pass
    raise VerdictRefused(_("Give day and time when it came, for example 2024-07-15 21:30."))
