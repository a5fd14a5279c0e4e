"""The rules of the district: five in force, drafts to try the back-test on, and critical rain.

What is in force warns just as plain limits of the stations would; the critical rain of the villages
by the rivers lies a little above the limits of their gauges on wet soil, and higher on dry.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_OID, uuid5

from anlan.demo.district.perils import flood_villages
from anlan.demo.district.rows import COUNTY, IN_FORCE, District
from anlan.monitoring.data import Measure, RuleState

FLOOD_SEASON = {"season_from": "06-01", "season_until": "09-30"}
MADE_BY = "program:district"
LIVE_FROM = datetime(IN_FORCE.year, IN_FORCE.month, IN_FORCE.day, tzinfo=UTC)
DESIGN = "BB区防汛应急预案默认值，待率定"
SURVEY = "BB区山洪灾害分析评价（示例值，待率定）"

LIVE = (
    ("rainstorm", "暴雨预警信号", "气象灾害预警信号发布与传播办法（中国气象局令第16号，2007）"),
    ("geohazard", "地质灾害气象风险雨量", DESIGN),
    ("flash_flood", "山洪雨量", DESIGN),
    ("river_flood", "河道水位", "水情预警发布管理办法（水利部，2013）；断面特征水位"),
    ("reservoir", "水库汛限与特征水位", "水库特征水位；BB区防汛应急预案"),
)
# Measure, element, window in min, colour, value, letter.
Row = tuple[Measure, str, int, int, float, str]
DRAFTS: tuple[tuple[str, str, Mapping[str, int], Sequence[Row]], ...] = (
    (
        "flash_flood",
        "短历时强降雨（两站同时）",
        {"stations_needed": 2},
        ((Measure.SUM, "PN05", 30, 3, 25.0, ""), (Measure.SUM, "PN05", 30, 4, 40.0, "")),
    ),
    (
        "geohazard",
        "前期有效雨量加短历时雨量",
        {"for_min": 10},
        (
            (Measure.ANTECEDENT, "PN05", 0, 3, 100.0, "a"),
            (Measure.SUM, "PN05", 180, 3, 40.0, "a"),
            (Measure.ANTECEDENT, "PN05", 0, 4, 150.0, "b"),
            (Measure.SUM, "PN05", 180, 4, 60.0, "b"),
        ),
    ),
    (
        "river_flood",
        "河道水位涨率",
        {"for_min": 15},
        ((Measure.RISE, "Z", 60, 2, 1.0, ""), (Measure.RISE, "Z", 60, 3, 2.0, "")),
    ),
    (
        "forest_fire",
        "森林火险天气等级（LY/T 1172）",
        {},
        (
            (Measure.LAST, "HTZ", 0, 2, 51.0, ""),
            (Measure.LAST, "HTZ", 0, 3, 73.0, ""),
            (Measure.LAST, "HTZ", 0, 4, 91.0, ""),
        ),
    ),
)
# Window in min, rain in mm on wet soil to prepare and to move; drier soil takes more.
CRITICAL = ((60, 32.0, 48.0), (180, 53.0, 84.0), (360, 74.0, 116.0))
NORMAL, DRY = 1.2, 1.4


def live_rules(district: District) -> dict[str, int]:
    """Add a rule in force for each hazard that stations are judged by; return their versions."""
    return {
        hazard: _version(district, hazard, name, source=source, state=RuleState.LIVE)
        for hazard, name, source in LIVE
    }


def make_drafts(district: District) -> None:
    """Add drafts that judge nothing yet, and the critical rain of the villages by the rivers."""
    for hazard, name, judged, rows in DRAFTS:
        version = _version(district, hazard, name, source=DESIGN, state=RuleState.DRAFT, **judged)
        for measure, element, window_min, colour, value, together in rows:
            district.add(
                "monitoring",
                "Threshold",
                version_id=version,
                station_id=None,
                hazard=hazard,
                measure=measure,
                element=element,
                window_min=window_min,
                colour=colour,
                value=value,
                together=together,
                source=DESIGN,
                effective_from=IN_FORCE,
            )
    for village in flood_villages(district):
        for window_min, prepare, move in CRITICAL:
            district.add(
                "monitoring",
                "CriticalRain",
                division_id=village.code,
                hazard="flash_flood",
                window_min=window_min,
                prepare_dry_mm=round(DRY * prepare, 1),
                prepare_normal_mm=round(NORMAL * prepare, 1),
                prepare_wet_mm=prepare,
                move_dry_mm=round(DRY * move, 1),
                move_normal_mm=round(NORMAL * move, 1),
                move_wet_mm=move,
                soil_mm=100,
                source=SURVEY,
                effective_from=IN_FORCE,
            )
    district.add(
        "monitoring",
        "SoilModel",
        division_id=COUNTY,
        kept_share=0.84,
        days=15,
        source="常用值（0.80–0.84，7–15天），待率定",
    )


def _version(
    district: District, hazard: str, name: str, *, source: str, state: RuleState, **judged: int
) -> int:
    rule = district.add(
        "monitoring",
        "Rule",
        uuid=uuid5(NAMESPACE_OID, f"{district.seed}:rule:{name}"),
        division_id=COUNTY,
        name=name,
        hazard=hazard,
    )
    is_live = state is RuleState.LIVE
    return district.add(
        "monitoring",
        "RuleVersion",
        rule_id=rule,
        number=1,
        state=state,
        source=source,
        untested_because="建库时的默认值，尚无历史数据" if is_live else "",
        made_by=MADE_BY,
        made_at=LIVE_FROM,
        live_from=LIVE_FROM if is_live else None,
        **judged,
    )
