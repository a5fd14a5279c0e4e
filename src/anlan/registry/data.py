"""What crosses the registry's door: its words and plain values."""

from dataclasses import dataclass

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class DivisionKind(TextChoices):
    """What a division is called by law."""

    COUNTY = "county", _("county")
    TOWN = "town", _("town")
    SUBDISTRICT = "subdistrict", _("sub-district")
    VILLAGE = "village", _("village")
    COMMUNITY = "community", _("community")


class Role(TextChoices):
    """What an account is for."""

    ADMINISTRATOR = "administrator", _("county administrator")
    COMMANDER = "commander", _("commander")
    DUTY_OFFICER = "duty_officer", _("duty officer")
    TOWN_OFFICER = "town_officer", _("town officer")
    VILLAGE_CADRE = "village_cadre", _("village cadre")
    KEEPER = "keeper", _("warehouse keeper")
    READER = "reader", _("read-only leader")


class DutyKind(TextChoices):
    """What a person answers for."""

    COMMANDER = "commander", _("commander of the headquarters")
    COUNTY_DUTY = "county_duty", _("county duty officer")
    TOWN_LEADER = "town_leader", _("town leader on duty")
    TOWN_OFFICER = "town_officer", _("town emergency officer")
    VILLAGE_LEADER = "village_leader", _("village person in charge")
    INFORMANT = "informant", _("disaster informant")
    POINT_MONITOR = "point_monitor", _("hazard point monitor")
    HOUSEHOLD_CARER = "household_carer", _("household carer")
    RESERVOIR_ADMINISTRATIVE = "reservoir_administrative", _("reservoir administrative person")
    RESERVOIR_TECHNICAL = "reservoir_technical", _("reservoir technical person")
    RESERVOIR_PATROL = "reservoir_patrol", _("reservoir patrol person")
    RIVER_CHIEF = "river_chief", _("river chief")
    RANGER = "ranger", _("ranger")
    STATION_STAFF = "station_staff", _("ranger station staff")
    MACRO_OBSERVER = "macro_observer", _("macro-anomaly observer")
    SHELTER_KEEPER = "shelter_keeper", _("shelter keeper")
    WAREHOUSE_KEEPER = "warehouse_keeper", _("warehouse keeper")


class PlaceKind(TextChoices):
    """What stands at a place."""

    RESERVOIR = "reservoir", _("reservoir")
    RIVER_SECTION = "river_section", _("river section")
    HAZARD_POINT = "hazard_point", _("geohazard point")
    SHELTER = "shelter", _("shelter")
    RANGER_STATION = "ranger_station", _("ranger station")
    MACRO_STATION = "macro_station", _("macro-observation station")
    STORE = "store", _("store")


class HazardPointKind(TextChoices):
    """How the slope may fail."""

    LANDSLIDE = "landslide", _("landslide")
    COLLAPSE = "collapse", _("collapse")
    DEBRIS_FLOW = "debris_flow", _("debris flow")


class StationOwnership(TextChoices):
    """Whose forest a ranger station guards."""

    STATE = "state", _("state-owned")
    COLLECTIVE = "collective", _("collective")


class TeamKind(TextChoices):
    """How a team is raised."""

    FIRE_PROFESSIONAL = "fire_professional", _("professional forest fire team")
    FIRE_VOLUNTEER = "fire_volunteer", _("volunteer forest fire team")


class HouseholdThreat(TextChoices):
    """What threatens a household."""

    GEOHAZARD = "geohazard", _("geohazard point")
    FLOOD = "flood", _("river or mountain flood")


class Hazard(TextChoices):
    """What a threshold, a warning or a plan is about."""

    RAINSTORM = "rainstorm", _("rainstorm")
    FLASH_FLOOD = "flash_flood", _("mountain flood")
    GEOHAZARD = "geohazard", _("geological hazard")
    RIVER_FLOOD = "river_flood", _("river flood")
    RESERVOIR = "reservoir", _("reservoir danger")


class Colour(IntegerChoices):
    """The four legal levels of warning, rising (突发事件应对法 2024, article 63)."""

    BLUE = 1, _("blue")
    YELLOW = 2, _("yellow")
    ORANGE = 3, _("orange")
    RED = 4, _("red")


@dataclass(frozen=True)
class Answerable:
    """A person who must answer for a village, and who stands behind them.

    `ladder` holds the persons to turn to in order when this one stays silent: the deputy, the
    town leader, the county duty officer.
    """

    person_id: int
    duty: DutyKind
    division_code: str
    ladder: tuple["Rung", ...]


@dataclass(frozen=True)
class Rung:
    """One person on a ladder, by the duty that puts them there."""

    person_id: int
    duty: DutyKind


@dataclass(frozen=True)
class HouseholdAtRisk:
    """A household that must move, as relief sees it."""

    id: int
    division_code: str
    people: int


@dataclass(frozen=True)
class Bearing:
    """A division as pages and messages name it."""

    code: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class ShelterRoom:
    """A shelter and what it holds."""

    id: int
    division_code: str
    name: str
    capacity: int
    lon: float
    lat: float


@dataclass(frozen=True)
class ReservoirFigures:
    """A reservoir's hydraulic figures; the curve pairs level in m with storage in m³."""

    place_id: int
    name: str
    lon: float
    lat: float
    catchment_km2: float
    flood_limit_level_m: float
    spillway_crest_m: float
    spillway_width_m: float
    storage_curve: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class SectionFigures:
    """A river section's catchment and its channel as a trapezoid; `zero_m` is the gauge zero."""

    place_id: int
    name: str
    lon: float
    lat: float
    catchment_km2: float
    zero_m: float
    bed_width_m: float
    side_slope: float
    bed_slope: float
    roughness: float
