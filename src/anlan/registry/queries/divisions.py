"""Reads of the division tree."""

from collections.abc import Iterable

from django.db.models import QuerySet

from anlan.kernel.codes import UnknownDivision, check_code
from anlan.registry.data import Bearing
from anlan.registry.models import Division, Person

MOST_CHOICES = 300


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
    """Return each of these divisions in sight by its code."""
    rows = Division.objects.filter(pk__in=list(codes)).values_list("code", "name")
    return {code: Bearing(code=code, name=name) for code, name in rows}


def present_bearings(codes: Iterable[str]) -> list[Bearing]:
    """Return those of these divisions in sight that have not ended, by code."""
    rows = Division.objects.filter(pk__in=list(codes), ended_on__isnull=True).order_by("code")
    return [Bearing(code=code, name=name) for code, name in rows.values_list("code", "name")]


def towns() -> list[Bearing]:
    """Return the towns and sub-districts in sight, by code."""
    return [Bearing(code=code, name=name) for code, name in _towns().values_list("code", "name")]


def town_choice() -> list[Bearing]:
    """Return the towns in sight to choose from, none when there are too many to find one in."""
    found = _towns()[: MOST_CHOICES + 1]
    choice = [Bearing(code=code, name=name) for code, name in found.values_list("code", "name")]
    return choice if len(choice) <= MOST_CHOICES else []


def _towns() -> QuerySet[Division]:
    kinds = ("town", "subdistrict")
    return Division.objects.filter(kind__in=kinds, ended_on__isnull=True).order_by("code")


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of persons in sight."""
    return dict(Person.objects.filter(pk__in=set(person_ids)).values_list("pk", "name"))
