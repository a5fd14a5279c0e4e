"""The keys of other programs: their list, a new one, the end of one."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from anlan.kernel.codes import InvalidDivisionCode, UnknownDivision
from anlan.kernel.paging import whole_number
from anlan.registry.actions.issue_token import issue_token
from anlan.registry.actions.revoke_token import revoke_token
from anlan.registry.data import Permission
from anlan.registry.permissions import FOR_PROGRAMS, LONGEST_TOKEN_DAYS
from anlan.registry.queries.tokens import TokenOutOfSight, listed_tokens
from anlan.registry.refusals import Refusal
from anlan.registry.screens.standing import Standing, division_choices, standing

NEEDS = Permission.MANAGE_TOKENS


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def list_tokens(request: HttpRequest) -> HttpResponse:
    """Show the keys that one manages; make a new one and show it this once."""
    who = standing(request, needs=NEEDS)
    key = ""
    if request.method == "POST":
        try:
            key = _issue(request, who)
        except (Refusal, UnknownDivision, InvalidDivisionCode) as error:
            messages.error(request, str(error))
    shown = {
        "key": key,
        "typed": request.POST if not key else {},
        "chosen": request.POST.getlist("permission") if not key else [],
        "tokens": listed_tokens(who.grants, at=who.now),
        "permissions": [each for each in Permission if each in FOR_PROGRAMS],
        "divisions": division_choices(who.codes(NEEDS)),
        "most_days": LONGEST_TOKEN_DAYS,
    }
    return render(request, "registry/tokens.html", shown)


@require_POST
def revoke(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Shut another program out."""
    who = standing(request, needs=NEEDS)
    try:
        revoke_token(str(uuid), by=who.actor, now=who.now)
    except TokenOutOfSight as error:
        raise Http404 from error
    except Refusal as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The key opens nothing any more."))
    return HttpResponseRedirect(reverse("tokens"))


def _issue(request: HttpRequest, who: Standing) -> str:
    asked = request.POST.getlist("permission")
    return issue_token(
        request.POST.get("application", ""),
        division_code=request.POST.get("division", "").strip(),
        permissions=[Permission(each) for each in asked if each in Permission.values],
        days=whole_number(request.POST.get("days", ""), otherwise=0),
        by=who.actor,
        now=who.now,
    )
