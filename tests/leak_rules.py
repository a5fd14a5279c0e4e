"""What the leak test knows of rules: whom their pages are about and what their forms send."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from anlan.kernel import clock
from anlan.registry.data import Permission
from tests.leak_patterns import Body
from tests.rooms.registry.test_sheets import workbook
from tests.two_counties import TwoCounties
from tests.two_counties_monitored import RUN

RULE, VERSION = ("monitoring.Rule", "uuid"), ("monitoring.RuleVersion", "pk")
ABOUT: Mapping[str, tuple[str, str]] = {
    "rule": RULE,
    "rule_copy": RULE,
    "rule_retire": RULE,
    **dict.fromkeys(
        ("rule_version", "rule_edit", "rule_test", "rule_mark", "rule_put", "rule_drop"), VERSION
    ),
    "critical_rain_drop": ("monitoring.CriticalRain", "pk"),
}
WRITES: Mapping[str, str] = dict.fromkeys(
    (
        *("rule_new", "rule_season", "rule_copy", "rule_retire", "rule_edit", "rule_test"),
        *("rule_mark", "rule_put", "rule_drop", "soil_model"),
        *("critical_rain_keep", "critical_rain_drop", "critical_rain_sheet"),
    ),
    Permission.KEEP_STATIONS,
)
HEADINGS = (
    *("行政村", "时段", "准备转移干", "准备转移一般", "准备转移湿"),
    *("立即转移干", "立即转移一般", "立即转移湿", "依据", "启用日期"),
)
AMOUNTS = (40, 35, 30, 50, 45, 40)


def of_rule(world: TwoCounties, _visitor: Any, case: Any) -> list[Body]:
    """Return what a form about a rule or a critical rain sends for a place."""
    return [Body(form) for form in FORMS[case.name](world, case.code)]


def _written(world: TwoCounties, code: str) -> list[dict[str, Any]]:
    """Return a rule of a place on a station of it, as it is written or changed."""
    station = world.one("monitoring.Station", code)
    row = {"colour-1": "4", "measure-1": "sum", "element-1": "PN05", "window_min-1": "60"}
    judged = {"for_min": "0", "stations_needed": "1", "clear_after_min": "60"}
    return [
        {
            **row,
            **judged,
            "rows": "1",
            "value-1": "44",
            "station-1": f"{station.name} {station.address}",
            "name": "walk",
            "hazard": "flash_flood",
            "division": code,
            "source": "walk",
            "falls_to": "0.9",
            "falls_by": "0.1",
            "seen": clock.now().isoformat(),
        }
    ]


def _village(world: TwoCounties, code: str) -> list[dict[str, Any]]:
    names = [f"{stage}_{soil}_mm" for stage in ("prepare", "move") for soil in SOILS]
    amounts = dict(zip(names, map(str, AMOUNTS), strict=True))
    said = {"village": code, "window_min": "180", "source": "walk", "effective_from": "2024-07-01"}
    return [{**amounts, **said}]


def _sheet(world: TwoCounties, code: str) -> list[dict[str, Any]]:
    file = BytesIO(workbook(HEADINGS, (code, 360, *AMOUNTS, "walk", "2024-07-01")))
    file.name = "rain.xlsx"
    return [{"file": file}]


SOILS = ("dry", "normal", "wet")
FORMS: Mapping[str, Callable[[TwoCounties, str], list[dict[str, Any]]]] = {
    "rule_new": _written,
    "rule_edit": _written,
    "rule_season": lambda world, code: [{"division": code, "name": "walk"}],
    "rule_copy": lambda world, code: [{}],
    "rule_retire": lambda world, code: [{"reason": "walk"}],
    "rule_test": lambda world, code: [{"since": "2024-01-01", "until": "2024-06-30"}],
    "rule_mark": lambda world, code: [{"run": RUN, "event": "0", "mark": "false"}],
    "rule_put": lambda world, code: [{"seen": clock.now().isoformat(), "reason": "walk"}],
    "rule_drop": lambda world, code: [{}],
    "critical_rain_keep": _village,
    "critical_rain_drop": lambda world, code: [{}],
    "critical_rain_sheet": _sheet,
    "soil_model": lambda world, code: [
        {"division": f"{code[:6]}000000", "kept_share": "0.8", "days": "9", "source": "walk"}
    ],
}
