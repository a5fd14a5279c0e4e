"""What a line of the daily macro-observation report may say.

The kinds and signs are those that county offices list for observers (地震宏观观测): well and spring
water that rises, falls, turns muddy, bubbles, changes colour, taste or warmth; animals; ground gas;
ground sound and light.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import Final

from anlan.monitoring.data import MacroEntry, MacroKind, MacroSign, MacroState

REPORTED_BACK: Final = timedelta(days=31)
MOST_ANIMALS: Final = 100_000
WATER_LEVELS_M: Final = (-500.0, 9_000.0)
TEMPERATURES_C: Final = (-40.0, 110.0)

SIGNS_OF: Final[Mapping[MacroKind, tuple[MacroSign, ...]]] = {
    MacroKind.WATER: (
        MacroSign.ROSE,
        MacroSign.FELL,
        MacroSign.DRY,
        MacroSign.GUSHED,
        MacroSign.MUDDY,
        MacroSign.BUBBLING,
        MacroSign.COLOURED,
        MacroSign.TASTE,
        MacroSign.WARM,
        MacroSign.ELSE,
    ),
    MacroKind.ANIMAL: (
        MacroSign.FRIGHTENED,
        MacroSign.LISTLESS,
        MacroSign.UNSEASONAL,
        MacroSign.MOVING,
        MacroSign.ELSE,
    ),
    MacroKind.GAS: (MacroSign.SMELL, MacroSign.MIST, MacroSign.WARM, MacroSign.ELSE),
    MacroKind.GEOPHYSICS: (MacroSign.SOUND, MacroSign.LIGHT, MacroSign.RADIO, MacroSign.ELSE),
    MacroKind.OTHER: (MacroSign.PLANTS, MacroSign.ELSE),
}
MEASURED: Final[Mapping[MacroKind, tuple[str, ...]]] = {
    MacroKind.WATER: ("water_level_m", "temperature_c"),
    MacroKind.ANIMAL: ("animals",),
    MacroKind.GAS: ("temperature_c",),
    MacroKind.GEOPHYSICS: (),
    MacroKind.OTHER: (),
}
"""Which figures belong to which kind; those of water and gas are of use on quiet days too."""
_BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "animals": (1, MOST_ANIMALS),
    "water_level_m": WATER_LEVELS_M,
    "temperature_c": TEMPERATURES_C,
}


class MacroFault(Enum):
    """Why a line cannot be taken."""

    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"
    STRANGE_SIGN = "strange_sign"
    STRANGE_FIGURE = "strange_figure"
    OUT_OF_BOUNDS = "out_of_bounds"
    SAYS_NOTHING = "says_nothing"
    NORMAL_WITH_SIGNS = "normal_with_signs"
    TAKEN_BACK = "taken_back"
    VERIFIED_ALREADY = "verified_already"
    TWICE = "twice"


@dataclass(frozen=True)
class Wrong:
    """A fault of one field; `low` and `high` where it is about bounds."""

    column: str
    fault: MacroFault
    low: float = 0
    high: float = 0


def wrongs(entry: MacroEntry, *, today: date) -> Iterator[Wrong]:
    """Give what is wrong with a line by itself."""
    if entry.day > today:
        yield Wrong("day", MacroFault.IN_FUTURE)
    if entry.day < today - REPORTED_BACK:
        yield Wrong("day", MacroFault.TOO_OLD, high=REPORTED_BACK.days)
    yield from _wrong_figures(entry)
    if entry.sign and entry.sign not in SIGNS_OF[entry.kind]:
        yield Wrong("sign", MacroFault.STRANGE_SIGN)
    if entry.is_anomaly and not (entry.sign or entry.description):
        yield Wrong("sign", MacroFault.SAYS_NOTHING)
    if not entry.is_anomaly and (entry.sign or entry.description or entry.animals is not None):
        yield Wrong("result", MacroFault.NORMAL_WITH_SIGNS)


def _wrong_figures(entry: MacroEntry) -> Iterator[Wrong]:
    for name, (low, high) in _BOUNDS.items():
        value = getattr(entry, name)
        if value is None:
            continue
        if name not in MEASURED[entry.kind]:
            yield Wrong(name, MacroFault.STRANGE_FIGURE)
        elif not low <= value <= high:
            yield Wrong(name, MacroFault.OUT_OF_BOUNDS, low=low, high=high)


def filled_up(entry: MacroEntry, before: MacroEntry) -> MacroEntry:
    """Return a line with what it leaves open taken from the one that it replaces.

    Figures stay until others are given. Sign, description and number of animals stay only while an
    anomaly stays one.
    """
    names = ["water_level_m", "temperature_c"]
    if entry.is_anomaly and before.is_anomaly:
        names += ["sign", "description", "animals"]
    open_ones = [name for name in names if getattr(entry, name) in (None, "")]
    return replace(entry, **{name: getattr(before, name) for name in open_ones})


def is_no_news(entry: MacroEntry, before: MacroEntry, *, state: MacroState) -> bool:
    """Tell whether a line, filled up, says nothing that does not stand there already.

    After an anomaly was dismissed, “nothing unusual” only agrees.
    """
    if state is MacroState.DISMISSED and not entry.is_anomaly:
        return True
    return entry == before


def wrong_change(entry: MacroEntry, before: MacroEntry, *, state: MacroState) -> Wrong | None:
    """Return why a line with news may not take the place of the one before, or None.

    An anomaly once reported does not vanish by a second report: somebody else looks into it.
    """
    if state is MacroState.VERIFIED:
        return Wrong("result", MacroFault.VERIFIED_ALREADY)
    if before.is_anomaly and state is MacroState.REPORTED and not entry.is_anomaly:
        return Wrong("result", MacroFault.TAKEN_BACK)
    return None


def is_same_person(
    first: tuple[int | None, int | None], second: tuple[int | None, int | None]
) -> bool:
    """Tell whether two (account, person) pairs stand for one person."""
    return any(a is not None and a == b for a, b in zip(first, second, strict=True))
