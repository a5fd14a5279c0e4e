"""Delegations: what one has handed to others for a time, and what others have handed to one."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anlan.kernel.codes import InvalidDivisionCode, UnknownDivision
from anlan.kernel.paging import whole_number
from anlan.registry.actions.delegate_authority import delegate_authority
from anlan.registry.data import Permission, Role
from anlan.registry.permissions import LONGEST_DELEGATION_DAYS, NOT_HANDED_ON
from anlan.registry.queries.accounts import held_by, lent_by, lent_to
from anlan.registry.refusals import Refusal
from anlan.registry.screens.standing import division_choices, standing


@require_safe
def list_delegations(request: HttpRequest) -> HttpResponse:
    """Show what one has handed on and been handed, and the form to hand something on."""
    who = standing(request)
    codes = who.codes(Permission.DELEGATE)
    own = [held.role for held in held_by(who.account.pk, at=who.now) if not held.lent_by]
    shown = {
        "given": lent_by(who.account.pk, at=who.now),
        "received": lent_to(who.account.pk, at=who.now),
        "roles": sorted({role for role in own if role not in NOT_HANDED_ON}) if codes else [],
        "divisions": division_choices(codes) if codes else [],
        "most_days": LONGEST_DELEGATION_DAYS,
    }
    return render(request, "registry/delegations.html", shown)


@require_POST
def delegate(request: HttpRequest) -> HttpResponse:
    """Hand a role of one's own to somebody for some days."""
    who = standing(request, needs=Permission.DELEGATE)
    if request.POST.get("role") not in Role.values:
        raise PermissionDenied
    days = whole_number(request.POST.get("days", ""), otherwise=0)
    try:
        delegate_authority(
            request.POST.get("to", "").strip(),
            role=Role(request.POST["role"]),
            division_code=request.POST.get("division", "").strip(),
            until=who.now + timedelta(days=min(days, 3650)),
            by=who.actor,
            now=who.now,
        )
    except (Refusal, UnknownDivision, InvalidDivisionCode) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Handed on. It ends by itself; you can end it before."))
    return HttpResponseRedirect(reverse("delegations"))
