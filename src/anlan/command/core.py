"""The command room's decisions: which tasks a response opens, and for whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from anlan.kernel.codes import Level, ancestor_of
from anlan.plans.data import TaskOutline, TaskSpread
from anlan.registry.data import Colour, DutyKind


@dataclass(frozen=True)
class TaskToOpen:
    """A task for one division, still without a holder."""

    outline: TaskOutline
    division_code: str
    due_at: datetime


def tasks_to_open(
    outlines: Iterable[TaskOutline],
    *,
    county_code: str,
    worst: Mapping[str, Colour],
    already: set[tuple[int, str]],
    now: datetime,
) -> list[TaskToOpen]:
    """Return the tasks that are not yet open: `already` names template and division of those.

    `worst` gives the worst colour over each village; a town is hit by its worst village.
    """
    found: list[TaskToOpen] = []
    for outline in outlines:
        for division in _divisions(outline, county_code=county_code, worst=worst):
            if (outline.template_id, division) not in already:
                found.append(TaskToOpen(outline, division, now + outline.within))
    return found


def _divisions(outline: TaskOutline, *, county_code: str, worst: Mapping[str, Colour]) -> list[str]:
    if outline.spread is TaskSpread.COUNTY:
        return [county_code]
    hit = sorted(village for village, colour in worst.items() if colour >= outline.hit_from)
    if outline.spread is TaskSpread.VILLAGE:
        return hit
    return sorted({ancestor_of(village, level=Level.TOWN) for village in hit})


def holder_for(
    division: str,
    *,
    duty: DutyKind,
    holders: Mapping[DutyKind, Mapping[str, tuple[int, ...]]],
) -> int | None:
    """Return who does a task: the holder of its duty there, else whoever stands above, else None.

    `holders` gives the persons by duty and division, best rank first.
    """
    chain = (
        (duty, division),
        (DutyKind.VILLAGE_LEADER, division),
        (DutyKind.TOWN_LEADER, ancestor_of(division, level=Level.TOWN)),
        (DutyKind.COUNTY_DUTY, ancestor_of(division, level=Level.COUNTY)),
    )
    for kind, code in chain:
        people = holders.get(kind, {}).get(code, ())
        if people:
            return people[0]
    return None
