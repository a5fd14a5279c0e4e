"""The one small cast of every test with a database: a county, two towns, five villages.

上河镇 has three villages: one with everything (a slope, a shelter, deputies), one on the river and
one with a single person answerable. 下河镇 has two, the second with nobody answerable at all.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from anlan.kernel import clock
from anlan.monitoring.data import Measure, StationKind
from anlan.monitoring.models import Exceedance, Station, StationCover, Threshold
from anlan.plans.data import ResponseLevel, TaskSpread
from anlan.plans.models import LevelTrigger, Plan, TaskTemplate
from anlan.registry.data import (
    Colour,
    DivisionKind,
    DutyKind,
    Hazard,
    HazardPointKind,
    HouseholdThreat,
    PlaceKind,
)
from anlan.registry.models import (
    Division,
    Duty,
    HazardPoint,
    Household,
    Person,
    Place,
    Shelter,
)
from anlan.warning.models import AnswerLimit

COUNTY = "990701000000"
UPPER = "990701101000"
LOWER = "990701102000"
SLOPE = "990701101201"  # under a slope: monitor, carers, a shelter, a deputy for each duty
BANK = "990701101202"  # on the river: a leader without deputy, an informant
ALONE = "990701101203"  # one leader and nobody else
FORD = "990701102201"
EMPTY = "990701102202"  # nobody holds a duty here
VILLAGES = (SLOPE, BANK, ALONE, FORD, EMPTY)

LONG_AGO = date(2020, 1, 1)
RAIN_HAZARDS = (Hazard.RAINSTORM, Hazard.FLASH_FLOOD, Hazard.GEOHAZARD)

# hazard, element, window in hours, limits in mm or m from the mildest colour given on
LIMITS: Sequence[tuple[Hazard, str, int, dict[Colour, float]]] = (
    (Hazard.RAINSTORM, "PN05", 12, {Colour.BLUE: 50.0}),
    (Hazard.FLASH_FLOOD, "PN05", 1, {Colour.YELLOW: 20.0, Colour.ORANGE: 30.0, Colour.RED: 50.0}),
    (Hazard.FLASH_FLOOD, "PN05", 3, {Colour.ORANGE: 60.0, Colour.RED: 90.0}),
    (Hazard.GEOHAZARD, "PN05", 24, {Colour.YELLOW: 60.0, Colour.ORANGE: 80.0, Colour.RED: 120.0}),
)
ANSWER_MINUTES = {Colour.BLUE: 15, Colour.YELLOW: 10, Colour.ORANGE: 8, Colour.RED: 5}


@dataclass
class Cast:
    """Who and what there is, by short names: primary keys of persons, places and gauges."""

    people: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    households: dict[str, int] = field(default_factory=dict)
    stations: dict[str, Station] = field(default_factory=dict)
    plan_id: int = 0

    def name_of(self, person_id: int | None) -> str:
        """Return the short name of a person."""
        return next(name for name, key in self.people.items() if key == person_id)


def make_cast() -> Cast:
    """Write the whole cast into the present database and return its keys."""
    cast = Cast()
    make_divisions()
    make_officials(cast)
    make_slope(cast)
    make_households(cast)
    make_gauges(cast)
    make_limits()
    make_plan(cast)
    return cast


def make_divisions() -> None:
    """Write the tree of divisions."""
    rows = (
        (COUNTY, None, DivisionKind.COUNTY, "试县"),
        (UPPER, COUNTY, DivisionKind.TOWN, "上河镇"),
        (LOWER, COUNTY, DivisionKind.TOWN, "下河镇"),
        (SLOPE, UPPER, DivisionKind.VILLAGE, "坡下村"),
        (BANK, UPPER, DivisionKind.VILLAGE, "河边村"),
        (ALONE, UPPER, DivisionKind.VILLAGE, "独户村"),
        (FORD, LOWER, DivisionKind.VILLAGE, "渡口村"),
        (EMPTY, LOWER, DivisionKind.VILLAGE, "空心村"),
    )
    for number, (code, parent, kind, name) in enumerate(rows):
        Division.objects.create(
            code=code,
            parent_id=parent,
            kind=kind,
            name=name,
            population=100 if kind is DivisionKind.VILLAGE else 0,
            households=30 if kind is DivisionKind.VILLAGE else 0,
            plain_km2=1,
            lon=107.0 + number / 100,
            lat=33.0,
        )


def person(cast: Cast, name: str, *, at: str) -> int:
    """Add a person under a short name."""
    row = Person.objects.create(division_id=at, name=name, phone=f"1380000{len(cast.people):04d}")
    cast.people[name] = row.pk
    return int(row.pk)


def duty(
    person_id: int,
    kind: DutyKind,
    *,
    at: str,
    rank: int = 1,
    place_id: int | None = None,
    household_id: int | None = None,
    since: date = LONG_AGO,
    until: date | None = None,
) -> None:
    """Give a person a duty."""
    Duty.objects.create(
        person_id=person_id,
        kind=kind,
        division_id=at,
        rank=rank,
        place_id=place_id,
        household_id=household_id,
        valid_from=since,
        valid_until=until,
    )


def make_officials(cast: Cast) -> None:
    """Write who answers for the county, the towns and the villages."""
    wanted = (
        ("county officer", DutyKind.COUNTY_DUTY, COUNTY, 1),
        ("county second", DutyKind.COUNTY_DUTY, COUNTY, 2),
        ("commander", DutyKind.COMMANDER, COUNTY, 1),
        ("upper leader", DutyKind.TOWN_LEADER, UPPER, 1),
        ("lower leader", DutyKind.TOWN_LEADER, LOWER, 1),
        ("slope leader", DutyKind.VILLAGE_LEADER, SLOPE, 1),
        ("slope deputy", DutyKind.VILLAGE_LEADER, SLOPE, 2),
        ("slope informant", DutyKind.INFORMANT, SLOPE, 1),
        ("bank leader", DutyKind.VILLAGE_LEADER, BANK, 1),
        ("bank informant", DutyKind.INFORMANT, BANK, 1),
        ("alone leader", DutyKind.VILLAGE_LEADER, ALONE, 1),
        ("ford leader", DutyKind.VILLAGE_LEADER, FORD, 1),
        ("ford deputy", DutyKind.VILLAGE_LEADER, FORD, 2),
    )
    for name, kind, code, rank in wanted:
        duty(person(cast, name, at=code), kind, at=code, rank=rank)


def place(cast: Cast, name: str, *, kind: PlaceKind, at: str, lon: float = 107.0) -> int:
    """Add a place under a short name."""
    row = Place.objects.create(
        uuid=uuid.uuid4(),
        division_id=at,
        kind=kind,
        code=f"990701-{len(cast.places):05d}",
        name=name,
        lon=lon,
        lat=33.0,
    )
    cast.places[name] = row.pk
    return int(row.pk)


def shelter(cast: Cast, name: str, *, at: str, capacity: int, lon: float) -> int:
    """Add a shelter under a short name."""
    key = place(cast, name, kind=PlaceKind.SHELTER, at=at, lon=lon)
    Shelter.objects.create(place_id=key, capacity=capacity)
    return key


def make_slope(cast: Cast) -> None:
    """Write the hazard point with its monitors, and the shelters."""
    slope = place(cast, "slope", kind=PlaceKind.HAZARD_POINT, at=SLOPE)
    HazardPoint.objects.create(
        place_id=slope, hazard_kind=HazardPointKind.LANDSLIDE, volume_m3=20_000
    )
    for name, rank in (("slope monitor", 1), ("second monitor", 2)):
        key = person(cast, name, at=SLOPE)
        duty(key, DutyKind.POINT_MONITOR, at=SLOPE, rank=rank, place_id=slope)
    shelter(cast, "school", at=SLOPE, capacity=8, lon=107.03)
    shelter(cast, "hall", at=BANK, capacity=12, lon=107.04)
    shelter(cast, "ford school", at=FORD, capacity=30, lon=107.06)


def household(
    cast: Cast,
    name: str,
    *,
    at: str,
    people: int,
    threat: HouseholdThreat,
    to: str,
    carer: int,
    needing_help: int = 0,
) -> int:
    """Add a household at risk with its carer under a short name."""
    row = Household.objects.create(
        uuid=uuid.uuid4(),
        division_id=at,
        head_name=name,
        address=f"{name}",
        people=people,
        needing_help=needing_help,
        threat=threat,
        hazard_point_id=cast.places["slope"] if threat is HouseholdThreat.GEOHAZARD else None,
        shelter_id=cast.places[to],
        route_km=0.8,
        lon=107.03,
        lat=33.0,
    )
    duty(carer, DutyKind.HOUSEHOLD_CARER, at=at, household_id=row.pk)
    cast.households[name] = row.pk
    return int(row.pk)


def make_households(cast: Cast) -> None:
    """Write the households at risk: three under the slope, three by the water."""
    slope, flood = HouseholdThreat.GEOHAZARD, HouseholdThreat.FLOOD
    carer = person(cast, "slope carer", at=SLOPE)
    brook = person(cast, "brook carer", at=SLOPE)
    household(cast, "zhao", at=SLOPE, people=4, threat=slope, to="school", carer=carer)
    household(
        cast, "qian", at=SLOPE, people=3, threat=slope, to="school", carer=carer, needing_help=2
    )
    household(cast, "sun", at=SLOPE, people=5, threat=slope, to="school", carer=carer)
    household(cast, "li", at=SLOPE, people=2, threat=flood, to="school", carer=brook)
    informant = cast.people["bank informant"]
    household(cast, "zhou", at=BANK, people=6, threat=flood, to="hall", carer=informant)
    household(
        cast,
        "wu",
        at=FORD,
        people=1,
        threat=flood,
        to="ford school",
        carer=cast.people["ford leader"],
    )


def make_gauges(cast: Cast) -> None:
    """Write two rain gauges and a river gauge with the villages that they speak for."""
    wanted = (
        ("upper rain", "0990701001", StationKind.RAIN, SLOPE, (SLOPE, BANK, ALONE)),
        ("lower rain", "0990701002", StationKind.RAIN, FORD, (FORD, EMPTY)),
        ("river", "0990701003", StationKind.RIVER, BANK, (BANK, FORD)),
    )
    for name, address, kind, code, villages in wanted:
        station = Station.objects.create(
            address=address, division_id=code, kind=kind, name=name, lon=107.0, lat=33.0
        )
        cast.stations[name] = station
        hazards = RAIN_HAZARDS if kind is StationKind.RAIN else (Hazard.RIVER_FLOOD,)
        for hazard in hazards:
            for village in villages:
                StationCover.objects.create(station=station, division_id=village, hazard=hazard)


def make_limits() -> None:
    """Write the limits of every station without its own, the river's own, and the waits."""
    for hazard, element, window_h, values in LIMITS:
        for colour, value in values.items():
            limit(hazard, element=element, window_h=window_h, colour=colour, value=value)
    river = Station.objects.get(name="river")
    for colour, value in ((Colour.YELLOW, 102.0), (Colour.ORANGE, 103.0), (Colour.RED, 104.0)):
        limit(
            Hazard.RIVER_FLOOD, element="Z", window_h=0, colour=colour, value=value, station=river
        )
    for colour, minutes in ANSWER_MINUTES.items():
        AnswerLimit.objects.create(
            hazard="", colour=colour, minutes=minutes, source="tests", effective_from=LONG_AGO
        )


