"""What the leak test knows of stations: whom their pages are about and what their forms send."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from anlan.kernel import clock, scope
from anlan.kernel.codes import Level, ancestor_of
from anlan.monitoring.models import Station
from anlan.monitoring.queries.keeping import facts_of
from anlan.registry.data import Permission
from tests.leak_patterns import Body
from tests.two_counties import TwoCounties
from tests.two_counties_monitored import unknown_addresses

STATION = ("monitoring.Station", "pk")
ABOUT: Mapping[str, tuple[str, str]] = {
    "station": STATION,
    "station_series": STATION,
    "station_readings": STATION,
    "station_overrule": STATION,
    "station_ask": STATION,
    "station_edit": STATION,
    "station_thresholds": STATION,
    "threshold_remove": STATION,
    "station_villages": STATION,
    "station_picture": ("monitoring.Picture", "pk"),
}
WRITES: Mapping[str, str] = dict.fromkeys(
    (
        *("station_new", "station_edit", "station_ask", "station_overrule"),
        *("station_thresholds", "threshold_remove", "station_villages"),
        *("adopt_station", "ignore_address", "heed_address"),
    ),
    Permission.KEEP_STATIONS,
)
PLAIN = {"kind": "P", "lon": "107.02", "lat": "33.02", "interval_min": "30"}
WHOLE = {**PLAIN, "password": "0000", "rain_from": "PN05", "is_active": "on"}


def of_station(world: TwoCounties, _visitor: Any, case: Any) -> list[Body]:
    """Return what a form about a station or an unknown address sends."""
    forms = FORMS[case.name](world, case.code, case.path)
    return [Body(form, query=about_of(case.name, case.code)) for form in forms]


def about_of(name: str, code: str) -> dict[str, str] | None:
    """Return what the address of a form says beside its path."""
    if name == "station_villages":
        return {"town": ancestor_of(code, level=Level.TOWN)}
    if name in ("adopt_station", "ignore_address", "heed_address"):
        heard, ignored = unknown_addresses(code)
        return {"address": ignored if name == "heed_address" else heard, "protocol": "sl651"}
    return None


def _new(world: TwoCounties, code: str, path: str) -> list[dict[str, Any]]:
    fixed = {"protocol": "mqtt", "address": f"N{code}", "division": code}
    return [{**WHOLE, **fixed, "name": "walk"}]


def _changed(world: TwoCounties, code: str, path: str) -> list[dict[str, Any]]:
    found = re.search(r"/(\d+)/", path)
    assert found
    with scope.everywhere("the leak test reads what it changes"):
        row = Station.objects.get(pk=int(found[1]))
    seen = facts_of(row).seen
    fixed = {"protocol": "mqtt", "address": row.address, "division": row.division_id}
    return [{**WHOLE, **fixed, "name": "walk", "seen": seen}]


def _overruled(world: TwoCounties, code: str, path: str) -> list[dict[str, Any]]:
    key = int(clock.now().timestamp()) * 1_000_000
    return [{"element": "PN05", "reading": str(key), "quality": "21", "reason": "walk"}]


def _limit(world: TwoCounties, code: str, path: str) -> list[dict[str, Any]]:
    measured = {"measure": "sum", "element": "PN05", "window_min": "60", "value": "12"}
    return [
        {
            **measured,
            "hazard": "flash_flood",
            "colour": "4",
            "source": "walk",
            "effective_from": "2024-07-01",
        }
    ]


def _removed(world: TwoCounties, code: str, path: str) -> list[dict[str, Any]]:
    return [{"threshold": str(row.pk)} for row in world.rows[code]["monitoring.Threshold"]]


FORMS: Mapping[str, Callable[[TwoCounties, str, str], list[dict[str, Any]]]] = {
    "station_new": _new,
    "station_edit": _changed,
    "station_ask": lambda world, code, path: [{"what": "clock"}],
    "station_overrule": _overruled,
    "station_thresholds": _limit,
    "threshold_remove": _removed,
    "station_villages": lambda world, code, path: [{}, {f"{code}-earthquake": "1"}],
    "adopt_station": lambda world, code, path: [{**PLAIN, "name": "walk", "division": code}],
    "ignore_address": lambda world, code, path: [{"reason": "walk"}],
    "heed_address": lambda world, code, path: [{}],
}
