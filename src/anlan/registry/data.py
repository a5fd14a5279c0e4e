"""What crosses the registry's door: its words and plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class DivisionKind(TextChoices):
    """What a division is called by law."""

    PROVINCE = "province", _("province")
    CITY = "city", _("city")
    COUNTY = "county", _("county")
    TOWN = "town", _("town")
    SUBDISTRICT = "subdistrict", _("sub-district")
    VILLAGE = "village", _("village")
    COMMUNITY = "community", _("community")


class DivisionChangeKind(TextChoices):
    """How a division came to be another one."""

    RENAMED = "renamed", _("renamed")
    RECODED = "recoded", _("given another code")
    MERGED = "merged", _("merged into another")
    SPLIT = "split", _("split")


class Role(TextChoices):
    """What an account is for; what each may do stands in permissions.py."""

    ADMINISTRATOR = "administrator", _("county administrator")
    COMMANDER = "commander", _("commander")
    DUTY_OFFICER = "duty_officer", _("duty officer")
    CLERK = "clerk", _("office clerk")
    TOWN_OFFICER = "town_officer", _("town officer")
    VILLAGE_CADRE = "village_cadre", _("village cadre")
    KEEPER = "keeper", _("warehouse keeper")
    INSPECTOR = "inspector", _("inspector")
    AUDITOR = "auditor", _("auditor")
    READER = "reader", _("read-only leader")


class Office(TextChoices):
    """The desk whose records these are; a clerk may be limited to one."""

    GENERAL = "general", _("general office")
    FLOOD = "flood", _("flood and drought")
    GEOLOGY = "geology", _("geological hazards")
    FOREST = "forest", _("forest fire")
    EARTHQUAKE = "earthquake", _("earthquake")
    SAFETY = "safety", _("work safety")
    RELIEF = "relief", _("disaster relief")


class Permission(TextChoices):
    """What a role may do within its divisions."""

    READ_REGISTER = "read_register", _("read the register")
    READ_HOUSEHOLDS = "read_households", _("read households at risk")
    SHOW_PERSONAL = "show_personal", _("see personal numbers in full")
    EDIT_REGISTER = "edit_register", _("change the register")
    EDIT_HOUSEHOLDS = "edit_households", _("change households at risk")
    IMPORT_SHEETS = "import_sheets", _("take in spreadsheets")
    EXPORT_SHEETS = "export_sheets", _("give out spreadsheets")
    CHECK_TEAMS = "check_teams", _("check the readiness of teams")
    REDRAW_DIVISIONS = "redraw_divisions", _("rename, merge and split divisions")
    MANAGE_ACCOUNTS = "manage_accounts", _("open and close accounts")
    DELEGATE = "delegate", _("hand one's own authority to somebody for a time")
    MANAGE_TOKENS = "manage_tokens", _("let other programs in")
    READ_AUDIT = "read_audit", _("read the audit")
    RECORD_ANSWERS = "record_answers", _("record answers given by phone")
    ENTER_READINGS = "enter_readings", _("enter what was read by eye")
    KEEP_STATIONS = "keep_stations", _("keep stations, rules and the quality of readings")
    SEND_READINGS = "send_readings", _("send readings of stations")
    KEEP_SOURCES = "keep_sources", _("keep the sources of upper-level warnings")
    KEEP_CHANNELS = "keep_channels", _("keep providers of messages and loudspeakers")
    DRAFT_WARNINGS = "draft_warnings", _("draft warnings")
    ISSUE_WARNINGS = "issue_warnings", _("issue, update and cancel warnings")
    KEEP_WARNING_RULES = "keep_warning_rules", _("keep who issues warnings, and their words")


class OrganKind(TextChoices):
    """What an organ is."""

    GOVERNMENT = "government", _("government")
    HEADQUARTERS = "headquarters", _("headquarters")
    BUREAU = "bureau", _("bureau")
    TOWN_OFFICE = "town_office", _("town office")
    COMMITTEE = "committee", _("village or residents' committee")
    STATION = "station", _("station")
    ENTERPRISE = "enterprise", _("enterprise")
    SOCIAL = "social", _("social organization")
    OTHER = "other", _("other")


class PostKind(TextChoices):
    """What a post is for."""

    LEADER = "leader", _("leader")
    EMERGENCY_OFFICER = "emergency_officer", _("emergency officer")
    DUTY = "duty", _("duty watch")
    INFORMANT = "informant", _("disaster informant")
    KEEPER = "keeper", _("keeper")
    OTHER = "other", _("other")


class DutyKind(TextChoices):
    """What a person answers for."""

    COMMANDER = "commander", _("commander of the headquarters")
    COUNTY_DUTY = "county_duty", _("county duty officer")
    DUTY_LEADER = "duty_leader", _("county leader on duty")
    TOWN_GUARANTOR = "town_guarantor", _("county leader who answers for a town")
    TOWN_LEADER = "town_leader", _("town leader on duty")
    TOWN_OFFICER = "town_officer", _("town emergency officer")
    VILLAGE_GUARANTOR = "village_guarantor", _("town cadre who answers for a village")
    VILLAGE_LEADER = "village_leader", _("village person in charge")
    INFORMANT = "informant", _("disaster informant")
    POINT_MONITOR = "point_monitor", _("hazard point monitor")
    HOUSEHOLD_CARER = "household_carer", _("household carer")
    RESERVOIR_ADMINISTRATIVE = "reservoir_administrative", _("reservoir administrative person")
    RESERVOIR_TECHNICAL = "reservoir_technical", _("reservoir technical person")
    RESERVOIR_PATROL = "reservoir_patrol", _("reservoir patrol person")
    RIVER_CHIEF = "river_chief", _("river chief")
    FOREST_CHIEF = "forest_chief", _("forest chief")
    RANGER = "ranger", _("ranger")
    CHECKPOINT_GUARD = "checkpoint_guard", _("fire checkpoint guard")
    STATION_STAFF = "station_staff", _("ranger station staff")
    MACRO_OBSERVER = "macro_observer", _("macro-anomaly observer")
    SHELTER_KEEPER = "shelter_keeper", _("shelter keeper")
    WAREHOUSE_KEEPER = "warehouse_keeper", _("warehouse keeper")
    SAFETY_OFFICER = "safety_officer", _("safety person of a unit")
    FACILITY_KEEPER = "facility_keeper", _("facility keeper")


class PlaceKind(TextChoices):
    """What stands at a place."""

    RESERVOIR = "reservoir", _("reservoir")
    RIVER_SECTION = "river_section", _("river section")
    HAZARD_POINT = "hazard_point", _("geohazard point")
    SHELTER = "shelter", _("shelter")
    RANGER_STATION = "ranger_station", _("ranger station")
    MACRO_STATION = "macro_station", _("macro-observation station")
    STORE = "store", _("store")
    FOREST_COMPARTMENT = "forest_compartment", _("forest compartment")
    FIRE_CHECKPOINT = "fire_checkpoint", _("fire checkpoint")
    SCHOOL = "school", _("school")
    HOSPITAL = "hospital", _("hospital")
    ENTERPRISE = "enterprise", _("enterprise")
    INFRASTRUCTURE = "infrastructure", _("infrastructure")


class Located(TextChoices):
    """How well the position of a place is known."""

    MEASURED = "measured", _("measured")
    CENTRE = "centre", _("centre of its division")


class HazardPointKind(TextChoices):
    """How the slope may fail."""

    LANDSLIDE = "landslide", _("landslide")
    COLLAPSE = "collapse", _("collapse")
    DEBRIS_FLOW = "debris_flow", _("debris flow")


class StationOwnership(TextChoices):
    """Whose forest it is."""

    STATE = "state", _("state-owned")
    COLLECTIVE = "collective", _("collective")


class TeamKind(TextChoices):
    """How a team is raised."""

    FIRE_PROFESSIONAL = "fire_professional", _("professional forest fire team")
    FIRE_VOLUNTEER = "fire_volunteer", _("volunteer forest fire team")
    COMPREHENSIVE = "comprehensive", _("comprehensive rescue team")
    FLOOD = "flood", _("flood rescue team")
    MEDICAL = "medical", _("medical rescue team")
    REPAIR = "repair", _("repair team")
    MILITIA = "militia", _("core militia")
    SOCIAL = "social", _("social rescue team")


class Readiness(TextChoices):
    """Whether a team can be sent."""

    READY = "ready", _("ready")
    LIMITED = "limited", _("ready with limits")
    OFF = "off", _("not ready")


class ShelterKind(TextChoices):
    """For how long a shelter takes people in (GB/T 44013-2024)."""

    EMERGENCY = "emergency", _("emergency, up to 1 day")
    SHORT = "short", _("short, 2 to 14 days")
    LONG = "long", _("long, 15 days and more")


class SchoolKind(TextChoices):
    """What a school teaches."""

    NURSERY = "nursery", _("kindergarten")
    PRIMARY = "primary", _("primary school")
    MIDDLE = "middle", _("middle school")
    HIGH = "high", _("high school")
    VOCATIONAL = "vocational", _("vocational school")
    OTHER = "other", _("other")


class InfrastructureKind(TextChoices):
    """What a facility carries."""

    GAS_PIPELINE = "gas_pipeline", _("oil or gas pipeline")
    WATER = "water", _("water supply or drainage")
    POWER = "power", _("power")
    ROAD = "road", _("road")
    BRIDGE = "bridge", _("bridge")
    TELECOM = "telecom", _("communication")


class Condition(TextChoices):
    """In what state a facility is."""

    GOOD = "good", _("good")
    FAIR = "fair", _("fair")
    POOR = "poor", _("poor")
    DANGEROUS = "dangerous", _("dangerous")


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
    FOREST_FIRE = "forest_fire", _("forest fire")
    EARTHQUAKE = "earthquake", _("earthquake")


class ImportMode(TextChoices):
    """What happens to a spreadsheet with bad rows."""

    ALL = "all", _("all rows or none")
    GOOD_ROWS = "good_rows", _("the good rows only")


class ImportState(TextChoices):
    """How far a spreadsheet has come."""

    READING = "reading", _("being looked through")
    PLANNED = "planned", _("waits for your word")
    WRITING = "writing", _("being written")
    DONE = "done", _("taken in")
    REFUSED = "refused", _("refused")
    UNDONE = "undone", _("taken back")


class LimitName(TextChoices):
    """A number by which the register is judged; the defaults stand in checks/limits.py."""

    OBJECTS_PER_PERSON = "objects_per_person", _("most objects of one duty a person")
    PHONE_CHECK_DAYS = "phone_check_days", _("days between two checks of a phone")
    FLOOD_SEASON_FROM = "flood_season_from", _("first day of the flood season, month and day")
    FLOOD_SEASON_UNTIL = "flood_season_until", _("last day of the flood season, month and day")
    TEAM_MEMBERS = "team_members", _("fewest members of a team")


class Colour(IntegerChoices):
    """The four legal levels of warning, rising (突发事件应对法 2024, article 63)."""

    BLUE = 1, _("blue")
    YELLOW = 2, _("yellow")
    ORANGE = 3, _("orange")
    RED = 4, _("red")


@dataclass(frozen=True)
class Answerable:
    """A person who must answer for a division or a place, and who stands behind them.

    `ladder` holds the persons to turn to in order when this one stays silent: the deputy, the
    town leader, the county duty officer. `place_id` is that of the duty, when it names a place.
    """

    person_id: int
    duty: DutyKind
    division_code: str
    ladder: tuple["Rung", ...]
    place_id: int | None = None


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


class DeputyCycle(ValueError):
    """Persons who are each other's deputies in a circle: none of them has anybody behind."""

    def __init__(self, person_ids: Sequence[int], *, names: Mapping[int, str]) -> None:
        self.person_ids = tuple(person_ids)
        circle = [names.get(key, f"#{key}") for key in (*person_ids, *person_ids[:1])]
        text = _("The deputies run in a circle: %(people)s. Give one of them another deputy.")
        super().__init__(str(text) % {"people": " → ".join(circle)})


class PlaceOutOfSight(LookupError):
    """No division and no place in sight carries this code or number."""


class RedrawingRefused(ValueError):
    """Divisions that may not be redrawn this way; its text says why and what to do."""
