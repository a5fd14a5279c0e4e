"""The login page."""

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.utils.translation import gettext_lazy as _


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
