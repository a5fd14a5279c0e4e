"""Which of a station's elements stands for it in a list. Pure."""

from collections.abc import Collection, Mapping
from typing import Final

from anlan.monitoring.data import StationKind

RAIN: Final = 0x22
LEVEL: Final = 0x39
LEVEL_ABOVE: Final = 0x3B
VOLTAGE: Final = 0x38

_OF_KIND: Final[Mapping[StationKind, tuple[int, ...]]] = {
    StationKind.RAIN: (RAIN, 0x1A, 0x26),
    StationKind.RIVER: (LEVEL, 0x27),
    StationKind.RESERVOIR: (LEVEL_ABOVE, LEVEL),
    StationKind.GATE: (LEVEL_ABOVE, LEVEL, 0x30),
    StationKind.SOIL: (0x11, 0x10, 0x12),
    StationKind.GROUNDWATER: (0x0E,),
    StationKind.WEATHER: (0x02, 0x18, 0x35),
    StationKind.OTHER: (),
}
# What tells of the station itself and not of what it watches.
_ABOUT_ITSELF: Final = frozenset({VOLTAGE, 0x45, 0xF2, 0xF3})
# Of several that fit the first counts: a reservoir measures rain as well.
_SIGNS: Final = (
    (StationKind.RESERVOIR, frozenset({"ZU"})),
    (StationKind.RIVER, frozenset({"Z", "DRZ1", "Q"})),
    (StationKind.SOIL, frozenset({"M10", "M20", "M40"})),
    (StationKind.GROUNDWATER, frozenset({"H"})),
    (StationKind.WEATHER, frozenset({"AI", "US"})),
    (StationKind.RAIN, frozenset({"PN05", "P1", "PT", "PJ", "PD"})),
)


def main_element(kind: StationKind, had: Collection[int]) -> int | None:
    """Return the number of the element to show of a station, out of those that it has sent.

    The first that fits its kind; else the lowest that does not tell of the station itself.
    """
    for number in _OF_KIND[kind]:
        if number in had:
            return number
    others = [number for number in had if number not in _ABOUT_ITSELF]
    return min(others, default=None)


def charted_elements(kind: StationKind, had: Collection[int]) -> list[int]:
    """Return what a station's chart shows at first: its rain, and the level or other main value."""
    chosen = [RAIN] if RAIN in had else []
    wanted = [number for number in _OF_KIND[kind] if number in had and number != RAIN]
    if not wanted and not chosen and (one := main_element(kind, had)) is not None:
        wanted = [one]
    if kind is StationKind.RAIN and chosen:
        return chosen
    return chosen + wanted[:1]


def likely_kind(codes: Collection[str]) -> StationKind:
    """Return what a station that sends these elements, by code, most likely is."""
    for kind, signs in _SIGNS:
        if not signs.isdisjoint(codes):
            return kind
    return StationKind.OTHER
