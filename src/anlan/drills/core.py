"""How simulated people answer: stated distributions, drawn by name so that order is no matter.

Times are log-normal, the usual form of human response times; medians and shares are planning
assumptions of this program, not measurements. They stand here together so that a drill can state
them, and a county can replace them with what its own drills show.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from anlan.registry.data import DutyKind


@dataclass(frozen=True)
class Manner:
    """How one kind of person answers a call.

    `median_min` and `spread` shape the log-normal time to answer, `silent` is the share of calls
    that never get an answer.
    """

    median_min: float
    spread: float
    silent: float


MANNERS: Mapping[str, Manner] = {
    DutyKind.VILLAGE_LEADER: Manner(median_min=3.0, spread=0.9, silent=0.06),
    DutyKind.INFORMANT: Manner(median_min=4.0, spread=0.9, silent=0.10),
    DutyKind.POINT_MONITOR: Manner(median_min=3.5, spread=1.0, silent=0.09),
    DutyKind.HOUSEHOLD_CARER: Manner(median_min=4.0, spread=1.0, silent=0.12),
    DutyKind.RIVER_CHIEF: Manner(median_min=4.0, spread=0.9, silent=0.08),
    DutyKind.RESERVOIR_PATROL: Manner(median_min=2.5, spread=0.8, silent=0.05),
    DutyKind.TOWN_LEADER: Manner(median_min=2.0, spread=0.7, silent=0.03),
    DutyKind.COUNTY_DUTY: Manner(median_min=1.0, spread=0.5, silent=0.005),
}
OTHERS = Manner(median_min=4.0, spread=0.9, silent=0.08)
BEIJING = timezone(timedelta(hours=8))
NIGHT_SLOWER = 1.6
NIGHT_MORE_SILENT = 1.5
DEAD_PHONE = 0.02  # share of people whose phone is off for the whole event

VISIT_MIN = Manner(median_min=5.0, spread=0.5, silent=0.0)
PACKING_MIN = Manner(median_min=12.0, spread=0.6, silent=0.015)
HELP_SLOWER = 1.8
TASK_SHARE = Manner(median_min=0.5, spread=0.55, silent=0.04)
SENDING_MIN = Manner(median_min=22.0, spread=0.4, silent=0.0)


def is_night(at: datetime) -> bool:
    """Tell whether people sleep: from ten in the evening to six, local time."""
    return at.astimezone(BEIJING).hour in (22, 23, 0, 1, 2, 3, 4, 5)


def has_dead_phone(person_id: int, *, seed: int) -> bool:
    """Tell whether a person cannot be reached by phone during the whole event."""
    return _chance(f"{seed}:phone:{person_id}").random() < DEAD_PHONE


def time_to_answer(
    matter: str, *, person_id: int, duty: str, attempt: int, at: datetime, seed: int
) -> timedelta | None:
    """Return after what time a person answers a call, or None when they never do."""
    if has_dead_phone(person_id, seed=seed):
        return None
    manner = MANNERS.get(duty, OTHERS)
    night = is_night(at)
    chance = _chance(f"{seed}:answer:{matter}:{person_id}:{attempt}")
    if chance.random() < manner.silent * (NIGHT_MORE_SILENT if night else 1.0):
        return None
    minutes = _draw(manner, chance) * (NIGHT_SLOWER if night else 1.0)
    return timedelta(minutes=minutes)


def time_to_visit(household_id: int, *, seed: int) -> timedelta:
    """Return how long a carer needs for one household: the way there and the words."""
    return timedelta(minutes=_draw(VISIT_MIN, _chance(f"{seed}:visit:{household_id}")))


def time_to_leave(household_id: int, *, needing_help: int, seed: int) -> timedelta | None:
    """Return how long a household packs before it leaves, or None when it refuses to go."""
    chance = _chance(f"{seed}:leave:{household_id}")
    if chance.random() < PACKING_MIN.silent:
        return None
    slower = HELP_SLOWER if needing_help else 1.0
    return timedelta(minutes=_draw(PACKING_MIN, chance) * slower)


def time_to_send(matter: str, *, seed: int) -> timedelta:
    """Return how long it takes somebody above to send a person to a silent carer's houses."""
    return timedelta(minutes=_draw(SENDING_MIN, _chance(f"{seed}:send:{matter}")))


def time_for_task(matter: str, *, limit: timedelta, seed: int) -> timedelta | None:
    """Return how long a task takes as a share of its limit, or None when it is never done."""
    chance = _chance(f"{seed}:task:{matter}")
    if chance.random() < TASK_SHARE.silent:
        return None
    return limit * _draw(TASK_SHARE, chance)


def _chance(name: str) -> random.Random:
    return random.Random(name)  # noqa: S311  simulated people, no secret


def _draw(manner: Manner, chance: random.Random) -> float:
    return manner.median_min * chance.lognormvariate(0.0, manner.spread)
