"""Hazard points, households at risk, their carers, and the shelters that take them in."""

import math

import numpy as np

from anlan.demo.district.ground import Floats, lonlat
from anlan.demo.district.roads import WINDING
from anlan.demo.district.rows import District, Village
from anlan.registry.data import DutyKind
from anlan.science.geo import haversine_km

HAZARD_POINTS = 103
KINDS = (("landslide", "滑坡", 0.7), ("collapse", "崩塌", 0.2), ("debris_flow", "泥石流", 0.1))
LOWEST_HAZARD_M = 560.0
FLOOD_VILLAGES = 90
FLOOD_REACH_KM = 2.2
HOUSEHOLDS_OF_POINT = (5, 13)
HOUSEHOLDS_OF_FLOOD_VILLAGE = (4, 8)
PEOPLE = (1, 2, 2, 3, 3, 4, 4, 5, 6)
CARED_FOR = 8  # households that one person can see to the door
ROOM = (1.05, 1.2, 1.6, 2.5)  # capacity over the people assigned


def make_perils(district: District, *, road_km: Floats) -> None:
    """Add everything that threatens households, and the households with carers and shelters."""
    groups: dict[str, list[tuple[str, int | None]]] = {}
    for village, point in _points(district):
        count = district.chance.randint(*HOUSEHOLDS_OF_POINT)
        groups.setdefault(village.code, []).extend([("geohazard", point)] * count)
    for village in flood_villages(district):
        count = district.chance.randint(*HOUSEHOLDS_OF_FLOOD_VILLAGE)
        groups.setdefault(village.code, []).extend([("flood", None)] * count)
    by_code = {v.code: v for v in district.villages}
    sizes = {
        code: [district.chance.choice(PEOPLE) for _household in members]
        for code, members in groups.items()
    }
    shelters = _shelters(district, people={code: sum(s) for code, s in sizes.items()})
    for code, members in sorted(groups.items()):
        village, (shelter, host) = by_code[code], shelters[code]
        between = float(road_km[_row(district, village), _row(district, host)])
        _households(
            district, village, members=members, people=sizes[code], shelter=shelter, away_km=between
        )


def _row(district: District, village: Village) -> int:
    return village.node_id - 1


def _points(district: District) -> list[tuple[Village, int]]:
    chance = district.chance
    high = [v for v in district.villages if v.elevation > LOWEST_HAZARD_M]
    found = []
    for number in range(HAZARD_POINTS):
        village = chance.choice(high)
        kind, label, _share = chance.choices(KINDS, weights=[share for *_k, share in KINDS])[0]
        lon, lat = lonlat(
            village.x + chance.uniform(-0.7, 0.7), village.y + chance.uniform(-0.7, 0.7)
        )
        name = f"{village.name}{district.names.place()}{label}点"
        place = district.place("hazard_point", division=village.code, name=name, lon=lon, lat=lat)
        district.rows["registry"]["HazardPoint"].append(
            {
                "place_id": place,
                "hazard_kind": kind,
                "volume_m3": round(800 * 200 ** chance.random()),
            }
        )
        monitor = district.person(village.code, organization_id=None)
        district.duty(
            DutyKind.POINT_MONITOR, person_id=monitor, division=village.code, place_id=place
        )
        second = village.cadre_ids[number % len(village.cadre_ids)]
        district.duty(
            DutyKind.POINT_MONITOR, person_id=second, division=village.code, rank=2, place_id=place
        )
        found.append((village, place))
    return found


def flood_villages(district: District) -> list[Village]:
    """Return the ninety villages nearest a river above the plain's edge."""
    distance = district.ground.river_distance_km.min(axis=1)
    near = [v for v in district.villages if distance[v.number] < FLOOD_REACH_KM]
    near.sort(key=lambda v: (float(distance[v.number]) - v.elevation / 1000.0, v.code))
    return sorted(near[:FLOOD_VILLAGES], key=lambda v: v.code)


def _shelters(district: District, *, people: dict[str, int]) -> dict[str, tuple[int, Village]]:
    """Return for each village at risk its shelter and the village where that stands."""
    by_code = {v.code: v for v in district.villages}
    found: dict[str, tuple[int, Village]] = {}
    for code in sorted(people):
        village = by_code[code]
        host = village
        if district.chance.random() < 0.3:
            host = _neighbour(district, village)
        kind = district.chance.choice(("小学", "文化活动中心", "党群服务中心"))
        capacity = max(30, round(people[code] * district.chance.choice(ROOM)))
        lon, lat = lonlat(
            host.x + district.chance.uniform(-0.3, 0.3), host.y + district.chance.uniform(-0.3, 0.3)
        )
        name = f"{host.name}{kind}安置点"
        if host is not village:
            name = f"{host.name}{kind}（{village.name}）安置点"
        place = district.place("shelter", division=host.code, name=name, lon=lon, lat=lat)
        district.rows["registry"]["Shelter"].append({"place_id": place, "capacity": capacity})
        district.duty(
            DutyKind.SHELTER_KEEPER, person_id=host.leader_id, division=host.code, place_id=place
        )
        found[code] = (place, host)
    return found


def _neighbour(district: District, village: Village) -> Village:
    others = [v for v in district.villages if v.town_code == village.town_code and v is not village]
    return min(others, key=lambda v: (v.x - village.x) ** 2 + (v.y - village.y) ** 2)


def _carers(district: District, village: Village, *, households: int) -> list[int]:
    """Return enough people to care for so many households: cadres, then heads of groups."""
    wanted = math.ceil(households / CARED_FOR)
    heads = [
        district.person(village.code, organization_id=None)
        for _head in range(wanted - len(village.cadre_ids))
    ]
    return [*village.cadre_ids, *heads][:wanted]


def _households(
    district: District,
    village: Village,
    *,
    members: list[tuple[str, int | None]],
    people: list[int],
    shelter: int,
    away_km: float,
) -> None:
    chance = district.chance
    carers = _carers(district, village, households=len(members))
    spot = district.rows["registry"]["Place"][shelter - 1]
    for number, ((threat, point), size) in enumerate(zip(members, people, strict=True)):
        x = village.x + float(np.clip(chance.gauss(0, 0.35), -0.9, 0.9))
        y = village.y + float(np.clip(chance.gauss(0, 0.35), -0.9, 0.9))
        local = 1.3 * float(np.hypot(x - village.x, y - village.y)) + 0.25
        lon, lat = lonlat(x, y)
        straight = float(haversine_km((lon, lat), target=(spot["lon"], spot["lat"])))
        household = district.add(
            "registry",
            "Household",
            uuid=district.uuid(),
            division_id=village.code,
            head_name=district.names.person(),
            phone=district.names.phone(),
            address=f"{village.name}{number // 8 + 1}组{number % 8 + 1}号",
            people=size,
            needing_help=chance.randint(1, min(2, size)) if chance.random() < 0.26 else 0,
            threat=threat,
            hazard_point_id=point,
            shelter_id=shelter,
            route_km=round(max(local + away_km, WINDING * straight), 3),
            lon=lon,
            lat=lat,
        )
        district.duty(
            DutyKind.HOUSEHOLD_CARER,
            person_id=carers[number * len(carers) // len(members)],
            division=village.code,
            household_id=household,
        )
