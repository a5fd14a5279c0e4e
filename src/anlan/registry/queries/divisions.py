"""Reads of the division tree."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from anlan.kernel.codes import UnknownDivision, check_code
from anlan.registry.data import Bearing, Role
from anlan.registry.models import Authority, Division, Person


def check_divisions(codes: Iterable[str]) -> None:
    """Raise InvalidDivisionCode or UnknownDivision for the first code that no division carries."""
    wanted = sorted(set(codes))
    for code in wanted:
        check_code(code)
    known = set(Division.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    for code in wanted:
        if code not in known:
            raise UnknownDivision(code)


def bearings(codes: Iterable[str]) -> dict[str, Bearing]:
    """Return the name and place of each division in sight."""
    rows = Division.objects.filter(pk__in=list(codes)).values_list("code", "name", "lon", "lat")
    return {code: Bearing(code=code, name=name, lon=lon, lat=lat) for code, name, lon, lat in rows}


def towns() -> list[Bearing]:
    """Return the towns and sub-districts in sight, by code."""
    rows = Division.objects.filter(kind__in=("town", "subdistrict")).order_by("code")
    return [Bearing(code=d.code, name=d.name, lon=d.lon, lat=d.lat) for d in rows]


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of persons in sight."""
    return dict(Person.objects.filter(pk__in=set(person_ids)).values_list("pk", "name"))


def authority_codes(account_id: int, *, at: datetime) -> list[str]:
    """Return the divisions over which an account holds any authority at a moment."""
    return sorted({code for code, _role in _authorities(account_id, at=at)})


def roles_of(account_id: int, *, at: datetime) -> set[Role]:
    """Return the roles that an account holds anywhere at a moment."""
    return {Role(role) for _code, role in _authorities(account_id, at=at)}


def _authorities(account_id: int, *, at: datetime) -> Iterable[tuple[str, str]]:
    return Authority.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=at),
        account_id=account_id,
        account__is_active=True,
        valid_from__lte=at,
    ).values_list("division_id", "role")
