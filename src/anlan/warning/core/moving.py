"""From which colour on the households that a hazard threatens are told to leave."""

from collections.abc import Mapping
from typing import Final

from anlan.registry.data import Colour, Hazard

# 准备转移 moves them early (应转早转), as relief orders it; a rainstorm keeps people indoors until
# it is red (wording.advice). A design value.
MOVE_FROM: Final[Mapping[Hazard, Colour]] = {
    Hazard.RAINSTORM: Colour.RED,
    Hazard.FLASH_FLOOD: Colour.ORANGE,
    Hazard.GEOHAZARD: Colour.ORANGE,
    Hazard.RIVER_FLOOD: Colour.ORANGE,
    Hazard.RESERVOIR: Colour.ORANGE,
}


def moves_people(hazard: Hazard, *, colour: Colour) -> bool:
    """Tell whether households that a warning of this hazard and colour threatens are to leave."""
    return hazard in MOVE_FROM and colour >= MOVE_FROM[hazard]
