"""The district built: made from its seed and written through each room's door."""

from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from django.db import transaction

from anlan.demo.district.divisions import make_divisions
from anlan.demo.district.forest import make_forest
from anlan.demo.district.gauges import make_gauges
from anlan.demo.district.officials import make_officials
from anlan.demo.district.perils import make_perils
from anlan.demo.district.plan import make_plan
from anlan.demo.district.roads import make_roads
from anlan.demo.district.rows import District, Row
from anlan.demo.district.stores import make_stores
from anlan.demo.district.waters import make_reservoirs, make_rivers
from anlan.kernel.actors import the_program
from anlan.kernel.encryption import index_of
from anlan.monitoring import api as monitoring
from anlan.plans import api as plans
from anlan.registry import api as registry
from anlan.supplies import api as supplies
from anlan.warning import api as warning

DEFAULT_SEED = 20120804

# Each table after those that it refers to.
TABLES = {
    "registry": (
        "Division Organization Person Post PostHolding Place Reservoir River RiverSection "
        "HazardPoint Shelter RangerStation MacroStation ForestStand Team TeamMember Household "
        "Duty RoadNode RoadLink"
    ),
    "monitoring": "Station StationCover Rule RuleVersion Threshold CriticalRain SoilModel",
    "supplies": "StockItem StockLocation StockMove StockBalance",
    "plans": "Plan LevelTrigger TaskTemplate",
    "warning": "AnswerLimit",
}

RECORDS = frozenset(TABLES["registry"].split()) - {
    "Division",
    "Reservoir",
    "RiverSection",
    "HazardPoint",
    "Shelter",
    "RangerStation",
    "MacroStation",
    "RoadNode",
    "RoadLink",
}


def make_district(*, seed: int = DEFAULT_SEED, now: datetime) -> District:
    """Return every row of the district; the same seed gives the same rows."""
    district = District(seed)
    make_divisions(district)
    make_officials(district)
    make_rivers(district)
    make_reservoirs(district)
    make_perils(district, road_km=make_roads(district))
    make_forest(district)
    make_stores(district, at=now)
    make_gauges(district)
    make_plan(district)
    _identify(district)
    return district


def _identify(district: District) -> None:
    """Give every record of the register the uuid and the indexes that it has in real life."""
    for model, rows in district.rows["registry"].items():
        for number, row in enumerate(rows):
            if model in RECORDS:
                row.setdefault("uuid", uuid5(NAMESPACE_OID, f"{district.seed}:{model}:{number}"))
            if "phone" in row:
                row["phone_index"] = index_of(row["phone"])


@transaction.atomic
def build_district(*, seed: int = DEFAULT_SEED, now: datetime) -> dict[str, int]:
    """Write the district into an empty database and return how many rows by model."""
    district = make_district(seed=seed, now=now)
    counts: dict[str, int] = {}
    for room, restore in (
        ("registry", registry.restore_snapshot),
        ("monitoring", monitoring.restore_snapshot),
        ("supplies", supplies.restore_snapshot),
        ("plans", plans.restore_snapshot),
        ("warning", warning.restore_snapshot),
    ):
        counts |= restore(_tables(district, room), by=the_program("demo"), now=now)
    return counts


def _tables(district: District, room: str) -> dict[str, list[Row]]:
    made = district.rows[room]
    wanted = TABLES[room].split()
    if left_out := set(made) - set(wanted):
        raise ValueError(f"no order is given for {sorted(left_out)}")
    return {name: made[name] for name in wanted}
