"""One's own account: what one may, one's password, one's sessions."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.registry.actions.change_password import change_password
from anlan.registry.actions.end_sessions import end_sessions
from anlan.registry.models import Account
from anlan.registry.passwords import is_too_old
from anlan.registry.queries.accounts import account_rows
from anlan.registry.queries.audit import visits_of
from anlan.registry.refusals import Refusal
from anlan.registry.screens.audit_words import sentence_of
from anlan.registry.screens.standing import standing
from anlan.registry.second_factor import recovery_codes_left


@require_safe
def show_own_account(request: HttpRequest) -> HttpResponse:
    """Show one's own account, with the last times that somebody came in by it or tried to."""
    who = standing(request)
    rows = Account.objects.filter(pk=who.account.pk)
    shown = {
        "account": account_rows(rows, at=who.now)[0],
        "codes_left": recovery_codes_left(who.account.pk),
        "visits": [(row, sentence_of(row.act)) for row in visits_of(who.account.pk)],
    }
    return render(request, "registry/own_account.html", shown)


@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def change_own_password(request: HttpRequest) -> HttpResponse:
    """Show the form for another password, and take it; all other sessions end."""
    who = standing(request)
    sentences: list[str] = []
    if request.method == "POST":
        sentences = _change(request, who.account)
        if not sentences:
            messages.success(request, _("The new password holds. All other sessions have ended."))
            return HttpResponseRedirect(reverse("map"))
    shown = {
        "sentences": sentences,
        "must": who.account.must_change_password,
        "too_old": is_too_old(who.account, at=who.now),
    }
    return render(request, "registry/change_password.html", shown)


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End one's sessions on all other machines."""
    who = standing(request)
    end_sessions(who.account, by=who.actor, now=who.now)
    update_session_auth_hash(request, who.account)
    messages.success(request, _("You are logged out everywhere but here."))
    return HttpResponseRedirect(reverse("own_account"))


def _change(request: HttpRequest, account: Account) -> list[str]:
    """Change the password and return the sentences that say why not; none when it holds."""
    who = standing(request)
    new = request.POST.get("new", "")
    if new != request.POST.get("again", ""):
        return [_("The two new passwords differ. Type the same one twice.")]
    try:
        change_password(
            account, old=request.POST.get("old", ""), new=new, by=who.actor, now=who.now
        )
    except Refusal as error:
        return list(getattr(error, "sentences", [str(error)]))
    update_session_auth_hash(request, account)
    return []
