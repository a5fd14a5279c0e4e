"""Who asks for a page, what they hold, and when: asked once a request."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from anlan.kernel import clock
from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, level_of
from anlan.kernel.scope import narrowest, within
from anlan.registry.data import Bearing, Permission
from anlan.registry.models import Account, Division
from anlan.registry.queries.authorities import Grant, codes_where, grants_of
from anlan.registry.queries.pages import actor_for

MOST_CHOICES = 500


@dataclass(frozen=True)
class Standing:
    """Who asks, what they hold, and when."""

    account: Account
    grants: tuple[Grant, ...]
    now: datetime

    @property
    def actor(self) -> Actor:
        """Return who acts, as the journal names them."""
        return actor_for(self.account.pk)

    def codes(self, permission: Permission) -> list[str]:
        """Return the divisions over which they hold a permission."""
        return codes_where(self.grants, permission)


def standing(request: HttpRequest, *, needs: Permission | None = None) -> Standing:
    """Return who asks; raise PermissionDenied when they nowhere hold what the page needs."""
    now = clock.now()
    key: int = request.user.pk or 0
    grants = getattr(request, "grants", None)
    found = Standing(
        account=Account.objects.get(pk=key),
        grants=grants_of(key, at=now) if grants is None else grants,
        now=now,
    )
    if needs is not None and not found.codes(needs):
        raise PermissionDenied
    return found


def division_choices(codes: list[str]) -> list[Bearing]:
    """Return the divisions to choose from within these, by code, indented by their depth.

    Villages are left out where they would be more than a list can hold.
    """
    rows = Division.objects.filter(
        within("code", narrowest(codes)), ended_on__isnull=True
    ).order_by("code")
    found = list(rows.values_list("code", "name")[: MOST_CHOICES + 1])
    if len(found) > MOST_CHOICES:
        higher = rows.exclude(kind__in=("village", "community"))
        found = list(higher.values_list("code", "name")[:MOST_CHOICES])
    return [Bearing(code=code, name=_indented(code, name)) for code, name in found]


def _indented(code: str, name: str) -> str:
    depth = {Level.TOWN: 1, Level.VILLAGE: 2}.get(level_of(code), 0)
    return "\u3000" * depth + name
