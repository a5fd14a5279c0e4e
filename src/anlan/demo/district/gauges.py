"""Two hundred stations, the villages they speak for, and the thresholds with their sources."""

from collections.abc import Iterable

import numpy as np

from anlan.demo.district.ground import Floats, lonlat
from anlan.demo.district.perils import flood_villages
from anlan.demo.district.rows import IN_FORCE, District, Row, Village
from anlan.demo.district.rulebook import FLOOD_SEASON, live_rules, make_drafts
from anlan.monitoring.data import Measure

RAIN_GAUGES = 120
SIGNALS = "气象灾害预警信号发布与传播办法（中国气象局令第16号，2007）"
DESIGN = "BB区防汛应急预案默认值，待率定"
BELOW_RESERVOIR = 3
BELOW_DESIGN = 2
"""Colours of a reservoir that count in the flood season alone: those under its design level."""
REPORTS_EVERY_MIN = 5
LOWEST_HILL_M = 500.0
"""Below it a flood comes from the river; rain warns only whom no river gauge speaks for."""
RIVER_REACH_KM = 2.5

RAIN_LIMITS = (
    ("rainstorm", SIGNALS, ((12, 1, 50.0), (6, 2, 50.0), (3, 3, 50.0), (3, 4, 100.0))),
    (
        "geohazard",
        DESIGN,
        ((24, 2, 50.0), (3, 3, 50.0), (24, 3, 100.0), (1, 4, 50.0), (3, 4, 80.0), (24, 4, 150.0)),
    ),
    (
        "flash_flood",
        DESIGN,
        (
            (1, 2, 24.0),
            (3, 2, 40.0),
            (6, 2, 56.0),
            (1, 3, 30.0),
            (3, 3, 50.0),
            (6, 3, 70.0),
            (1, 4, 45.0),
            (3, 4, 80.0),
            (6, 4, 110.0),
        ),
    ),
)


def make_gauges(district: District) -> None:
    """Add stations, their cover, and the rules in force and in draft with every threshold."""
    versions = live_rules(district)
    rain = _rain_gauges(district)
    levels = _level_gauges(district)
    _cover_levels(district, levels)
    _cover_rain(district, rain)
    for hazard, source, limits in RAIN_LIMITS:
        for hours, colour, value in limits:
            _threshold(district, None, hazard, "PN05", hours, colour, value, source)
    for row in district.rows["monitoring"]["Threshold"]:
        row["version_id"] = versions[row["hazard"]]
    make_drafts(district)


def _station(
    district: District,
    *,
    kind: str,
    village: Village,
    name: str,
    place: int | None,
    lon: float,
    lat: float,
) -> int:
    number = len(district.rows["monitoring"]["Station"]) + 1
    return district.add(
        "monitoring",
        "Station",
        address=f"00{61200000 + number:08d}",
        division_id=village.code,
        place_id=place,
        kind=kind,
        name=name,
        password="0000",  # noqa: S106  the factory setting of the stations
        lon=lon,
        lat=lat,
        interval_min=REPORTS_EVERY_MIN,
    )


def _rain_gauges(district: District) -> list[tuple[int, Village]]:
    """Put gauges one after the other where the farthest village is, denser in the mountains."""
    villages = district.villages
    points = np.array([[v.x, v.y] for v in villages])
    weight = np.where(np.array([v.elevation for v in villages]) > 560, 1.3, 1.0)
    chosen = [0]
    gap = np.hypot(*(points - points[0]).T) * weight
    while len(chosen) < RAIN_GAUGES:
        chosen.append(int(gap.argmax()))
        gap = np.minimum(gap, np.hypot(*(points - points[chosen[-1]]).T) * weight)
    found = []
    for row in sorted(chosen):
        village = villages[row]
        lon, lat = lonlat(village.x + 0.1, village.y)
        name = f"{village.name.removesuffix('村').removesuffix('社区')}雨量站"
        station = _station(
            district, kind="P", village=village, name=name, place=None, lon=lon, lat=lat
        )
        found.append((station, village))
    return found


