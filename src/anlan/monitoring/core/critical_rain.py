"""What the critical rain of a village says, and what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final

from anlan.kernel.codes import Level, level_of
from anlan.monitoring.core.rules import LONGEST_MIN, LONGEST_SOURCE, SLOT_MIN

MOST_MM: Final = 1_000.0
SOIL_MM: Final = 100.0
WETNESS: Final = ("dry", "normal", "wet")


@dataclass(frozen=True)
class VillageRain:
    """The rain in a window at which a village prepares and moves, on dry, normal and wet soil.

    In mm; `soil_mm` is what its soil can hold.
    """

    division_code: str
    window_min: int
    prepare_mm: tuple[float, float, float]
    move_mm: tuple[float, float, float]
    source: str
    effective_from: date
    soil_mm: float = SOIL_MM


class RainFault(StrEnum):
    """What may be wrong with a critical rain."""

    NO_VILLAGE = "no village"
    WINDOW = "window"
    OUT_OF_BOUNDS = "out of bounds"
    RISES = "rises as the soil wets"
    MOVES_FIRST = "moves before it prepares"
    SOIL = "soil"
    NO_SOURCE = "no source"


@dataclass(frozen=True)
class VillageFault:
    """What is wrong, in which field, with what to say."""

    kind: RainFault
    field: str
    value: object = ""
    other: object = ""


def faults_of(rain: VillageRain) -> list[VillageFault]:
    """Return all that is wrong with a village's critical rain; its code is a well-formed one."""
    return list(_faults(rain))


def _faults(rain: VillageRain) -> Iterator[VillageFault]:
    if level_of(rain.division_code) is not Level.VILLAGE:
        yield VillageFault(RainFault.NO_VILLAGE, "division", rain.division_code)
    if not SLOT_MIN <= rain.window_min <= LONGEST_MIN or rain.window_min % SLOT_MIN:
        yield VillageFault(RainFault.WINDOW, "window_min", rain.window_min, LONGEST_MIN)
    for stage, amounts in (("prepare", rain.prepare_mm), ("move", rain.move_mm)):
        yield from _of_a_stage(stage, amounts)
    for wetness, prepare, move in zip(WETNESS, rain.prepare_mm, rain.move_mm, strict=True):
        if move < prepare:
            yield VillageFault(RainFault.MOVES_FIRST, f"move_{wetness}_mm", move, prepare)
    if not 0 < rain.soil_mm <= MOST_MM:
        yield VillageFault(RainFault.SOIL, "soil_mm", rain.soil_mm, MOST_MM)
    if not rain.source.strip() or len(rain.source) > LONGEST_SOURCE:
        yield VillageFault(RainFault.NO_SOURCE, "source", LONGEST_SOURCE)


def _of_a_stage(stage: str, amounts: tuple[float, float, float]) -> Iterator[VillageFault]:
    for wetness, amount in zip(WETNESS, amounts, strict=True):
        if not 0 < amount <= MOST_MM:
            yield VillageFault(RainFault.OUT_OF_BOUNDS, f"{stage}_{wetness}_mm", amount, MOST_MM)
    for (_drier, more), (wetter, less) in pairwise(zip(WETNESS, amounts, strict=True)):
        if less > more:
            yield VillageFault(RainFault.RISES, f"{stage}_{wetter}_mm", less, more)
