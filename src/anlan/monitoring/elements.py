"""The numbers of elements: those of SL 651 by their guide byte, others as they come."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.db.models import Max

from anlan.monitoring.gateways.sl651.elements import KINDS
from anlan.monitoring.models import OtherElement

RAIN: Final = 0x22
LEVEL: Final = 0x39
LEVEL_ABOVE: Final = 0x3B
DAILY_RAIN: Final = 0x1F
VOLTAGE: Final = 0x38
FORECAST_LEVEL: Final = 900
FIRE_HTZ: Final = 901
FIRE_FWI: Final = 902
FIRST_OTHER: Final = 1000

_DERIVED: Final = {
    FORECAST_LEVEL: ("ZF6", "m"),
    FIRE_HTZ: ("HTZ", ""),
    FIRE_FWI: ("FWI", ""),
}
_NAMES: Final[Mapping[int, str]] = {
    **{number: kind.name for number, kind in KINDS.items()},
    **{number: name for number, (name, _unit) in _DERIVED.items()},
}
_NUMBERS: Final[Mapping[str, int]] = {name: number for number, name in _NAMES.items()}
UNITS: Final[Mapping[str, str]] = {
    **{kind.name: kind.unit for kind in KINDS.values()},
    **dict(_DERIVED.values()),
}


def numbers_of(codes: Iterable[str]) -> dict[str, int]:
    """Return the number of each code; one that never came before gets the next."""
    wanted = set(codes)
    found = {code: _NUMBERS[code] for code in wanted if code in _NUMBERS}
    missing = wanted - found.keys()
    if missing:
        others = OtherElement.objects.filter(code__in=missing)
        found |= dict(others.values_list("code", "pk"))
        if new := sorted(missing - found.keys()):
            found |= _add(new)
    return found


def numbers_known(codes: Iterable[str]) -> dict[str, int]:
    """Return the numbers of those codes that have one, in the order given."""
    wanted = [code for code in dict.fromkeys(codes) if code.isprintable()]
    others = OtherElement.objects.filter(code__in=[x for x in wanted if x not in _NUMBERS])
    found = {code: _NUMBERS[code] for code in wanted if code in _NUMBERS}
    if len(found) < len(wanted):
        found |= dict(others.values_list("code", "pk"))
    return {code: found[code] for code in wanted if code in found}


def names_of(numbers: Iterable[int]) -> dict[int, str]:
    """Return the code of each number."""
    wanted = set(numbers)
    found = {number: _NAMES[number] for number in wanted if number in _NAMES}
    if others := wanted - found.keys():
        rows = OtherElement.objects.filter(pk__in=others)
        found |= dict(rows.values_list("pk", "code"))
    return found


def _add(codes: list[str]) -> dict[str, int]:
    """Give codes numbers; where another process took a number first, the next ones are tried."""
    found: dict[str, int] = {}
    while len(found) < len(codes):
        highest = OtherElement.objects.aggregate(last=Max("pk"))["last"] or 0
        first = max(highest + 1, FIRST_OTHER)
        left = [code for code in codes if code not in found]
        rows = [OtherElement(pk=first + at, code=code) for at, code in enumerate(left)]
        OtherElement.objects.bulk_create(rows, ignore_conflicts=True)
        found = dict(OtherElement.objects.filter(code__in=codes).values_list("code", "pk"))
    return found
