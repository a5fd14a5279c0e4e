"""Which level a plan asks for: decided from who stands under which colour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anlan.plans.data import ResponseLevel
from anlan.registry.data import Colour, Hazard


@dataclass(frozen=True)
class Condition:
    """A level is called when at least so many villages stand under a colour or a worse one."""

    plan_id: int
    level: ResponseLevel
    hazard: Hazard
    colour: Colour
    villages: int


def called_levels(
    conditions: Sequence[Condition], *, under: Mapping[Hazard, Mapping[str, Colour]]
) -> dict[int, tuple[ResponseLevel, Condition, int]]:
    """Return for each plan the strongest level called, its condition and the villages counted.

    More villages or worse colours never call a weaker level.
    """
    called: dict[int, tuple[ResponseLevel, Condition, int]] = {}
    for condition in sorted(conditions, key=lambda one: (one.level, one.hazard, one.colour)):
        counted = sum(
            1 for colour in under.get(condition.hazard, {}).values() if colour >= condition.colour
        )
        if counted >= condition.villages and condition.plan_id not in called:
            called[condition.plan_id] = (condition.level, condition, counted)
    return called
