"""The second factor: set up, shown at each login, its recovery codes, its end."""

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp import login

from anlan.registry.actions.begin_second_factor import begin_second_factor
from anlan.registry.actions.confirm_second_factor import confirm_second_factor
from anlan.registry.actions.prove_second_factor import prove_second_factor
from anlan.registry.actions.renew_recovery_codes import renew_recovery_codes
from anlan.registry.actions.reset_second_factor import reset_second_factor
from anlan.registry.permissions import needs_second_factor
from anlan.registry.refusals import Refusal
from anlan.registry.screens.standing import Standing, standing
from anlan.registry.second_factor import (
    RECOVERY_CODES,
    factor_of,
    recovery_codes_left,
    unconfirmed_of,
)


@never_cache
@require_safe
def show_second_factor(request: HttpRequest) -> HttpResponse:
    """Show whether the second factor is on; while it is being set up, its secret."""
    who = standing(request)
    begun = unconfirmed_of(who.account.pk)
    shown = {
        "factor": factor_of(who.account.pk),
        "begun": begun,
        "picture": segno.make(begun.address, error="m").svg_data_uri(scale=5) if begun else "",
        "is_required": needs_second_factor(grant.role for grant in who.grants),
        "codes_left": recovery_codes_left(who.account.pk),
    }
    return render(request, "registry/second_factor.html", shown)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Make a new secret to show to the app."""
    who = standing(request)
    begin_second_factor(who.account.pk, by=who.actor, now=who.now)
    return HttpResponseRedirect(reverse("second_factor"))


@never_cache
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Take the first code; from then on the factor holds, and its recovery codes are shown once."""
    who = standing(request)
    codes = confirm_second_factor(
        who.account.pk, code=request.POST.get("code", ""), by=who.actor, now=who.now
    )
    if not codes:
        messages.error(request, _wrong_code())
        return HttpResponseRedirect(reverse("second_factor"))
    _remember(request, who)
    return _show_codes(request, codes)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the moment after the password, and take it."""
    who = standing(request)
    wanted = request.POST.get("next", request.GET.get("next", ""))
    if request.method == "POST":
        device = prove_second_factor(
            who.account, code=request.POST.get("code", ""), by=who.actor, now=who.now
        )
        if device is not None:
            request.session.cycle_key()
            login(request, device)
            return HttpResponseRedirect(_safe(wanted, request))
        messages.error(request, _wrong_code())
    return render(request, "registry/prove_second_factor.html", {"next": wanted})


@never_cache
@require_POST
def renew_codes(request: HttpRequest) -> HttpResponse:
    """Make ten new recovery codes in place of the old ones and show them once."""
    who = standing(request)
    if factor_of(who.account.pk) is None:
        return HttpResponseRedirect(reverse("second_factor"))
    return _show_codes(request, renew_recovery_codes(who.account, by=who.actor, now=who.now))


@require_POST
def give_up(request: HttpRequest) -> HttpResponse:
    """Take the second factor off one's own account, where no role demands it."""
    who = standing(request)
    try:
        reset_second_factor(who.account.pk, by=who.actor, now=who.now)
    except Refusal as error:
        messages.error(request, str(error))
    else:
        who.account.refresh_from_db()
        update_session_auth_hash(request, who.account)
        messages.success(request, _("The second factor is off."))
    return HttpResponseRedirect(reverse("second_factor"))


def _remember(request: HttpRequest, who: Standing) -> None:
    request.session.cycle_key()
    login(request, factor_of(who.account.pk))


def _show_codes(request: HttpRequest, codes: tuple[str, ...]) -> HttpResponse:
    shown = {"codes": codes, "count": RECOVERY_CODES}
    return render(request, "registry/recovery_codes.html", shown)


def _wrong_code() -> str:
    return _(
        "The code is not right. Wait for the next one in the app and type that; after each wrong "
        "code you wait a little longer."
    )


def _safe(wanted: str, request: HttpRequest) -> str:
    is_safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if wanted and is_safe else reverse("map")
