"""Places and households that nobody answers for. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from anlan.registry.checks.rows import DutyRow, HouseholdRow, PlaceRow
from anlan.registry.checks.words import Gap, GapKind
from anlan.registry.core.place_duties import groups_of, wide_duties
from anlan.registry.data import DutyKind, PlaceKind

# The register's tables by the names that they have in addresses; stores are kept elsewhere.
PLACE_TABLES: Mapping[PlaceKind, str] = {
    PlaceKind.RESERVOIR: "reservoirs",
    PlaceKind.RIVER_SECTION: "river-sections",
    PlaceKind.HAZARD_POINT: "hazard-points",
    PlaceKind.SHELTER: "shelters",
    PlaceKind.RANGER_STATION: "ranger-stations",
    PlaceKind.MACRO_STATION: "macro-stations",
    PlaceKind.STORE: "",
    PlaceKind.FOREST_COMPARTMENT: "forest-compartments",
    PlaceKind.FIRE_CHECKPOINT: "fire-checkpoints",
    PlaceKind.SCHOOL: "schools",
    PlaceKind.HOSPITAL: "hospitals",
    PlaceKind.ENTERPRISE: "enterprises",
    PlaceKind.INFRASTRUCTURE: "infrastructure",
}

Held = Mapping[tuple[int | str, DutyKind], Sequence[DutyRow]]
"""Duties by the place they are over, or by the division when they name no place."""


def duties_by_object(duties: Iterable[DutyRow]) -> Held:
    """Return the duties by place or division and kind; those over households are left out."""
    found: dict[tuple[int | str, DutyKind], list[DutyRow]] = defaultdict(list)
    for duty in duties:
        if duty.place_id is not None:
            found[duty.place_id, duty.kind].append(duty)
        elif duty.household_id is None:
            found[duty.division_code, duty.kind].append(duty)
    return found


def unanswered_places(places: Iterable[PlaceRow], *, held: Held, day: date) -> Iterator[Gap]:
    """Give each duty of each place that no reachable person holds on a day."""
    for place in places:
        for group in groups_of(place.kind):
            holding = [d for kind in group for d in held.get((place.id, kind), ())]
            for kind in wide_duties(place.kind, group):
                holding += held.get((place.division_code, kind), ())
            gap = _place_gap(place, duty=group[0], holding=holding, day=day)
            if gap is not None:
                yield gap


def uncared_households(households: Iterable[HouseholdRow]) -> Iterator[Gap]:
    """Give each household at risk for which nobody cares."""
    for household in households:
        yield Gap(
            kind=GapKind.HOUSEHOLD_NO_CARER,
            division_code=household.division_code,
            subject=household.head_name,
            table="households",
            uuid=household.uuid,
            duty=DutyKind.HOUSEHOLD_CARER,
            number=household.people,
        )


def _place_gap(
    place: PlaceRow, *, duty: DutyKind, holding: Sequence[DutyRow], day: date
) -> Gap | None:
    """Return what keeps a place from being answered for: the cause that is nearest to mended."""
    if any(held.stands(day) and held.person.has_phone for held in holding):
        return None
    silent = [held for held in holding if held.stands(day)]
    left = [held for held in holding if held.in_force(day) and held.person.has_left(day)]
    if silent:
        kind, about = GapKind.PLACE_NO_PHONE, silent
    elif left:
        kind, about = GapKind.PLACE_LEFT, left
    elif holding:
        kind, about = GapKind.PLACE_EXPIRED, [max(holding, key=lambda h: h.valid_until or day)]
    else:
        kind, about = GapKind.PLACE_NOBODY, []
    return Gap(
        kind=kind,
        division_code=place.division_code,
        subject=place.name,
        table=PLACE_TABLES[place.kind],
        uuid=place.uuid,
        since=None if silent else max((h.free_since for h in about if h.free_since), default=None),
        duty=duty,
        people=tuple(dict.fromkeys(h.person.name for h in about)),
    )
