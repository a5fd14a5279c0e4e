"""The made district before any database: exact sums, a believable ground, nobody left out."""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache

import numpy as np
import pytest
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from anlan.demo.build import make_district
from anlan.demo.district.ground import ORIGIN, elevation_m
from anlan.demo.district.rows import COUNTY, District, Row
from anlan.kernel.codes import check_code, parent_of
from anlan.science.channel import discharge_m3s
from anlan.science.geo import haversine_km, to_local_km

NOW = datetime(2026, 8, 2, 13, tzinfo=UTC)
SEED = 20120804
OTHER_SEED = 7
TERRAINS = ("plain_km2", "hill_km2", "mountain_km2")
NEAR_DEGREES = 2e-4  # positions are rounded to about ten metres


@cache
def district(seed: int = SEED) -> District:
    """Return the district of a seed, made once for all tests that only look at it."""
    return make_district(seed=seed, now=NOW)


def rows(model: str, *, room: str = "registry", seed: int = SEED) -> list[Row]:
    """Return the rows of a model."""
    return district(seed).rows[room][model]


def by_key(model: str, *, key: str = "id") -> dict[object, Row]:
    """Return the rows of a model by a column."""
    return {row[key]: row for row in rows(model)}


def villages(seed: int = SEED) -> list[Row]:
    """Return the rows of villages and communities."""
    return [row for row in rows("Division", seed=seed) if row["kind"] in {"village", "community"}]


def main_terrain(village: Row) -> str:
    """Return the terrain of most of a village."""
    return max(TERRAINS, key=lambda name: Decimal(village[name]))


@pytest.mark.parametrize("seed", [SEED, OTHER_SEED])
def test_the_essays_sums_hold_for_any_seed(seed: int) -> None:
    found = villages(seed)
    kinds = Counter(row["kind"] for row in rows("Division", seed=seed))
    assert kinds == {
        "county": 1,
        "town": 20,
        "subdistrict": 2,
        "village": 286,
        "community": 27,
    }
    assert sum(row["population"] for row in found) == 576_000
    assert [sum(Decimal(row[name]) for row in found) for name in TERRAINS] == [335, 637, 1846]
    points, reservoirs = rows("HazardPoint", seed=seed), rows("Reservoir", seed=seed)
    assert len(points) == 103
    assert len(reservoirs) == 59
    assert sum(row["capacity_m3"] >= 1_000_000 for row in reservoirs) == 11
    assert sum(row["basin_km2"] > 100 for row in rows("River", seed=seed)) == 7


def test_one_seed_gives_the_same_rows_and_another_does_not() -> None:
    again = make_district(seed=SEED, now=NOW)
    assert {room: dict(tables) for room, tables in again.rows.items()} == {
        room: dict(tables) for room, tables in district().rows.items()
    }
    assert rows("Household") != rows("Household", seed=OTHER_SEED)


def test_codes_stand_under_the_fictitious_county() -> None:
    for row in rows("Division"):
        check_code(row["code"])
        assert row["code"].startswith("990701")
        assert row["parent_id"] == (None if row["code"] == COUNTY else parent_of(row["code"]))
    towns = {row["code"] for row in rows("Division") if row["kind"] == "town"}
    assert towns == {f"990701{number}000" for number in range(100, 120)}
    assert all((int(row["code"][9:]) >= 200) == (row["kind"] == "village") for row in villages())


def test_names_of_divisions_and_phones_are_nobody_elses() -> None:
    names = [row["name"] for row in rows("Division")]
    phones = [row["phone"] for row in (*rows("Person"), *rows("Household"))]
    assert len(set(names)) == len(names)
    assert len(set(phones)) == len(phones)
    assert all(len(phone) == 11 and phone.startswith("1990000") for phone in phones)


def test_households_have_a_believable_size() -> None:
    sizes = [row["population"] / row["households"] for row in villages()]
    assert min(sizes) > 2.6
    assert max(sizes) < 3.4


def test_villages_fill_the_county_and_towns_are_whole() -> None:
    shapes = {row["code"]: _shape_km(row["boundary"]) for row in rows("Division")}
    county = shapes[COUNTY]
    assert county.area == pytest.approx(2818, rel=1e-3)
    assert all(shape.is_valid for shape in shapes.values())
    assert all(
        shape.geom_type == "Polygon" for code, shape in shapes.items() if code.endswith("000")
    )
    cells = [shapes[row["code"]] for row in villages()]
    assert shapely.union_all(cells).area == pytest.approx(sum(c.area for c in cells), rel=1e-3)
    for row, cell in zip(villages(), cells, strict=True):
        recorded = sum(float(row[name]) for name in TERRAINS)
        assert recorded == pytest.approx(cell.area, rel=0.02)


