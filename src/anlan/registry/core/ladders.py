"""Who answers for a division or a place of any kind, and the ladder behind each. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from anlan.kernel.codes import Level, ancestor_of, level_of
from anlan.registry.core.answerable import (
    HAZARD_DUTIES,
    HAZARD_THREATS,
    VILLAGE_DUTIES,
    HeldDuty,
)
from anlan.registry.core.deputies import Links, deputy_chain
from anlan.registry.core.place_duties import PLACE_DUTIES, VILLAGE_WIDE
from anlan.registry.data import Answerable, DutyKind, Hazard, PlaceKind, Rung

OWN_DUTIES: Mapping[Level, tuple[DutyKind, ...]] = {
    Level.VILLAGE: VILLAGE_DUTIES,
    Level.TOWN: (DutyKind.TOWN_LEADER, DutyKind.TOWN_OFFICER),
    Level.COUNTY: (DutyKind.COUNTY_DUTY, DutyKind.DUTY_LEADER, DutyKind.COMMANDER),
}
# Whose B takes the calls of everybody in the division who has none.
LEADERS: Mapping[Level, DutyKind] = {
    Level.VILLAGE: DutyKind.VILLAGE_LEADER,
    Level.TOWN: DutyKind.TOWN_LEADER,
    Level.COUNTY: DutyKind.COUNTY_DUTY,
}
# The levels above, lowest first: where, who (the later ones when the earlier do not suffice), and
# how many of them. Source: the 包保 chain of rules.md, section 5; the numbers are a design value.
ABOVE: Sequence[tuple[Level, tuple[DutyKind, ...], int]] = (
    (Level.VILLAGE, (DutyKind.VILLAGE_GUARANTOR,), 2),
    (Level.TOWN, (DutyKind.TOWN_LEADER,), 2),
    (Level.TOWN, (DutyKind.TOWN_GUARANTOR,), 1),
    (Level.COUNTY, (DutyKind.COUNTY_DUTY, DutyKind.DUTY_LEADER, DutyKind.COMMANDER), 1),
)


@dataclass(frozen=True)
class Asked:
    """What somebody asks about: a division, or a place of a kind that lies in it."""

    division_code: str
    place_id: int | None = None
    place_kind: PlaceKind | None = None

    def code_at(self, level: Level) -> str:
        """Return the code of the division of this level around what is asked about."""
        return ancestor_of(self.division_code, level=level)

    @property
    def levels(self) -> tuple[Level, ...]:
        """Return the levels from the division itself up to the county."""
        own = level_of(self.division_code)
        return tuple(level for level in (Level.VILLAGE, Level.TOWN, Level.COUNTY) if level <= own)


@dataclass(frozen=True)
class Held:
    """The duties in force over what is asked about and all above, with the chains of deputies.

    Whoever is in `gone` has left and answers for nothing.
    """

    duties: Sequence[HeldDuty]
    deputies: Links = field(default_factory=dict)
    gone: Collection[int] = ()

    def standing(self) -> list[HeldDuty]:
        """Return the duties of those who are there, A before B, in an order of their own."""
        kept = {held for held in self.duties if held.person_id not in self.gone}
        return sorted(kept, key=_order)


def who_answers(asked: Asked, *, hazard: Hazard, held: Held) -> list[Answerable]:
    """Return everybody who answers for a division or place in a hazard, with their ladders.

    First those over the place itself, then those of its division for the hazard. Without any A
    the Bs answer, without them whoever stands above. Nobody comes twice, in the list or on a
    ladder, and the order of the duties given changes nothing.
    """
    duties = held.standing()
    above = _above(asked, duties=duties)
    first = _first(asked, hazard=hazard, duties=duties)
    if not first:
        return _from_above(asked, above=above)
    return [
        Answerable(
            person_id=person,
            duty=duty.kind,
            division_code=asked.division_code,
            ladder=_ladder(duty, asked=asked, duties=duties, held=held, above=above),
            place_id=duty.place_id,
        )
        for person, duty in first.items()
    ]


def _order(held: HeldDuty) -> tuple[object, ...]:
    return (
        held.rank,
        held.person_id,
        held.kind.value,
        held.division_code,
        held.place_id or 0,
        held.household_id or 0,
        held.threat or "",
        held.own_deputy or 0,
    )


def _first(asked: Asked, *, hazard: Hazard, duties: Sequence[HeldDuty]) -> dict[int, HeldDuty]:
    """Return by person the duty by which they answer, of the A's or else of the B's."""
    for rank in (1, 2):
        found: dict[int, HeldDuty] = {}
        of_rank = [held for held in duties if held.rank == rank]
        for duty in (*_over_place(asked, of_rank), *_of_division(asked, hazard, of_rank)):
            found.setdefault(duty.person_id, duty)
        if found:
            return found
    return {}


def _over_place(asked: Asked, duties: Iterable[HeldDuty]) -> Iterator[HeldDuty]:
    """Give the duties over the place, then those over its whole village that mean it too."""
    if asked.place_kind is None:
        return
    kinds = PLACE_DUTIES.get(asked.place_kind, ())
    over = [held for held in duties if held.place_id == asked.place_id]
    yield from _by_kind(over, kinds)
    yield from (held for held in _others_last(over, kinds))
    wide = [held for held in duties if _is_general(held) and _is_in(held, asked)]
    yield from _by_kind(wide, VILLAGE_WIDE.get(asked.place_kind, ()))


def _of_division(asked: Asked, hazard: Hazard, duties: Iterable[HeldDuty]) -> Iterator[HeldDuty]:
    """Give the duties of the division for the hazard; of a place asked about, not other places'."""
    own = OWN_DUTIES.get(level_of(asked.division_code), ()) + HAZARD_DUTIES[hazard]
    yield from _by_kind(
        [
            held
            for held in duties
            if _is_in(held, asked)
            and held.threat in (None, HAZARD_THREATS[hazard])
            and (asked.place_id is None or held.place_id in (None, asked.place_id))
        ],
        own,
    )


