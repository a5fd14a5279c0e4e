"""Which duties are held over which kind of place, and where the other duties are held. Pure."""

from collections.abc import Iterable, Mapping

from anlan.kernel.codes import Level
from anlan.registry.data import DutyKind, PlaceKind

# rules.md, section 5: the three persons of a reservoir, one monitor a hazard point, forest chiefs
# and rangers with their area; the others by the tables of the offices that keep these places.
PLACE_DUTIES: Mapping[PlaceKind, tuple[DutyKind, ...]] = {
    PlaceKind.RESERVOIR: (
        DutyKind.RESERVOIR_ADMINISTRATIVE,
        DutyKind.RESERVOIR_TECHNICAL,
        DutyKind.RESERVOIR_PATROL,
    ),
    PlaceKind.RIVER_SECTION: (DutyKind.RIVER_CHIEF,),
    PlaceKind.HAZARD_POINT: (DutyKind.POINT_MONITOR,),
    PlaceKind.SHELTER: (DutyKind.SHELTER_KEEPER,),
    PlaceKind.RANGER_STATION: (DutyKind.STATION_STAFF,),
    PlaceKind.MACRO_STATION: (DutyKind.MACRO_OBSERVER,),
    PlaceKind.STORE: (DutyKind.WAREHOUSE_KEEPER,),
    PlaceKind.FOREST_COMPARTMENT: (DutyKind.FOREST_CHIEF, DutyKind.RANGER),
    PlaceKind.FIRE_CHECKPOINT: (DutyKind.CHECKPOINT_GUARD,),
    PlaceKind.SCHOOL: (DutyKind.SAFETY_OFFICER,),
    PlaceKind.HOSPITAL: (DutyKind.SAFETY_OFFICER,),
    PlaceKind.ENTERPRISE: (DutyKind.SAFETY_OFFICER,),
    PlaceKind.INFRASTRUCTURE: (DutyKind.FACILITY_KEEPER,),
}

# One of these is enough; for every other kind of place each of its duties needs somebody.
ANY_IS_ENOUGH = frozenset({PlaceKind.FOREST_COMPARTMENT})

# Held over a village as a whole, these answer for each place of the kind in it too.
VILLAGE_WIDE: Mapping[PlaceKind, tuple[DutyKind, ...]] = {
    PlaceKind.RIVER_SECTION: (DutyKind.RIVER_CHIEF,),
    PlaceKind.FOREST_COMPARTMENT: (DutyKind.FOREST_CHIEF, DutyKind.RANGER),
}

# Disaster informants are left out: counties and towns have them as well as villages.
DIVISION_DUTIES: Mapping[DutyKind, Level] = {
    DutyKind.COMMANDER: Level.COUNTY,
    DutyKind.COUNTY_DUTY: Level.COUNTY,
    DutyKind.DUTY_LEADER: Level.COUNTY,
    DutyKind.TOWN_GUARANTOR: Level.TOWN,
    DutyKind.TOWN_LEADER: Level.TOWN,
    DutyKind.TOWN_OFFICER: Level.TOWN,
    DutyKind.VILLAGE_GUARANTOR: Level.VILLAGE,
    DutyKind.VILLAGE_LEADER: Level.VILLAGE,
}

# These may be held over a whole division as well as over one place of it.
WITH_OR_WITHOUT_PLACE = frozenset({DutyKind.RIVER_CHIEF, DutyKind.FOREST_CHIEF, DutyKind.RANGER})


def place_kinds_of(duty: DutyKind) -> tuple[PlaceKind, ...]:
    """Return the kinds of place over which a duty is held."""
    return tuple(kind for kind, duties in PLACE_DUTIES.items() if duty in duties)


def groups_of(kind: PlaceKind) -> tuple[tuple[DutyKind, ...], ...]:
    """Return the duties that a place needs: one holder at least for each group."""
    duties = PLACE_DUTIES.get(kind, ())
    if kind in ANY_IS_ENOUGH:
        return (duties,)
    return tuple((duty,) for duty in duties)


def wide_duties(kind: PlaceKind, group: Iterable[DutyKind]) -> tuple[DutyKind, ...]:
    """Return the duties of a group that somebody may hold for the whole village."""
    return tuple(duty for duty in group if duty in VILLAGE_WIDE.get(kind, ()))