def limit(
    hazard: Hazard,
    *,
    element: str,
    window_h: int,
    colour: Colour,
    value: float,
    station: Station | None = None,
) -> Threshold:
    """Add a threshold."""
    return Threshold.objects.create(
        station=station,
        hazard=hazard,
        element=element,
        measure=Measure.SUM if window_h else Measure.LAST,
        window_min=60 * window_h,
        colour=colour,
        value=value,
        source="tests",
        effective_from=LONG_AGO,
    )


def make_plan(cast: Cast) -> None:
    """Write a flood plan: one village under yellow calls level IV, three under red level I."""
    plan = Plan.objects.create(
        division_id=COUNTY, name="试县防汛应急预案", version="2024", effective_from=LONG_AGO
    )
    cast.plan_id = plan.pk
    levels = (
        (ResponseLevel.FOURTH, Colour.YELLOW, 1),
        (ResponseLevel.THIRD, Colour.ORANGE, 1),
        (ResponseLevel.SECOND, Colour.ORANGE, 3),
        (ResponseLevel.FIRST, Colour.RED, 3),
    )
    for level, colour, villages in levels:
        for hazard in (Hazard.FLASH_FLOOD, Hazard.RIVER_FLOOD):
            LevelTrigger.objects.create(
                plan=plan, level=level, hazard=hazard, colour=colour, villages=villages
            )
    tasks = (
        ("county consults", ResponseLevel.FOURTH, DutyKind.COMMANDER, TaskSpread.COUNTY, 60),
        ("village patrols", ResponseLevel.FOURTH, DutyKind.VILLAGE_LEADER, TaskSpread.VILLAGE, 45),
        ("town moves people", ResponseLevel.THIRD, DutyKind.TOWN_LEADER, TaskSpread.TOWN, 90),
        (
            "keeper opens store",
            ResponseLevel.SECOND,
            DutyKind.WAREHOUSE_KEEPER,
            TaskSpread.TOWN,
            30,
        ),
        ("county commands", ResponseLevel.FIRST, DutyKind.COMMANDER, TaskSpread.COUNTY, 20),
    )
    for title, level, kind, spread, minutes in tasks:
        TaskTemplate.objects.create(
            plan=plan,
            level=level,
            title=title,
            duty=kind,
            spread=spread,
            within_minutes=minutes,
        )


