"""What the registry decides with no database and no clock."""

from anlan.registry.core.answerable import (
    HAZARD_DUTIES,
    HAZARD_THREATS,
    VILLAGE_DUTIES,
    HeldDuty,
    answerable_of,
)

__all__ = ["HAZARD_DUTIES", "HAZARD_THREATS", "VILLAGE_DUTIES", "HeldDuty", "answerable_of"]
