"""Seven rivers with their gauged sections, and 59 reservoirs."""

import math

import numpy as np

from anlan.demo.district.ground import Floats, floor_m, lonlat
from anlan.demo.district.rows import COUNTY, District, Village
from anlan.registry.data import DutyKind

RIVER_NAMES = ("赤岩河", "清漪河", "寒溪河", "青竹河", "石鼓河", "松涧河")
MAIN_NAME = "澜川江"
CATCHMENT_SHARES = (0.3, 0.6, 0.9)
WARNING_FLOW, GUARANTEED_FLOW = 4.0, 8.5
"""m³/s per km² to the power 0.75: floods of about five and twenty years by regional practice."""
ROUGHNESS = 0.035

LARGE_M3 = (
    23_500_000,
    12_800_000,
    6_200_000,
    4_100_000,
    3_300_000,
    2_700_000,
    2_200_000,
    1_800_000,
    1_500_000,
    1_250_000,
    1_050_000,
)
RESERVOIRS = 59
RUNOFF_DEPTH_M = 0.3  # a reservoir's capacity over its catchment
DESIGN_FLOOD = 8.0  # m³/s per km² to the power 0.8
WEIR = 1.7


def make_rivers(district: District) -> None:
    """Add six tributaries flowing north, the main river, and three sections on each."""
    ground = district.ground
    for number, (name, course) in enumerate(zip(RIVER_NAMES, ground.courses, strict=False)):
        basin = float(ground.area_km2[ground.tributary == number].sum())
        _river(district, name, course=course, basin=basin)
    _river(district, MAIN_NAME, course=ground.courses[-1], basin=float(ground.area_km2.sum()))


def _river(
    district: District,
    name: str,
    *,
    course: Floats,
    basin: float,
) -> None:
    number = len(district.rows["registry"]["River"]) + 1
    river = district.add(
        "registry",
        "River",
        division_id=COUNTY,
        code=f"BBR{number:02d}",
        name=name,
        basin_km2=round(basin, 1),
        length_km=round(float(np.hypot(*np.diff(course, axis=0).T).sum()), 1),
        course=[list(lonlat(x, y)) for x, y in course.tolist()],
    )
    for share in CATCHMENT_SHARES:
        x, y = course[round(share * (len(course) - 1))].tolist()
        _section(district, river=river, name=name, share=share, at=(x, y), basin=basin)


def _section(
    district: District,
    *,
    river: int,
    name: str,
    share: float,
    at: tuple[float, float],
    basin: float,
) -> None:
    village = nearest_village(district, at)
    label = {0.3: "上游", 0.6: "中游", 0.9: "下游"}[share]
    lon, lat = lonlat(*at)
    place = district.place(
        "river_section", division=village.code, name=f"{name}{label}断面", lon=lon, lat=lat
    )
    area = basin * share
    flow = GUARANTEED_FLOW * area**0.75
    width, slope = round(1.6 * math.sqrt(flow), 1), 0.004 if basin < 1000 else 0.0012
    zero = round(float(floor_m(np.array(at[0]), y=np.array(at[1]))) - 6.0, 2)
    district.rows["registry"]["RiverSection"].append(
        {
            "place_id": place,
            "river_id": river,
            "catchment_km2": round(area, 1),
            "zero_m": zero,
            "warning_level_m": round(zero + _depth(WARNING_FLOW * area**0.75, width, slope), 2),
            "guaranteed_level_m": round(zero + _depth(flow, width, slope), 2),
            "bed_width_m": width,
            "side_slope": 1.5,
            "bed_slope": slope,
            "roughness": ROUGHNESS,
        }
    )
    district.duty(
        DutyKind.RIVER_CHIEF, person_id=village.leader_id, division=village.code, place_id=place
    )


def _depth(flow: float, width: float, slope: float) -> float:
    """Return Manning's normal depth in m of a trapezoid with side slope 1.5, by bisection."""
    low, high = 0.0, 60.0
    for _step in range(60):
        depth = (low + high) / 2
        area = depth * (width + 1.5 * depth)
        wetted = width + 2 * depth * math.sqrt(1 + 1.5**2)
        carried = area * (area / wetted) ** (2 / 3) * math.sqrt(slope) / ROUGHNESS
        low, high = (depth, high) if carried < flow else (low, depth)
    return low


def nearest_village(district: District, at: tuple[float, float]) -> Village:
    """Return the village nearest to a point in local km."""
    return min(district.villages, key=lambda v: (v.x - at[0]) ** 2 + (v.y - at[1]) ** 2)


def make_reservoirs(district: District) -> None:
    """Add 59 reservoirs in the hills and mountains, eleven of a million cubic metres or more."""
    chance = district.chance
    high = [v for v in district.villages if v.elevation > 560.0]
    sizes = [*LARGE_M3] + [
        round(100_000 * 9.0 ** chance.random()) for _n in range(RESERVOIRS - len(LARGE_M3))
    ]
    for capacity, village in zip(sizes, chance.sample(high, RESERVOIRS), strict=True):
        _reservoir(district, village, capacity=capacity)


def _reservoir(district: District, village: Village, *, capacity: int) -> None:
    chance = district.chance
    lon, lat = lonlat(village.x + chance.uniform(-0.8, 0.8), village.y + chance.uniform(-0.8, 0.8))
    name = f"{village.name.removesuffix('村').removesuffix('社区')}水库"
    place = district.place("reservoir", division=village.code, name=name, lon=lon, lat=lat)
    height = 9.0 + 6.5 * math.log10(capacity / 50_000)
    bed = round(village.elevation - height / 2, 1)
    catchment = round(capacity / (RUNOFF_DEPTH_M * 1e6), 2)
    limit, design, check = (round(bed + height * share, 2) for share in (0.80, 0.91, 1.0))
    flood = DESIGN_FLOOD * catchment**0.8
    district.rows["registry"]["Reservoir"].append(
        {
            "place_id": place,
            "capacity_m3": capacity,
            "catchment_km2": catchment,
            "flood_limit_level_m": limit,
            "design_level_m": design,
            "check_level_m": check,
            "dam_top_m": round(check + 1.2, 2),
            "spillway_crest_m": limit,
            "spillway_width_m": round(max(2.0, flood / (WEIR * (design - limit) ** 1.5)), 1),
            "storage_curve": [
                [round(bed + height * step / 9, 3), round(capacity * (step / 9) ** 2.3, 1)]
                for step in range(10)
            ],
        }
    )
    for kind, person in (
        (DutyKind.RESERVOIR_ADMINISTRATIVE, village.leader_id),
        (DutyKind.RESERVOIR_TECHNICAL, village.cadre_ids[0]),
        (
            DutyKind.RESERVOIR_PATROL,
            district.person(village.code, organization_id=village.organization_id),
        ),
    ):
        district.duty(kind, person_id=person, division=village.code, place_id=place)