def test_the_ground_rises_from_plain_to_mountain_and_people_live_low() -> None:
    heights: dict[str, list[float]] = defaultdict(list)
    people: dict[str, int] = defaultdict(int)
    area: dict[str, float] = defaultdict(float)
    for row in villages():
        kind = main_terrain(row)
        heights[kind].append(row["elevation_m"])
        people[kind] += row["population"]
        area[kind] += sum(float(row[name]) for name in TERRAINS)
    assert max(heights["plain_km2"]) < min(heights["hill_km2"])
    assert max(heights["hill_km2"]) < min(heights["mountain_km2"])
    density = [people[kind] / area[kind] for kind in TERRAINS]
    assert density == sorted(density, reverse=True)
    centre = {
        kind: np.mean([v["lat"] for v in villages() if main_terrain(v) == kind])
        for kind in TERRAINS
    }
    assert centre["plain_km2"] > centre["hill_km2"] > centre["mountain_km2"]


def test_rivers_run_downhill_inside_the_county() -> None:
    county = shapely.geometry.shape(rows("Division")[0]["boundary"])
    for river in rows("River"):
        local = to_local_km(np.array(river["course"]), origin=ORIGIN)
        assert np.all(np.diff(elevation_m(local[:, 0], y=local[:, 1])) < 0), river["name"]
        assert county.contains(shapely.LineString(river["course"])), river["name"]
    mouths = [river["course"][-1][1] for river in rows("River")[:-1]]
    main = rows("River")[-1]["course"]
    assert mouths == pytest.approx([main[0][1]] * 6, abs=1e-3)


def test_each_river_has_three_sections_whose_levels_are_those_of_floods() -> None:
    assert Counter(row["river_id"] for row in rows("RiverSection")) == dict.fromkeys(range(1, 8), 3)
    for row in rows("RiverSection"):
        warning, guaranteed = (
            float(
                discharge_m3s(
                    row[level] - row["zero_m"],
                    bottom_width_m=row["bed_width_m"],
                    side_slope=row["side_slope"],
                    bed_slope=row["bed_slope"],
                    roughness=row["roughness"],
                )
            )
            / row["catchment_km2"] ** 0.75
            for level in ("warning_level_m", "guaranteed_level_m")
        )
        assert warning == pytest.approx(4.0, rel=0.02)
        assert guaranteed == pytest.approx(8.5, rel=0.02)


def test_reservoir_levels_and_curves_rise() -> None:
    for row in rows("Reservoir"):
        curve = np.array(row["storage_curve"])
        assert curve.shape == (10, 2)
        assert np.all(np.diff(curve, axis=0) > 0)
        assert curve[-1, 1] == pytest.approx(row["capacity_m3"])
        levels = [
            curve[0, 0],
            row["flood_limit_level_m"],
            row["design_level_m"],
            row["check_level_m"],
            row["dam_top_m"],
        ]
        assert levels == sorted(levels)
        assert row["spillway_crest_m"] == row["flood_limit_level_m"]


def test_every_place_lies_in_its_division() -> None:
    shapes = {row["code"]: shapely.geometry.shape(row["boundary"]) for row in rows("Division")}
    for row in (*rows("Place"), *rows("Household")):
        point = shapely.Point(row["lon"], row["lat"])
        assert shapes[row["division_id"]].distance(point) < NEAR_DEGREES, row


def test_hazard_points_stand_on_slopes_and_threaten_households() -> None:
    places, homes = by_key("Place"), {row["code"]: row for row in villages()}
    for point in rows("HazardPoint"):
        assert main_terrain(homes[places[point["place_id"]]["division_id"]]) != "plain_km2"
    threatened = Counter(row["hazard_point_id"] for row in rows("Household"))
    threatened.pop(None)
    assert len(threatened) == 103
    assert all(5 <= count <= 16 for count in threatened.values())


def test_the_road_graph_is_connected_and_routes_are_no_shorter_than_the_straight_line() -> None:
    nodes, links = rows("RoadNode"), rows("RoadLink")
    graph = csr_matrix(
        (
            [link["length_km"] for link in links],
            ([link["start_id"] - 1 for link in links], [link["end_id"] - 1 for link in links]),
        ),
        shape=(len(nodes), len(nodes)),
    )
    assert len(nodes) == 313
    assert connected_components(graph, directed=False)[0] == 1
    road_km = dijkstra(graph, directed=False)
    node = {row["division_id"]: number for number, row in enumerate(nodes)}
    places = by_key("Place")
    for home in rows("Household"):
        shelter = places[home["shelter_id"]]
        straight = float(
            haversine_km((home["lon"], home["lat"]), target=(shelter["lon"], shelter["lat"]))
        )
        between = road_km[node[home["division_id"]], node[shelter["division_id"]]]
        assert home["route_km"] >= max(straight, float(between) - 0.001)


def test_shelters_hold_their_households_in_the_same_town() -> None:
    places, shelters = by_key("Place"), by_key("Shelter", key="place_id")
    inside: Counter[object] = Counter()
    for home in rows("Household"):
        shelter = places[home["shelter_id"]]
        assert shelter["division_id"][:9] == home["division_id"][:9]
        inside[home["shelter_id"]] += home["people"]
    assert all(people <= shelters[key]["capacity"] for key, people in inside.items())
    helped = sum(row["needing_help"] > 0 for row in rows("Household"))
    assert helped / len(rows("Household")) == pytest.approx(0.25, abs=0.05)


