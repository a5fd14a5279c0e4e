"""Who calls: another program by the key that it shows, with what the key lets it do and see."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import AuthorizationError
from ninja.security import HttpBearer

from anlan.kernel import clock, scope
from anlan.kernel.actors import Actor
from anlan.kernel.tables.planning import Allowed
from anlan.registry.data import Permission
from anlan.registry.keeping import allowed_within
from anlan.registry.queries.tokens import TokenGrant, token_for


@dataclass(frozen=True)
class Caller:
    """A program whose key is good, at the moment of its call."""

    grant: TokenGrant
    now: datetime

    @property
    def actor(self) -> Actor:
        """Return who acts, as the journal names it."""
        return Actor(label=f"api:{self.grant.application}")

    @property
    def codes(self) -> list[str]:
        """Return the divisions in which it may read and write."""
        return [self.grant.division_code]

    @property
    def allowed(self) -> Allowed:
        """Return what tells whether it may write in a division."""
        return allowed_within(self.codes)

    def may(self, permission: str) -> bool:
        """Tell whether the key holds a permission."""
        return permission in self.grant.permissions

    def sight(self) -> AbstractContextManager[Any]:
        """Return the scope of the key, whoever may be logged in beside it."""
        return scope.limited_to(self.codes)

    def check(self, permission: str) -> None:
        """Raise AuthorizationError unless the key holds a permission."""
        if not self.may(permission):
            raise AuthorizationError(
                message=_("The key lacks the permission “%(what)s”. Ask whoever issued it.")
                % {"what": Permission(permission).label}
            )


class Bearer(HttpBearer):
    """Lets in whoever shows a good key that holds the permissions of an endpoint."""

    openapi_description = "A key of the county: `Authorization: Bearer anlan_…`"

    def __init__(self, *needs: str) -> None:
        super().__init__()
        self.needs = needs

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """Return who calls, None without a good key; raise AuthorizationError when it may not."""
        now = clock.now()
        grant = token_for(token.strip(), now=now)
        if grant is None:
            return None
        caller = Caller(grant=grant, now=now)
        for permission in self.needs:
            caller.check(permission)
        return caller


def caller_of(request: HttpRequest) -> Caller:
    """Return the program that calls, which its endpoint has let in."""
    found: Caller = request.auth  # type: ignore[attr-defined]  # ninja puts it there
    return found
