"""Whom a warning reaches: who is called, which households are at risk, who cannot be reached.

A preview and the issue ask the same question here; what comes is frozen when a warning is issued.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from django.conf import settings

from anlan.kernel import scope
from anlan.kernel.codes import prefix_of
from anlan.registry.api import (
    HouseholdToWarn,
    answerable_people,
    departed_holders,
    households_to_warn,
    names_of,
    reachable_people,
    who_answers_for,
)
from anlan.registry.data import Answerable, DutyKind, Hazard
from anlan.warning.core.areas import Meant
from anlan.warning.core.drawn import inside
from anlan.warning.data import ChannelKind, TestCallState
from anlan.warning.models import ChannelProvider, CommunicationTest, TestCall

ABOVE = (DutyKind.TOWN_LEADER, DutyKind.COUNTY_DUTY)


class Why(Enum):
    """Why somebody cannot be reached."""

    NO_PHONE = "no_phone"
    LEFT = "left"
    DEAD = "dead"
    NO_ACCOUNT = "no_account"


@dataclass(frozen=True)
class Called:
    """Who is called for the villages of a warning, and the households at risk there.

    In the villages `from_above` nobody is answerable: the town leader or the county's duty
    officer is called in their place. In `nobody` there is not even one of those.
    """

    people: tuple[Answerable, ...]
    households: tuple[HouseholdToWarn, ...]
    from_above: frozenset[str]
    nobody: frozenset[str]

    @property
    def person_ids(self) -> set[int]:
        """Return everybody called, each once."""
        return {person.person_id for person in self.people}

    @property
    def by_duty(self) -> list[tuple[DutyKind, int]]:
        """Return how many persons are called by which duty, most first."""
        pairs = {(person.duty, person.person_id) for person in self.people}
        counted = Counter(duty for duty, _person in pairs)
        return sorted(counted.items(), key=lambda item: (-item[1], item[0].value))


@dataclass(frozen=True)
class Unreachable:
    """Somebody who should be called and cannot be reached."""

    name: str
    duty: DutyKind
    village: str
    why: Why


def called_for(meant: Meant, *, county: str, hazard: Hazard, at: datetime) -> Called:
    """Return who is called for these places at a moment, and the households at risk in them.

    The ladders reach up to the county whoever asks: a town that warns calls on the county too.
    """
    with scope.limited_to([county]):
        people = answerable_people(meant.villages, hazard=hazard, at=at)
        known = {(person.division_code, person.person_id) for person in people}
        for person in _of_places(meant, hazard=hazard, at=at):
            if (person.division_code, person.person_id) not in known:
                known.add((person.division_code, person.person_id))
                people.append(person)
        households = _households(meant, hazard=hazard, at=at)
    manned = {p.division_code for p in people if p.duty not in ABOVE}
    spoken_for = {p.division_code for p in people}
    villages = frozenset(meant.villages)
    return Called(
        people=tuple(people),
        households=tuple(households),
        from_above=frozenset(spoken_for - manned),
        nobody=villages - spoken_for,
    )


def unreachable_among(
    called: Called, *, villages: Iterable[str], county: str, hazard: Hazard, at: datetime
) -> list[Unreachable]:
    """Return whoever of those called cannot be reached and why, and whoever has left, by village.

    Of two reasons the one that must be mended first counts. Names out of sight are not told.
    """
    with scope.limited_to([county]):
        reach = reachable_people(called.person_ids)
        dead = _dead_numbers(county)
        needs_account = _has_inbox_alone(county)
        gone = departed_holders(villages, hazard=hazard, at=at)
    in_sight = names_of([*called.person_ids, *(each.person_id for each in gone)])
    found = {
        (each.person_id, each.village): Unreachable(
            in_sight.get(each.person_id, "–"), each.duty, each.village, Why.LEFT
        )
        for each in gone
    }
    for person in called.people:
        one = reach.get(person.person_id)
        why = None
        if one is None or not one.has_phone:
            why = Why.NO_PHONE
        elif person.person_id in dead:
            why = Why.DEAD
        elif needs_account and not one.has_account:
            why = Why.NO_ACCOUNT
        if why is not None:
            key = (person.person_id, person.division_code)
            name = in_sight.get(person.person_id, "–")
            found[key] = Unreachable(name, person.duty, person.division_code, why)
    return sorted(found.values(), key=lambda each: (each.village, each.duty.value, each.name))


def _of_places(meant: Meant, *, hazard: Hazard, at: datetime) -> list[Answerable]:
    """Return who holds a duty over the places named; calls are made for one of the villages."""
    found = []
    for place in meant.place_ids:
        for person in who_answers_for(place, hazard=hazard, at=at):
            inside_ = [v for v in meant.villages if v.startswith(prefix_of(person.division_code))]
            if person.place_id == place and inside_:
                found.append(replace(person, division_code=inside_[0]))
    return found


def _households(meant: Meant, *, hazard: Hazard, at: datetime) -> list[HouseholdToWarn]:
    """Return the households at risk; where an area was drawn only those that lie in it."""
    found = households_to_warn(meant.villages, hazard=hazard, at=at)
    if not meant.polygons:
        return found
    drawn = inside(meant.polygons, points=[(each.lon, each.lat) for each in found])
    return [
        each
        for each, is_inside in zip(found, drawn, strict=True)
        if is_inside or each.division_code in meant.whole
    ]


def _dead_numbers(county: str) -> set[int]:
    """Return whose numbers the last communication test of the county found dead."""
    tests = CommunicationTest.objects.filter(division_id=county).order_by("-started_at", "-pk")
    rows = TestCall.objects.filter(test__in=tests[:1].values("pk"), state=TestCallState.DEAD)
    return set(rows.values_list("person_id", flat=True))


def _has_inbox_alone(county: str) -> bool:
    """Tell whether messages reach people only by their own page."""
    if set(settings.ANLAN_CHANNELS) - {ChannelKind.INBOX.value}:
        return False
    providers = ChannelProvider.objects.filter(division_id=county, ended_at__isnull=True)
    return not providers.exclude(kind=ChannelKind.INBOX).exists()