def test_carers_care_for_few_enough_households_of_their_village() -> None:
    cared: Counter[int] = Counter()
    people, homes = by_key("Person"), by_key("Household")
    for duty in rows("Duty"):
        if duty["kind"] == "household_carer":
            cared[duty["person_id"]] += 1
            home = homes[duty["household_id"]]
            assert people[duty["person_id"]]["division_id"] == home["division_id"]
    assert sum(cared.values()) == len(homes)
    assert all(4 <= count <= 10 for count in cared.values())


def test_everything_has_somebody_who_answers() -> None:
    held = {(duty["kind"], duty["division_id"], duty["rank"]) for duty in rows("Duty")}
    placed = {(duty["kind"], duty["place_id"], duty["rank"]) for duty in rows("Duty")}
    assert {
        ("commander", COUNTY, 1),
        ("county_duty", COUNTY, 1),
        ("county_duty", COUNTY, 2),
    } <= held
    for row in rows("Division"):
        if row["kind"] in {"town", "subdistrict"}:
            assert {("town_leader", row["code"], rank) for rank in (1, 2)} <= held
    for row in villages():
        assert {("village_leader", row["code"], 1), ("informant", row["code"], 1)} <= held
    wanted = {
        "hazard_point": ("point_monitor",),
        "reservoir": (
            "reservoir_administrative",
            "reservoir_technical",
            "reservoir_patrol",
        ),
        "river_section": ("river_chief",),
        "shelter": ("shelter_keeper",),
        "store": ("warehouse_keeper",),
        "ranger_station": ("station_staff",),
        "macro_station": ("macro_observer",),
    }
    for place in rows("Place"):
        for kind in wanted[place["kind"]]:
            assert (kind, place["id"], 1) in placed, place["name"]


def test_posts_show_the_gaps_that_the_essay_complains_of() -> None:
    filled = {row["post_id"] for row in rows("PostHolding")}
    vacant = [row for row in rows("Post") if row["id"] not in filled]
    assert len({row["division_id"] for row in vacant}) == 2
    assert any(not row["is_full_time"] for row in rows("PostHolding"))


def test_stations_speak_for_every_village_at_risk() -> None:
    stations = rows("Station", room="monitoring")
    assert Counter(row["kind"] for row in stations) == {"P": 120, "H": 21, "K": 59}
    assert len({row["address"] for row in stations}) == 200
    assert all(row["address"].startswith("00") and len(row["address"]) == 10 for row in stations)
    cover: dict[str, list[str]] = defaultdict(list)
    for row in rows("StationCover", room="monitoring"):
        cover[row["hazard"]].append(row["division_id"])
    assert sorted(cover["rainstorm"]) == sorted(row["code"] for row in villages())
    flooded = {row["division_id"] for row in rows("Household") if row["threat"] == "flood"}
    sliding = {row["division_id"] for row in rows("Household") if row["threat"] == "geohazard"}
    assert len(flooded) == 90
    assert flooded <= {*cover["flash_flood"], *cover["river_flood"]}
    assert sorted(cover["geohazard"]) == sorted(sliding)
    homes = {row["code"]: row for row in villages()}
    assert all(
        main_terrain(homes[code]) != "plain_km2"
        for code in {*cover["flash_flood"]} & {*cover["river_flood"]}
    )


def test_thresholds_rise_with_the_colour_and_name_their_source() -> None:
    limits: dict[tuple[object, ...], dict[int, float]] = defaultdict(dict)
    for row in rows("Threshold", room="monitoring"):
        assert row["source"]
        about = (row["station_id"], row["hazard"], row["element"], row["window_min"])
        limits[about][row["colour"]] = row["value"]
    for key, by_colour in limits.items():
        values = [value for _colour, value in sorted(by_colour.items())]
        assert values == sorted(values), key
    level_stations = {key[0] for key in limits if key[2] == "Z" and key[0]}
    assert len(level_stations) == 80


def test_stock_on_hand_is_what_the_moves_add_up_to() -> None:
    moved: Counter[tuple[int, int, Decimal]] = Counter()
    for row in rows("StockMove", room="supplies"):
        moved[row["target_id"], row["item_id"], row["unit_price_yuan"]] += row["quantity"]
    balances = rows("StockBalance", room="supplies")
    assert {
        (row["location_id"], row["item_id"], row["unit_price_yuan"]): row["quantity"]
        for row in balances
    } == dict(moved)
    stores = {row["id"] for row in rows("StockLocation", room="supplies") if row["kind"] == "store"}
    assert {row["location_id"] for row in balances} == stores


def _shape_km(boundary: object) -> shapely.Geometry:
    return shapely.transform(
        shapely.geometry.shape(boundary), lambda points: to_local_km(points, origin=ORIGIN)
    )
