"""What is wrong with the people on duty and their deputies. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from anlan.registry.checks.limits import ONE_TO_ONE, Limits
from anlan.registry.checks.rows import DutyRow, PersonRow, same_county
from anlan.registry.checks.words import Gap, GapKind
from anlan.registry.core.deputies import deputy_cycles
from anlan.registry.data import DutyKind, LimitName


def gone_on_duty(duties: Iterable[DutyRow], *, day: date) -> Iterator[Gap]:
    """Give each person who has left and whose duties have not ended, once a division."""
    left: dict[tuple[str, int], list[DutyRow]] = defaultdict(list)
    for duty in duties:
        if duty.in_force(day) and duty.person.has_left(day):
            left[duty.division_code, duty.person.id].append(duty)
    for (division, _person), held in left.items():
        yield Gap(
            kind=GapKind.PERSON_LEFT,
            division_code=division,
            subject=held[0].person.name,
            table="duties",
            uuid=held[0].uuid,
            since=held[0].person.left_on,
            duty=held[0].kind,
            people=(held[0].person.name,),
            number=len(held),
        )


def across_borders(duties: Iterable[DutyRow], *, day: date) -> Iterator[Gap]:
    """Give each duty whose place, household or person lies in another county."""
    for duty in duties:
        where = [duty.division_code, duty.place_division, duty.household_division]
        codes = [code for code in where if code is not None]
        is_outside = any(not same_county(codes[0], code) for code in codes[1:])
        if duty.in_force(day) and (
            is_outside or not all(same_county(duty.person.division_code, c) for c in codes)
        ):
            yield Gap(
                kind=GapKind.OTHER_COUNTY,
                division_code=duty.division_code,
                subject=duty.person.name,
                table="duties",
                uuid=duty.uuid,
                duty=duty.kind,
                people=(duty.person.name,),
            )


def circles_of_deputies(people: Mapping[int, PersonRow]) -> Iterator[Gap]:
    """Give each circle of deputies once, with the division of its lowest person."""
    links = {key: row.deputy_id for key, row in people.items() if row.deputy_id is not None}
    for circle in deputy_cycles(links):
        first = people[circle[0]]
        yield Gap(
            kind=GapKind.DEPUTY_CYCLE,
            division_code=first.division_code,
            subject=first.name,
            table="people",
            uuid=first.uuid,
            people=tuple(people[key].name for key in circle),
        )


def overburdened(duties: Iterable[DutyRow], *, limits: Limits, day: date) -> Iterator[Gap]:
    """Give each person with more objects of one duty than are advised."""
    objects: dict[tuple[int, DutyKind], set[tuple[int | None, int | None]]] = defaultdict(set)
    people: dict[int, PersonRow] = {}
    for duty in duties:
        over = (duty.place_id, duty.household_id)
        if duty.kind in ONE_TO_ONE and duty.rank == 1 and over != (None, None) and duty.stands(day):
            objects[duty.person.id, duty.kind].add(over)
            people[duty.person.id] = duty.person
    for (key, kind), found in objects.items():
        person = people[key]
        most = limits.of(LimitName.OBJECTS_PER_PERSON, division_code=person.division_code)
        if len(found) > most:
            yield Gap(
                kind=GapKind.TOO_MANY_OBJECTS,
                division_code=person.division_code,
                subject=person.name,
                table="people",
                uuid=person.uuid,
                duty=kind,
                people=(person.name,),
                number=len(found),
                limit=most,
            )


def unchecked_phones(
    duties: Iterable[DutyRow], *, names: Mapping[str, str], limits: Limits, day: date
) -> Iterator[Gap]:
    """Give for each division in its flood season how many phones were not checked in time."""
    late: dict[str, dict[int, date | None]] = defaultdict(dict)
    deadlines: dict[str, date | None] = {}
    for duty in duties:
        code, checked = duty.division_code, duty.person.phone_checked_on
        if code not in deadlines:
            deadlines[code] = _deadline(code, limits=limits, day=day)
        deadline = deadlines[code]
        if deadline is None or not duty.stands(day):
            continue
        if checked is None or checked < deadline:
            late[code][duty.person.id] = checked
    for code, days in late.items():
        known = [checked for checked in days.values() if checked is not None]
        yield Gap(
            kind=GapKind.PHONE_UNCHECKED,
            division_code=code,
            subject=names.get(code, code),
            table="divisions",
            since=min(known) if len(known) == len(days) else None,
            number=len(days),
            limit=limits.of(LimitName.PHONE_CHECK_DAYS, division_code=code),
        )


def _deadline(code: str, *, limits: Limits, day: date) -> date | None:
    """Return the day since which a phone must have been checked, None out of the flood season."""
    if not limits.in_flood_season(day, division_code=code):
        return None
    return day - timedelta(days=limits.of(LimitName.PHONE_CHECK_DAYS, division_code=code))
