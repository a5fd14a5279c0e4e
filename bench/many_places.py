"""The places of a made-up county: how many of each kind, and the typed detail of each."""

from collections.abc import Callable
from datetime import date
from typing import Any

from anlan.registry.data import DutyKind, PlaceKind

Detail = Callable[[int, Any], dict[str, Any]]

# Which share of all places is of a kind.
SHARES = {
    PlaceKind.HAZARD_POINT: 0.20,
    PlaceKind.SHELTER: 0.16,
    PlaceKind.FOREST_COMPARTMENT: 0.20,
    PlaceKind.INFRASTRUCTURE: 0.10,
    PlaceKind.ENTERPRISE: 0.08,
    PlaceKind.FIRE_CHECKPOINT: 0.06,
    PlaceKind.SCHOOL: 0.05,
    PlaceKind.RESERVOIR: 0.04,
    PlaceKind.HOSPITAL: 0.03,
    PlaceKind.RIVER_SECTION: 0.03,
    PlaceKind.RANGER_STATION: 0.03,
    PlaceKind.MACRO_STATION: 0.01,
    PlaceKind.STORE: 0.01,
}
DUTY_OF_KIND = {
    PlaceKind.HAZARD_POINT: DutyKind.POINT_MONITOR,
    PlaceKind.SHELTER: DutyKind.SHELTER_KEEPER,
    PlaceKind.FOREST_COMPARTMENT: DutyKind.FOREST_CHIEF,
    PlaceKind.INFRASTRUCTURE: DutyKind.FACILITY_KEEPER,
    PlaceKind.ENTERPRISE: DutyKind.SAFETY_OFFICER,
    PlaceKind.FIRE_CHECKPOINT: DutyKind.CHECKPOINT_GUARD,
    PlaceKind.SCHOOL: DutyKind.SAFETY_OFFICER,
    PlaceKind.RESERVOIR: DutyKind.RESERVOIR_PATROL,
    PlaceKind.HOSPITAL: DutyKind.SAFETY_OFFICER,
    PlaceKind.RIVER_SECTION: DutyKind.RIVER_CHIEF,
    PlaceKind.RANGER_STATION: DutyKind.STATION_STAFF,
    PlaceKind.MACRO_STATION: DutyKind.MACRO_OBSERVER,
    PlaceKind.STORE: DutyKind.WAREHOUSE_KEEPER,
}


def place_details() -> list[tuple[PlaceKind, float, Any, Detail]]:
    """Return each kind with its share, the model of its detail and how a detail is made."""
    from anlan.registry import models

    made: dict[PlaceKind, tuple[Any, Detail]] = {
        PlaceKind.HAZARD_POINT: (models.HazardPoint, hazard_point),
        PlaceKind.SHELTER: (models.Shelter, lambda n, _: {"capacity": 50 + n % 200}),
        PlaceKind.FOREST_COMPARTMENT: (models.ForestCompartment, compartment),
        PlaceKind.INFRASTRUCTURE: (models.Infrastructure, infrastructure),
        PlaceKind.ENTERPRISE: (models.Enterprise, enterprise),
        PlaceKind.FIRE_CHECKPOINT: (models.FireCheckpoint, lambda n, _: {"guards": 1 + n % 3}),
        PlaceKind.SCHOOL: (
            models.School,
            lambda n, _: {"school_kind": "primary", "pupils": 200 + n, "boarders": n % 90},
        ),
        PlaceKind.RESERVOIR: (models.Reservoir, reservoir),
        PlaceKind.HOSPITAL: (models.Hospital, lambda n, _: {"beds": 20 + n % 300}),
        PlaceKind.RIVER_SECTION: (models.RiverSection, section),
        PlaceKind.RANGER_STATION: (models.RangerStation, lambda n, _: {"ownership": "state"}),
        PlaceKind.MACRO_STATION: (models.MacroStation, lambda n, _: {"observes": "井水"}),
        PlaceKind.STORE: (None, lambda n, _: {}),
    }
    return [(kind, share, *made[kind]) for kind, share in SHARES.items()]


def hazard_point(number: int, county: Any) -> dict[str, Any]:
    """Return the detail of a geohazard point."""
    return {
        "hazard_kind": ("landslide", "collapse", "debris_flow")[number % 3],
        "volume_m3": 1_000 * (1 + number % 60),
        "registered_on": date(2019, 6, 1),
        "trigger": "降雨",
        "alarm_signal": "铜锣",
        "escape_route": "沿村道向东",
    }


def compartment(number: int, county: Any) -> dict[str, Any]:
    """Return the detail of a forest compartment."""
    return {
        "area_ha": 20.0 + number % 50,
        "species": "油松",
        "ownership": ("state", "collective")[number % 2],
        "fire_risk_class": 1 + number % 5,
    }


