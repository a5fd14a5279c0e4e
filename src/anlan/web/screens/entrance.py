"""The login page, the way out, and the way in through another house."""

from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.registry.api import actor_for, note_entrance
from anlan.web.visitor import client_address


class EntranceForm(AuthenticationForm):
    """User name and password; a refusal says what to do next."""

    error_messages = {
        "invalid_login": _(
            "The user name or the password is not right. Check both; capitals count. "
            "After five wrong tries the account rests for ten minutes."
        ),
        "inactive": _("This account is closed. Ask your county's administrator to open it."),
    }


class Entrance(LoginView):
    """Let somebody in; whoever is in already goes on to the map."""

    template_name = "web/login.html"
    authentication_form = EntranceForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows; the button of single sign-on only where there is one."""
        shown = super().get_context_data(**kwargs)
        return shown | {"has_sign_on": bool(settings.ANLAN_OIDC_ISSUER)}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Let them in and write it down."""
        answer = super().form_valid(form)
        note_log_in(self.request, via="password")
        return answer

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Write down a wrong password, and once that it locks the account; say what to do."""
        reached = getattr(self.request, "axes_failures_since_start", None)
        name = str(form.data.get("username", ""))
        if reached is not None:
            note(self.request, "account.log_in_failed", username=name)
        if reached == settings.AXES_FAILURE_LIMIT:
            note(self.request, "account.locked", username=name)
        return super().form_invalid(form)


class WayOut(LogoutView):
    """Let somebody out and write it down."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session."""
        if request.user.is_authenticated:
            note_entrance(
                "account.logged_out",
                username=request.user.get_username(),
                address=client_address(request),
                by=actor_for(request.user.pk),
                now=clock.now(),
            )
        return super().post(request, *args, **kwargs)


def note_log_in(request: HttpRequest, *, via: str) -> None:
    """Write down who has just come in."""
    note_entrance(
        "account.logged_in",
        username=request.user.get_username(),
        address=client_address(request),
        by=actor_for(request.user.pk),
        now=clock.now(),
        detail={"via": via},
    )


def note(request: HttpRequest, act: str, *, username: str) -> None:
    """Write down that somebody who is nobody yet stood at the door of an account."""
    note_entrance(
        act,
        username=username,
        address=client_address(request),
        by=the_program("entrance"),
        now=clock.now(),
    )
