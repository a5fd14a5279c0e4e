"""Towns and villages without somebody in charge, without informant, without deputy. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from anlan.registry.checks.over_places import Held
from anlan.registry.checks.rows import DivisionRow, DutyRow
from anlan.registry.checks.words import Gap, GapKind
from anlan.registry.data import DivisionKind, DutyKind

TOWNS = frozenset({DivisionKind.TOWN, DivisionKind.SUBDISTRICT})
VILLAGES = frozenset({DivisionKind.VILLAGE, DivisionKind.COMMUNITY})


@dataclass(frozen=True)
class Wanted:
    """What a division of a kind needs: who is in charge, and what it is called when they lack."""

    leader: DutyKind
    without_leader: GapKind
    without_deputy: GapKind
    others: Mapping[DutyKind, GapKind]


WANTED: Mapping[frozenset[DivisionKind], Wanted] = {
    VILLAGES: Wanted(
        leader=DutyKind.VILLAGE_LEADER,
        without_leader=GapKind.VILLAGE_NO_LEADER,
        without_deputy=GapKind.VILLAGE_NO_DEPUTY,
        others={DutyKind.INFORMANT: GapKind.VILLAGE_NO_INFORMANT},
    ),
    TOWNS: Wanted(
        leader=DutyKind.TOWN_LEADER,
        without_leader=GapKind.TOWN_NO_LEADER,
        without_deputy=GapKind.TOWN_NO_DEPUTY,
        others={},
    ),
}


def unled_divisions(divisions: Iterable[DivisionRow], *, held: Held, day: date) -> Iterator[Gap]:
    """Give what the towns and villages lack on a day."""
    for division in divisions:
        for kinds, wanted in WANTED.items():
            if division.kind in kinds:
                yield from _division_gaps(division, wanted=wanted, held=held, day=day)


def _division_gaps(
    division: DivisionRow, *, wanted: Wanted, held: Held, day: date
) -> Iterator[Gap]:
    holding = held.get((division.code, wanted.leader), ())
    leading = [duty for duty in holding if duty.stands(day)]
    first = [duty for duty in leading if duty.rank == 1]
    if not first:
        firsts = [duty for duty in holding if duty.rank == 1]
        yield _gap(wanted.without_leader, division, duty=wanted.leader, holding=firsts, day=day)
    elif not any(duty.person.has_phone for duty in leading):
        yield Gap(
            kind=GapKind.DIVISION_NO_PHONE,
            division_code=division.code,
            subject=division.name,
            table="divisions",
            duty=wanted.leader,
            people=tuple(dict.fromkeys(duty.person.name for duty in leading)),
        )
    if not _has_deputy(leading):
        seconds = [duty for duty in holding if duty.rank == 2]
        yield _gap(wanted.without_deputy, division, duty=wanted.leader, holding=seconds, day=day)
    for kind, gap_kind in wanted.others.items():
        others = held.get((division.code, kind), ())
        if not any(duty.stands(day) for duty in others):
            yield _gap(gap_kind, division, duty=kind, holding=others, day=day)


def _has_deputy(leading: Sequence[DutyRow]) -> bool:
    """Tell whether a second person leads, or one who leads has a deputy of their own."""
    first = {duty.person.id: duty.person for duty in leading if duty.rank == 1}
    seconds = {duty.person.id for duty in leading if duty.rank == 2} - first.keys()
    return bool(seconds) or len(first) > 1 or any(p.has_deputy for p in first.values())


def _gap(
    kind: GapKind,
    division: DivisionRow,
    *,
    duty: DutyKind,
    holding: Iterable[DutyRow],
    day: date,
) -> Gap:
    """Return a gap of a division, since the last of those who held it was gone."""
    gone = [
        held.free_since
        for held in holding
        if held.free_since is not None and held.free_since <= day
    ]
    return Gap(
        kind=kind,
        division_code=division.code,
        subject=division.name,
        table="divisions",
        since=max(gone, default=None),
        duty=duty,
    )