def _by_kind(duties: Iterable[HeldDuty], kinds: Sequence[DutyKind]) -> list[HeldDuty]:
    """Return the duties of these kinds in the order of the kinds."""
    return sorted((h for h in duties if h.kind in kinds), key=lambda h: kinds.index(h.kind))


def _others_last(duties: Iterable[HeldDuty], kinds: Sequence[DutyKind]) -> list[HeldDuty]:
    return [held for held in duties if held.kind not in kinds]


def _is_general(held: HeldDuty) -> bool:
    return held.place_id is None and held.household_id is None


def _is_in(held: HeldDuty, asked: Asked) -> bool:
    return held.division_code == asked.division_code


def _above(asked: Asked, *, duties: Sequence[HeldDuty]) -> list[tuple[int, list[Rung]]]:
    """Return for each step above how many to take of whom, the nearest first."""
    steps = []
    for level, kinds, most in ABOVE:
        if level not in asked.levels:
            continue
        code = asked.code_at(level)
        there = [h for h in duties if h.division_code == code and _is_general(h)]
        of_kinds = _by_kind(there, kinds)
        steps.append((most, [Rung(person_id=h.person_id, duty=h.kind) for h in of_kinds]))
    return steps


def _climb(steps: Iterable[tuple[int, list[Rung]]], *, taken: Collection[int]) -> Iterator[Rung]:
    """Give the rungs above, nobody twice and nobody who is on the ladder already."""
    seen = set(taken)
    for most, rungs in steps:
        left = most
        for rung in rungs:
            if left and rung.person_id not in seen:
                seen.add(rung.person_id)
                left -= 1
                yield rung


def _from_above(asked: Asked, *, above: Sequence[tuple[int, list[Rung]]]) -> list[Answerable]:
    rungs = list(_climb(above, taken=()))
    return [
        Answerable(
            person_id=rung.person_id,
            duty=rung.duty,
            division_code=asked.division_code,
            ladder=tuple(rungs[1:]),
        )
        for rung in rungs[:1]
    ]


def _ladder(
    duty: HeldDuty,
    *,
    asked: Asked,
    duties: Sequence[HeldDuty],
    held: Held,
    above: Sequence[tuple[int, list[Rung]]],
) -> tuple[Rung, ...]:
    """Return who stands in for the person, then the levels above."""
    below = [
        Rung(person_id=person, duty=duty.kind)
        for person in _stand_ins(duty, asked=asked, duties=duties, held=held)
    ]
    taken = {duty.person_id, *(rung.person_id for rung in below)}
    return (*below, *_climb(above, taken=taken))


def _stand_ins(
    duty: HeldDuty, *, asked: Asked, duties: Sequence[HeldDuty], held: Held
) -> list[int]:
    """Return the B of the same duty, else the person's own deputies, else the division's B."""
    seconds = [h for h in duties if h.rank == 2 and h.person_id != duty.person_id]
    same = [
        h
        for h in seconds
        if h.about == duty.about
        and (not _is_general(duty) or h.division_code == duty.division_code)
    ]
    own = list(deputy_chain(duty.person_id, links=held.deputies, without=held.gone))
    leader = LEADERS.get(level_of(asked.division_code))
    general = [h for h in seconds if h.kind == leader and _is_general(h) and _is_in(h, asked)]
    return [h.person_id for h in same[:1]] or own or [h.person_id for h in general[:1]]
