"""The accounts that one manages: their list, one of them, a new one, and what is done to them."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.kernel.codes import InvalidDivisionCode, UnknownDivision, check_code
from anlan.kernel.paging import whole_number
from anlan.registry.actions.close_account import close_account
from anlan.registry.actions.grant_authority import grant_authority
from anlan.registry.actions.open_account import open_account
from anlan.registry.actions.reopen_account import reopen_account
from anlan.registry.actions.reset_password import reset_password
from anlan.registry.actions.reset_second_factor import reset_second_factor
from anlan.registry.actions.tie_account import tie_account
from anlan.registry.actions.withdraw_authority import withdraw_authority
from anlan.registry.data import Office, Permission, Role
from anlan.registry.models import Account
from anlan.registry.queries.accounts import (
    AccountFilter,
    account_rows,
    is_locked_out,
    listed_accounts,
    people_found,
)
from anlan.registry.queries.divisions import town_choice
from anlan.registry.queries.managing import access_managed
from anlan.registry.refusals import AccountOutOfSight, Refusal
from anlan.registry.screens.standing import Standing, division_choices, standing

NEEDS = Permission.MANAGE_ACCOUNTS
STATES = ("open", "closed", "new")


@require_safe
def list_accounts(request: HttpRequest) -> HttpResponse:
    """Show the accounts that one manages, narrowed to what was asked for."""
    who = standing(request, needs=NEEDS)
    wanted = _wanted(request)
    query = request.GET.copy()
    query.pop("page", None)
    shown = {
        "list": listed_accounts(wanted, grants=who.grants, at=who.now),
        "wanted": wanted,
        "query": query.urlencode(),
        "roles": Role,
        "towns": town_choice(),
    }
    return render(request, "registry/accounts.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def new_account(request: HttpRequest) -> HttpResponse:
    """Show the form for a new account, and open it."""
    who = standing(request, needs=NEEDS)
    sentences: list[str] = []
    if request.method == "POST":
        try:
            key = _open(request, who)
        except (Refusal, UnknownDivision, InvalidDivisionCode) as error:
            sentences = list(getattr(error, "sentences", [str(error)]))
        else:
            messages.success(request, _("The account is open. Hand over the password in person."))
            return HttpResponseRedirect(reverse("account", args=[key]))
    shown = {
        "sentences": sentences,
        "typed": request.POST,
        "roles": Role,
        "offices": Office,
        "divisions": division_choices(who.codes(NEEDS)),
    }
    return render(request, "registry/new_account.html", shown)


@require_safe
def show_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one account: what it may, when it was last here, and what can be done to it."""
    who = standing(request, needs=NEEDS)
    account = _access(pk, who)
    text = request.GET.get("person", "")
    shown = {
        "account": account_rows(Account.objects.filter(pk=account.pk), at=who.now)[0],
        "is_mine": account.pk == who.account.pk,
        "is_locked": is_locked_out(account.username, at=who.now),
        "person_text": text,
        "people": people_found(text),
        "roles": Role,
        "offices": Office,
        "divisions": division_choices(who.codes(NEEDS)),
    }
    return render(request, "registry/account.html", shown)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account."""
    return _change(
        request,
        pk,
        lambda who: close_account(pk, by=who.actor, now=who.now),
        done=_("The account is closed."),
    )


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a closed account in again."""
    return _change(
        request,
        pk,
        lambda who: reopen_account(pk, by=who.actor, now=who.now),
        done=_("The account is open again."),
    )


@require_POST
def give_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an account a password that its holder must change at the next login."""
    new = request.POST.get("password", "")
    return _change(
        request,
        pk,
        lambda who: reset_password(pk, new=new, by=who.actor, now=who.now),
        done=_("The password holds for one login; then its holder chooses another one."),
    )


@require_POST
def take_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the second factor off an account whose phone is lost."""
    return _change(
        request,
        pk,
        lambda who: reset_second_factor(pk, by=who.actor, now=who.now),
        done=_("The second factor is off. Its holder sets up a new one at the next login."),
    )


@require_POST
def tie(request: HttpRequest, pk: int) -> HttpResponse:
    """Tie an account to a person of the register, or untie it."""
    person = whole_number(request.POST.get("person", ""), otherwise=0) or None
    return _change(
        request,
        pk,
        lambda who: tie_account(pk, person_id=person, by=who.actor, now=who.now),
        done=_("Recorded who this account belongs to."),
    )


@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an account a role over a division."""
    return _change(request, pk, lambda who: _grant(request, pk, who), done=_("The role is given."))


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """End an authority and go back to where one came from: an account, or the delegations."""
    who = standing(request)
    try:
        withdraw_authority(pk, by=who.actor, now=who.now)
    except AccountOutOfSight as error:
        raise Http404 from error
    except Refusal as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The authority has ended."))
    account = whole_number(request.POST.get("account", ""), otherwise=0)
    back = reverse("account", args=[account]) if account else reverse("delegations")
    return HttpResponseRedirect(back)


def _change(
    request: HttpRequest, pk: int, change: Callable[[Standing], object], *, done: str
) -> HttpResponse:
    """Do something to an account and show its page, with what was done or why it was not."""
    who = standing(request, needs=NEEDS)
    _access(pk, who)
    try:
        change(who)
    except (Refusal, UnknownDivision, InvalidDivisionCode) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("account", args=[pk]))


def _access(pk: int, who: Standing) -> Account:
    try:
        return access_managed(pk, grants=who.grants)
    except AccountOutOfSight as error:
        raise Http404 from error


def _open(request: HttpRequest, who: Standing) -> int:
    return open_account(
        request.POST.get("username", "").strip(),
        password=request.POST.get("password", ""),
        role=_role(request),
        division_code=request.POST.get("division", "").strip(),
        office=request.POST.get("office", ""),
        person_id=None,
        by=who.actor,
        now=who.now,
    )


def _grant(request: HttpRequest, pk: int, who: Standing) -> None:
    day = parse_date(request.POST.get("until", "")) if request.POST.get("until") else None
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) if day else None
    if end is not None and end <= who.now:
        raise Refusal(_("The last day has passed already. Choose a later one, or none."))
    grant_authority(
        pk,
        role=_role(request),
        division_code=request.POST.get("division", "").strip(),
        office=request.POST.get("office", ""),
        until=end,
        by=who.actor,
        now=who.now,
    )


def _role(request: HttpRequest) -> Role:
    asked = request.POST.get("role", "")
    if asked not in Role.values:
        raise Refusal(_("Choose a role from the list."))
    return Role(asked)


def _wanted(request: HttpRequest) -> AccountFilter:
    """Return the filter of an address; what it does not know narrows nothing."""
    asked = request.GET
    town = asked.get("town", "")
    try:
        check_code(town)
    except InvalidDivisionCode:
        town = ""
    return AccountFilter(
        role=asked.get("role", "") if asked.get("role") in Role.values else "",
        town=town,
        state=asked.get("state", "") if asked.get("state") in STATES else "",
        text=asked.get("text", "").strip(),
        page=whole_number(asked.get("page", ""), otherwise=1),
    )