def moment(text: str) -> datetime:
    """Return an instant of the flood evening's month, for example `moment("2024-07-15 20:00")`."""
    return datetime.fromisoformat(f"{text}+08:00")


def crossed(
    cast: Cast,
    *,
    gauge: str = "upper rain",
    hazard: Hazard = Hazard.FLASH_FLOOD,
    colour: Colour = Colour.ORANGE,
    value: float = 33.0,
) -> int:
    """Let a gauge stand over a limit now; return the exceedance, whose milder one it ends."""
    now = clock.now()
    station = cast.stations[gauge]
    before = Exceedance.objects.filter(station=station, hazard=hazard, ended_at__isnull=True)
    follows = before.first()
    before.update(ended_at=now)
    over = Threshold.objects.filter(hazard=hazard, colour=colour).order_by("pk").first()
    if over is None:
        raise LookupError(f"no limit of {hazard} and {colour.label} in the cast")
    row = Exceedance.objects.create(
        station=station,
        threshold=over,
        hazard=hazard,
        colour=colour,
        value=value,
        limit=over.value,
        started_at=now,
        follows=follows,
    )
    return int(row.pk)


def cleared(*exceedance_ids: int) -> list[int]:
    """End exceedances now and return them."""
    Exceedance.objects.filter(pk__in=exceedance_ids).update(ended_at=clock.now())
    return list(exceedance_ids)
