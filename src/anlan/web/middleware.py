"""What stands around every page: how long one stays, what one must do first, what one sees."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock, scope
from anlan.registry.api import (
    EntryStep,
    actor_for,
    entry_step,
    grants_of,
    note_entrance,
    with_earlier_codes,
)
from anlan.web.visitor import client_address

Answer = Callable[[HttpRequest], HttpResponse]

# What a session keeps: since when it runs, when it was last used, whose strong sign-on it was.
SINCE, SEEN, STRONG = "since", "seen", "strong_sign_on"
SENTENCES: Mapping[str, Any] = {
    "idle": _("You were logged out because nobody used the page. Log in again."),
    "long": _("You were logged out after twelve hours. Log in again."),
}
LONGEST_SESSION = timedelta(hours=12)
SEEN_NOTED_EVERY = timedelta(minutes=1)

# Where somebody who is not through yet is led, and what else they may open.
WAY: Mapping[EntryStep, str] = {
    EntryStep.PROVE: "prove_second_factor",
    EntryStep.CHANGE_PASSWORD: "change_password",
    EntryStep.ENROL: "second_factor",
}
ALSO_OPEN: Mapping[EntryStep, frozenset[str]] = {
    EntryStep.PROVE: frozenset(),
    EntryStep.CHANGE_PASSWORD: frozenset(),
    EntryStep.ENROL: frozenset({"begin_second_factor", "confirm_second_factor"}),
}


def browser_limits(get_response: Answer) -> Answer:
    """Return what tells browsers which of their powers no page of ours uses."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(
            "Permissions-Policy",
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
        )
        return response

    return answer


class SessionTimeMiddleware:
    """End a session that nobody used for a while, and any after twelve hours."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or lead to the login when its session is over."""
        if request.user.is_authenticated:
            now = clock.now()
            if reason := _reason_to_end(request, now=now):
                return _end(request, reason=reason, now=now)
        return self.get_response(request)


def _reason_to_end(request: HttpRequest, *, now: datetime) -> str:
    """Return why a session is over, or nothing; note that it is in use."""
    at = int(now.timestamp())
    since = request.session.setdefault(SINCE, at)
    seen = request.session.get(SEEN, at)
    if settings.ANLAN_IDLE_MINUTES > 0 and at - seen > settings.ANLAN_IDLE_MINUTES * 60:
        return "idle"
    if at - since > LONGEST_SESSION.total_seconds():
        return "long"
    if SEEN not in request.session or at - seen >= SEEN_NOTED_EVERY.total_seconds():
        request.session[SEEN] = at
    return ""


def _end(request: HttpRequest, *, reason: str, now: datetime) -> HttpResponse:
    note_entrance(
        "account.logged_out",
        username=request.user.get_username(),
        address=client_address(request),
        by=actor_for(request.user.pk),
        now=now,
        detail={"why": reason},
    )
    logout(request)
    messages.info(request, SENTENCES[reason])
    back = request.get_full_path() if request.method == "GET" else reverse("map")
    return redirect_to_login(back)


class ScopeMiddleware:
    """Let a page see the divisions over which its account holds authority, and nothing else.

    Without a login there is no scope, and any query of a scoped table raises. Whoever has still
    to prove themselves, or to change their password, sees no division and no other page.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request within the scope of its account."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = clock.now()
        grants = grants_of(request.user.pk, at=now)
        step = entry_step(request.user, grants=grants, is_verified=_is_verified(request), at=now)
        request.entry_step = step  # type: ignore[attr-defined]  # for process_view and the header
        request.grants = grants  # type: ignore[attr-defined]  # asked once for all that follows
        codes = [] if step else with_earlier_codes(grant.division_code for grant in grants)
        with scope.limited_to(codes):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Lead whoever is not through yet to what they have to do first."""
        step: EntryStep | None = getattr(request, "entry_step", None)
        if step is None or not getattr(view, "login_required", True):
            return None
        match = request.resolver_match
        name = match.url_name if match else ""
        if name in {"logout", WAY[step], *ALSO_OPEN[step]}:
            return None
        return HttpResponseRedirect(reverse(WAY[step]))


def _is_verified(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.is_verified() or request.session.get(STRONG) == user.pk)
