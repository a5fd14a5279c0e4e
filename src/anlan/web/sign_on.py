"""Single sign-on: another house of the county's says who somebody is.

It opens no account and gives no authority: what it says is matched with the user name of an open
account. All that counts stands in the signed id token; nothing else is asked of the issuer.
"""

from collections.abc import Mapping
from typing import Any

import jwt
import requests
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import (
    OIDCAuthenticationCallbackView,
    OIDCAuthenticationRequestView,
)

from anlan.kernel import clock
from anlan.registry.api import open_accounts_named
from anlan.web.middleware import STRONG
from anlan.web.screens.entrance import note_log_in

LEEWAY_S = 60


class IssuerBackend(OIDCAuthenticationBackend):  # type: ignore[misc]  # it publishes no types
    """Take an id token of our issuer, made for us, still good, and find the account it names."""

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        """Return the claims of a token; raise SuspiciousOperation for one that does not hold."""
        try:
            claims: dict[str, Any] = super().verify_token(token, **kwargs)
        except (jwt.PyJWTError, KeyError) as error:
            raise SuspiciousOperation(f"The id token cannot be read: {error}") from error
        audience = claims.get("aud")
        ours = audience if isinstance(audience, list) else [audience]
        now = clock.now().timestamp()
        if str(claims.get("iss", "")).rstrip("/") != settings.ANLAN_OIDC_ISSUER:
            raise SuspiciousOperation("The id token comes from another issuer.")
        if self.OIDC_RP_CLIENT_ID not in ours:
            raise SuspiciousOperation("The id token was made for another program.")
        if not now - LEEWAY_S < float(claims.get("exp", 0)):
            raise SuspiciousOperation("The id token has run out.")
        return claims

    def get_userinfo(
        self, access_token: str, id_token: str, payload: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return the claims of the id token itself."""
        self.request.sign_on_claims = payload
        return payload

    def verify_claims(self, claims: Mapping[str, Any]) -> bool:
        """Tell whether the claims name a user."""
        return bool(claims.get(settings.ANLAN_OIDC_USERNAME_CLAIM))

    def filter_users_by_claims(self, claims: Mapping[str, Any]) -> QuerySet[Any]:
        """Return the open account with the user name that the claims give."""
        return open_accounts_named(str(claims[settings.ANLAN_OIDC_USERNAME_CLAIM]))


class SignOnStart(OIDCAuthenticationRequestView):  # type: ignore[misc]  # it publishes no types
    """Lead to the issuer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Begin the single sign-on, where there is one."""
        _check_on()
        answer: HttpResponse = super().get(request)
        return answer


class SignOnBack(OIDCAuthenticationCallbackView):  # type: ignore[misc]  # it publishes no types
    """Let somebody in whom the issuer has named, or say what to do."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Take the issuer's answer; one that does not hold leads back to the login."""
        _check_on()
        try:
            answer: HttpResponse = super().get(request)
        except (SuspiciousOperation, requests.RequestException, ValueError):
            return self.login_failure()
        return answer

    def login_success(self) -> HttpResponse:
        """Let them in, write it down, and remember a second factor that the issuer took."""
        answer: HttpResponse = super().login_success()
        claims = getattr(self.request, "sign_on_claims", {})
        told = claims.get("amr")
        if isinstance(told, list) and not set(settings.ANLAN_OIDC_STRONG).isdisjoint(told):
            self.request.session[STRONG] = self.request.user.pk
        note_log_in(self.request, via="sign-on")
        return answer

    def login_failure(self) -> HttpResponse:
        """Lead back to the login with a sentence."""
        messages.error(
            self.request,
            _(
                "The single sign-on did not let you in: there is no open account for you here, or "
                "its answer did not hold. Try again, or log in with your password."
            ),
        )
        return HttpResponseRedirect(reverse("login"))


def _check_on() -> None:
    if not settings.ANLAN_OIDC_ISSUER:
        raise Http404
