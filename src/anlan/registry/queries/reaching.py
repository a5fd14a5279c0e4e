"""The numbers under which people are reached, and whose number it is that answers."""

import re
from collections.abc import Iterable

from anlan.kernel.encryption import index_of
from anlan.registry.models import Household, Person

CHUNK = 10_000
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1\d{10}$|0\d{9,11}$)")


def numbers_of(person_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the phone numbers of persons in sight in the order in which they are tried."""
    found: dict[int, tuple[str, ...]] = {}
    wanted = sorted(set(person_ids))
    for start in range(0, len(wanted), CHUNK):
        rows = Person.objects.filter(pk__in=wanted[start : start + CHUNK])
        for key, first, second in rows.values_list("pk", "phone", "second_phone"):
            found[key] = tuple(dict.fromkeys(number for number in (first, second) if number))
    return found


def household_numbers(household_ids: Iterable[int]) -> dict[int, str]:
    """Return the phone numbers of households in sight that have one."""
    rows = Household.objects.filter(pk__in=set(household_ids)).exclude(phone="")
    return dict(rows.values_list("pk", "phone"))


def persons_with_number(number: str) -> list[int]:
    """Return who in sight has this number as the first one and has not left."""
    plain = plain_number(number)
    if not plain:
        return []
    rows = Person.objects.filter(phone_index=index_of(plain), left_on__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def plain_number(number: str) -> str:
    """Return a number without spaces, hyphens and the country's own code before it."""
    return _COUNTRY.sub("", re.sub(r"[\s\-()]", "", number))
