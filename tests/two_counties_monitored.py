"""What the fields of monitoring's models do not say themselves, for tests/two_counties.py."""

from collections.abc import Callable
from typing import Any

from anlan.monitoring.elements import RAIN

RUN = "walked"
_UNKNOWN = {"peer": "10.0.0.1", "element": "PN05", "verdict": "unknown_station"}


def unknown_addresses(code: str) -> tuple[str, str]:
    """Return two addresses that nobody registered and that name the county of a place."""
    place = int(code[6:]) % 9_000
    return f"{code[:6]}{place:04d}", f"{code[:6]}{place + 1_000:04d}"


def versions(world: Any, code: str) -> list[dict[str, Any]]:
    """Return a tested draft of the first rule of a place, and the second one in force."""
    first, second = world.rows[code]["monitoring.Rule"]
    event = {"since": "2024-02-03T02:00:00+00:00", "until": "", "colour": 2, "stations": 1}
    tested = {
        "run": RUN,
        "turn": 0,
        "state": "done",
        "since": "2024-01-01",
        "until": "2024-06-30",
        "share": 100,
        "seconds": 1.0,
        "readings": 1,
        "stations": 1,
        "fired": [],
        "events": [{**event, "firings": 0, "mark": "open", "by_person": False}],
    }
    return [{"rule": first, "tested": tested}, {"rule": second, "state": "live"}]


MONITORED: dict[str, Callable[[Any, str], list[dict[str, Any]]]] = {
    "monitoring.Station": lambda world, code: [{"address": f"{int(code) % 10**10:010d}"}],
    "monitoring.Threshold": lambda world, code: [
        {"element": "PN05", "measure": "sum", "window_min": 60},
        {"element": "Z", "measure": "last", "window_min": 0, "version": None, "colour": 3},
        {"element": "Q", "measure": "last", "window_min": 0, "version": None, "colour": 4},
    ],
    "monitoring.SetAsideReading": lambda world, code: [
        {**_UNKNOWN, "address": address} for address in unknown_addresses(code)
    ],
    "monitoring.IgnoredAddress": lambda world, code: [
        {"address": unknown_addresses(code)[1], "reason": "walk"}
    ],
    "monitoring.Rule": lambda world, code: [{}, {"name": f"标{code}乙"}],
    "monitoring.RuleVersion": versions,
    "monitoring.CriticalRain": lambda world, code: [{"window_min": 60, "hazard": "flash_flood"}],
    "monitoring.SoilModel": lambda world, code: [{"kept_share": 0.84, "days": 15}],
    "monitoring.Exceedance": lambda world, code: [
        {
            "critical_rain": None,
            "village": None,
            "threshold": world.rows[code]["monitoring.Threshold"][2],
        }
    ],
    "monitoring.Reading": lambda world, code: [{"element": RAIN}],
    "monitoring.LatestReading": lambda world, code: [{"element": RAIN}],
}
