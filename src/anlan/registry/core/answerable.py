"""Who answers for a village: decided from duties, with no database and no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from anlan.registry.data import Answerable, DutyKind, Hazard, HouseholdThreat, Rung

VILLAGE_DUTIES = (DutyKind.VILLAGE_LEADER, DutyKind.INFORMANT)
HAZARD_DUTIES: Mapping[Hazard, tuple[DutyKind, ...]] = {
    Hazard.RAINSTORM: (),
    Hazard.FLASH_FLOOD: (DutyKind.HOUSEHOLD_CARER,),
    Hazard.GEOHAZARD: (DutyKind.POINT_MONITOR, DutyKind.HOUSEHOLD_CARER),
    Hazard.RIVER_FLOOD: (DutyKind.RIVER_CHIEF, DutyKind.HOUSEHOLD_CARER),
    Hazard.RESERVOIR: (DutyKind.RESERVOIR_PATROL, DutyKind.HOUSEHOLD_CARER),
    Hazard.FOREST_FIRE: (DutyKind.FOREST_CHIEF, DutyKind.RANGER, DutyKind.CHECKPOINT_GUARD),
    Hazard.EARTHQUAKE: (DutyKind.MACRO_OBSERVER,),
}
HAZARD_THREATS: Mapping[Hazard, HouseholdThreat | None] = {
    Hazard.RAINSTORM: None,
    Hazard.FLASH_FLOOD: HouseholdThreat.FLOOD,
    Hazard.GEOHAZARD: HouseholdThreat.GEOHAZARD,
    Hazard.RIVER_FLOOD: HouseholdThreat.FLOOD,
    Hazard.RESERVOIR: HouseholdThreat.FLOOD,
    Hazard.FOREST_FIRE: None,
    Hazard.EARTHQUAKE: None,
}

Object = tuple[DutyKind, int | None, int | None]
"""A kind of duty with the place or the household that it is over."""


@dataclass(frozen=True)
class HeldDuty:
    """A duty in force. `threat` is that of the household it names, when it names one.

    `own_deputy` takes the person's calls when no duty names another B.
    """

    person_id: int
    kind: DutyKind
    division_code: str
    rank: int
    place_id: int | None = None
    threat: HouseholdThreat | None = None
    household_id: int | None = None
    own_deputy: int | None = None

    @property
    def about(self) -> Object:
        """Return what must be the same for another person to be the deputy of this duty."""
        return self.kind, self.place_id, self.household_id


def answerable_of(
    village: str,
    *,
    hazard: Hazard,
    duties: Sequence[HeldDuty],
    town_leaders: Sequence[int],
    county_officers: Sequence[int],
) -> list[Answerable]:
    """Return each person who must answer for a village in a hazard, with the ladder behind them.

    `duties` are those over the village; the two lists hold persons by rank. A village with no
    one answerable is answered for by the town leader, failing that by the county officer: a
    warning never has nobody. The list is ordered by duty and person and names nobody twice.
    """
    wanted = VILLAGE_DUTIES + HAZARD_DUTIES[hazard]
    first: dict[int, HeldDuty] = {}
    for duty in sorted(duties, key=lambda held: (wanted_rank(held.kind, wanted), held.person_id)):
        if duty.rank == 1 and duty.kind in wanted and _is_about(duty, hazard):
            first.setdefault(duty.person_id, duty)
    above = _rungs_above(town_leaders, county_officers)
    if not first:
        return [
            Answerable(
                person_id=rung.person_id,
                duty=rung.duty,
                division_code=village,
                ladder=tuple(above[number + 1 :]),
            )
            for number, rung in enumerate(above[:1])
        ]
    deputies = _deputies(duties)
    return [
        Answerable(
            person_id=person_id,
            duty=duty.kind,
            division_code=village,
            ladder=_ladder(duty, deputies=deputies, above=above),
        )
        for person_id, duty in first.items()
    ]


def wanted_rank(kind: DutyKind, wanted: Sequence[DutyKind]) -> int:
    """Return the place of a duty in the order of those wanted; last when it is not wanted."""
    return wanted.index(kind) if kind in wanted else len(wanted)


def _is_about(duty: HeldDuty, hazard: Hazard) -> bool:
    return duty.threat is None or duty.threat == HAZARD_THREATS[hazard]


def _rungs_above(town_leaders: Sequence[int], county_officers: Sequence[int]) -> list[Rung]:
    """Return the town leader and the first county officer who is somebody else."""
    rungs = [Rung(person_id=p, duty=DutyKind.TOWN_LEADER) for p in town_leaders[:1]]
    others = [p for p in county_officers if p not in town_leaders[:1]]
    rungs += [Rung(person_id=p, duty=DutyKind.COUNTY_DUTY) for p in others[:1]]
    return rungs


def _deputies(duties: Iterable[HeldDuty]) -> dict[Object, int]:
    """Return the B of each object; of several the one that stands first in the register."""
    found: dict[Object, int] = {}
    for duty in duties:
        if duty.rank == 2:
            found.setdefault(duty.about, duty.person_id)
    return found


def _ladder(
    duty: HeldDuty, *, deputies: Mapping[Object, int], above: Sequence[Rung]
) -> tuple[Rung, ...]:
    """Return who stands in for the person, then the levels above."""
    deputy = (
        deputies.get(duty.about)
        or duty.own_deputy
        or deputies.get((DutyKind.VILLAGE_LEADER, None, None))
    )
    below: list[Rung] = []
    if deputy and deputy != duty.person_id:
        below.append(Rung(person_id=deputy, duty=duty.kind))
    taken = {duty.person_id} | {rung.person_id for rung in below}
    return tuple(below + [rung for rung in above if rung.person_id not in taken])
