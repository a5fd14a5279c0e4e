"""Reads of who may do what where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from anlan.kernel.codes import contains
from anlan.registry.data import Office, Permission, Role
from anlan.registry.models import Authority
from anlan.registry.permissions import ROLE_PERMISSIONS
from anlan.registry.queries.earlier_codes import with_earlier_codes


@dataclass(frozen=True)
class Grant:
    """An authority in force: a role over a division; `office` is empty when every desk is meant."""

    role: Role
    division_code: str
    office: str = ""

    def allows(self, permission: Permission, *, office: Office | None = None) -> bool:
        """Tell whether the grant holds a permission over the records of a desk."""
        fits = not self.office or office is None or self.office == office
        return fits and permission in ROLE_PERMISSIONS[self.role]


def in_force(account_id: int, *, at: datetime) -> QuerySet[Authority]:
    """Return the authorities of an open account that hold at a moment."""
    return Authority.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=at),
        account_id=account_id,
        account__is_active=True,
        valid_from__lte=at,
    )


def grants_of(account_id: int | None, *, at: datetime) -> tuple[Grant, ...]:
    """Return the grants of an account at a moment; nobody has none."""
    rows = in_force(account_id or 0, at=at).order_by("division_id", "role", "office")
    return tuple(
        Grant(role=Role(role), division_code=code, office=office)
        for role, code, office in rows.values_list("role", "division_id", "office")
    )


def codes_where(
    grants: Iterable[Grant], permission: Permission, *, office: Office | None = None
) -> list[str]:
    """Return the divisions over which the grants hold a permission."""
    return sorted({g.division_code for g in grants if g.allows(permission, office=office)})


def may(
    grants: Iterable[Grant],
    permission: Permission,
    *,
    division_code: str,
    office: Office | None = None,
) -> bool:
    """Tell whether the grants hold a permission over the place with this code."""
    return any(
        contains(code, division_code) for code in codes_where(grants, permission, office=office)
    )


def authority_codes(account_id: int, *, at: datetime) -> list[str]:
    """Return the divisions over which an account holds any authority at a moment.

    With them come the ended codes that went into them: their records stay in sight.
    """
    return with_earlier_codes(grant.division_code for grant in grants_of(account_id, at=at))


def roles_of(account_id: int, *, at: datetime) -> set[Role]:
    """Return the roles that an account holds anywhere at a moment."""
    return {grant.role for grant in grants_of(account_id, at=at)}


def has_permission_over(
    account_id: int | None, permission: Permission, *, division_code: str, at: datetime
) -> bool:
    """Tell whether an account holds a permission over the place with this code at a moment."""
    return may(grants_of(account_id, at=at), permission, division_code=division_code)