def _level_gauges(district: District) -> list[tuple[int, Row, str]]:
    register = district.rows["registry"]
    places = {row["id"]: row for row in register["Place"]}
    by_code = {v.code: v for v in district.villages}
    found = []
    for kind, table in (("H", register["RiverSection"]), ("K", register["Reservoir"])):
        for detail in table:
            place = places[detail["place_id"]]
            suffix = "水文站" if kind == "H" else "水位站"
            station = _station(
                district,
                kind=kind,
                village=by_code[place["division_id"]],
                name=place["name"].removesuffix("断面") + suffix,
                place=place["id"],
                lon=place["lon"],
                lat=place["lat"],
            )
            _level_limits(district, station, kind=kind, detail=detail)
            found.append((station, place, kind))
    return found


def _level_limits(district: District, station: int, *, kind: str, detail: Row) -> None:
    if kind == "H":
        warning, guaranteed = detail["warning_level_m"], detail["guaranteed_level_m"]
        limits = (warning - 0.5, warning, guaranteed, guaranteed + 1.0)
        hazard, source = "river_flood", "水情预警发布管理办法（水利部，2013）；断面特征水位"
    else:
        limit, design = detail["flood_limit_level_m"], detail["design_level_m"]
        limits = (limit + 0.3, (limit + design) / 2, design, detail["check_level_m"])
        hazard, source = "reservoir", "水库特征水位；BB区防汛应急预案"
    for colour, value in enumerate(limits, start=1):
        _threshold(district, station, hazard, "Z", 0, colour, round(value, 2), source)
        if kind == "K" and colour <= BELOW_DESIGN:
            district.rows["monitoring"]["Threshold"][-1] |= FLOOD_SEASON


def _threshold(
    district: District,
    station: int | None,
    hazard: str,
    element: str,
    hours: int,
    colour: int,
    value: float,
    source: str,
) -> None:
    district.add(
        "monitoring",
        "Threshold",
        station_id=station,
        hazard=hazard,
        element=element,
        measure=Measure.SUM if hours else Measure.LAST,
        window_min=60 * hours,
        colour=colour,
        value=value,
        source=source,
        effective_from=IN_FORCE,
    )


def _cover(district: District, station: int, village: Village, hazard: str) -> None:
    district.add(
        "monitoring", "StationCover", station_id=station, division_id=village.code, hazard=hazard
    )


def _cover_rain(district: District, gauges: list[tuple[int, Village]]) -> None:
    spots = np.array([[v.x, v.y] for _station, v in gauges])
    households = district.rows["registry"]["Household"]
    slopes = {row["division_id"] for row in households if row["threat"] == "geohazard"}
    gauged = {
        row["division_id"]
        for row in district.rows["monitoring"]["StationCover"]
        if row["hazard"] == "river_flood"
    }
    banks = {
        v.code
        for v in flood_villages(district)
        if v.elevation > LOWEST_HILL_M or v.code not in gauged
    }
    for village in district.villages:
        station = gauges[_nearest(spots, village)][0]
        _cover(district, station, village, "rainstorm")
        if village.code in slopes:
            _cover(district, station, village, "geohazard")
        if village.code in banks:
            _cover(district, station, village, "flash_flood")


def _nearest(spots: Floats, village: Village) -> int:
    return int(np.hypot(spots[:, 0] - village.x, spots[:, 1] - village.y).argmin())


def _cover_levels(district: District, levels: Iterable[tuple[int, Row, str]]) -> None:
    distance = district.ground.river_distance_km
    sections = {row["place_id"]: row for row in district.rows["registry"]["RiverSection"]}
    spans: dict[int, list[tuple[float, int]]] = {}
    for station, place, kind in levels:
        if kind == "K":
            _cover_reservoir(district, station, place)
            continue
        river = sections[place["id"]]["river_id"]
        order = place["lon"] if river == 7 else place["lat"]
        spans.setdefault(river, []).append((order, station))
    for village in district.villages:
        lon, lat = lonlat(village.x, village.y)
        for river, gauged in spans.items():
            near, along = float(distance[village.number, river - 1]), lon if river == 7 else lat
            above = [station for order, station in sorted(gauged) if order <= along]
            if near < RIVER_REACH_KM and above:
                _cover(district, above[-1], village, "river_flood")


def _cover_reservoir(district: District, station: int, place: Row) -> None:
    home = next(v for v in district.villages if v.code == place["division_id"])
    below = sorted(
        (v for v in district.villages if v.elevation <= home.elevation),
        key=lambda v: (v.x - home.x) ** 2 + (v.y - home.y) ** 2,
    )
    for village in below[:BELOW_RESERVOIR]:
        _cover(district, station, village, "reservoir")
