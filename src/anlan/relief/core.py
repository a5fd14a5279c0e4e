"""Relief's decisions: who must move under which warning, and who may go home."""

from collections.abc import Mapping

from anlan.registry.data import Colour, Hazard, HouseholdThreat

MOVE_FROM: Mapping[Hazard, Colour] = {
    Hazard.FLASH_FLOOD: Colour.ORANGE,
    Hazard.GEOHAZARD: Colour.ORANGE,
    Hazard.RIVER_FLOOD: Colour.ORANGE,
    Hazard.RESERVOIR: Colour.ORANGE,
}
"""From which colour on threatened households leave: 准备转移 moves them early (应转早转)."""

THREATENING: Mapping[HouseholdThreat, tuple[Hazard, ...]] = {
    HouseholdThreat.GEOHAZARD: (Hazard.GEOHAZARD,),
    HouseholdThreat.FLOOD: (Hazard.FLASH_FLOOD, Hazard.RIVER_FLOOD, Hazard.RESERVOIR),
}


def must_move(hazard: Hazard, *, colour: Colour) -> bool:
    """Tell whether a warning of this hazard and colour moves the households it threatens."""
    return hazard in MOVE_FROM and colour >= MOVE_FROM[hazard]


def may_return(
    village: str,
    *,
    threat: HouseholdThreat,
    under: Mapping[Hazard, Mapping[str, Colour]],
) -> bool:
    """Tell whether nothing that threatens a household still stands over its village."""
    return not any(village in under.get(hazard, {}) for hazard in THREATENING[threat])