def infrastructure(number: int, county: Any) -> dict[str, Any]:
    """Return the detail of a facility."""
    kinds = ("gas_pipeline", "water", "power", "road", "bridge", "telecom")
    return {
        "facility_kind": kinds[number % 6],
        "owner": "县公路局",
        "condition": ("good", "fair", "poor", "dangerous")[number % 4],
    }


def enterprise(number: int, county: Any) -> dict[str, Any]:
    """Return the detail of an enterprise."""
    return {"industry": "矿山", "employees": 10 + number, "is_high_risk": number % 5 == 0}


def reservoir(number: int, county: Any) -> dict[str, Any]:
    """Return the detail of a reservoir."""
    return {
        "capacity_m3": 100_000 * (1 + number % 40),
        "flood_limit_level_m": 440.0,
        "design_level_m": 442.0,
        "check_level_m": 443.0,
        "dam_top_m": 445.0,
        "storage_curve": [[430, 10_000], [440, 80_000]],
        "is_defective": number % 7 == 0,
    }


def section(number: int, county: Any) -> dict[str, Any]:
    """Return the detail of a river section."""
    return {
        "river": county.rivers[number % len(county.rivers)],
        "warning_level_m": 100.0,
        "guaranteed_level_m": 102.0,
    }


def write_places(county: Any) -> None:
    """Write places of every kind, as many of each as a hill county has in proportion."""
    from first_county import FIRST, PLACES, VILLAGES, WHAT, WHERE

    from anlan.registry.models import Place, River

    county.rivers = county.put(
        River,
        [
            River(
                division_id=county.towns[n],
                code=f"R{n:03d}",
                name=f"{WHERE[n]}河",
                basin_km2=100 + n,
                length_km=20 + n,
            )
            for n in range(12)
        ],
    )
    county.places: list[Any] = []
    for kind, share, model, detail in place_details():
        count = round(PLACES * share)
        rows = county.put(
            Place,
            [
                Place(
                    division_id=county.villages[(n * 7) % VILLAGES],
                    kind=kind,
                    code=f"{FIRST}-{kind.value[:2].upper()}{n:05d}",
                    name=f"{WHERE[n % 20]}{WHAT[n // 20 % 20]}{kind.label}{n}",
                    lon=107 + county.chance.random(),
                    lat=33 + county.chance.random(),
                )
                for n in range(count)
            ],
        )
        county.places += rows
        if model is not None:
            details = [detail(n, county) for n in range(count)]
            county.put(model, [model(place=p, **d) for p, d in zip(rows, details, strict=True)])


def write_households(county: Any) -> None:
    """Write the households at risk."""
    from first_county import HOUSEHOLDS

    from anlan.kernel.encryption import index_of
    from anlan.registry.data import HouseholdThreat, PlaceKind
    from anlan.registry.models import Household

    points, shelters = county.of_kind(PlaceKind.HAZARD_POINT), county.of_kind(PlaceKind.SHELTER)
    rows = []
    for n in range(HOUSEHOLDS):
        point, phone = points[n % len(points)], f"139{n:08d}"
        under_slope = n % 3 > 0
        rows.append(
            Household(
                division_id=point.division_id,
                head_name=county.person_name(),
                address=f"{n}号",
                phone=phone,
                phone_index=index_of(phone),
                people=3 + n % 4,
                needing_help=n % 3,
                elderly=n % 3,
                threat=HouseholdThreat.GEOHAZARD if under_slope else HouseholdThreat.FLOOD,
                hazard_point_id=point.pk if under_slope else None,
                shelter_id=shelters[n % len(shelters)].pk,
                route_km=0.5 + n % 5,
                lon=107.1,
                lat=33.1,
            )
        )
    county.households = county.put(Household, rows)


def write_duties(county: Any) -> None:
    """Write who answers for divisions, for nine places in ten and for the households."""
    from first_county import LONG_AGO, PEOPLE

    from anlan.registry.data import DutyKind
    from anlan.registry.models import Duty

    asked: list[tuple[str, str, int | None, int | None]] = [
        *((county.code, kind, None, None) for kind in (DutyKind.COUNTY_DUTY, DutyKind.COMMANDER)),
        *((code, DutyKind.TOWN_LEADER, None, None) for code in county.towns),
        *((code, DutyKind.VILLAGE_LEADER, None, None) for code in county.villages),
        *((code, DutyKind.INFORMANT, None, None) for code in county.villages[::2]),
        *(
            (row.division_id, DUTY_OF_KIND[row.kind], row.pk, None)
            for n, row in enumerate(county.places)
            if n % 10
        ),
        *((h.division_id, DutyKind.HOUSEHOLD_CARER, None, h.pk) for h in county.households),
    ]
    county.put(
        Duty,
        [
            Duty(
                person=county.people[(n * 13) % PEOPLE],
                kind=kind,
                division_id=code,
                place_id=place,
                household_id=household,
                valid_from=LONG_AGO,
            )
            for n, (code, kind, place, household) in enumerate(asked)
        ],
    )
