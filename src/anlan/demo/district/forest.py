"""Forests, ranger stations, rangers, fire teams and the macro-observation stations."""

import numpy as np

from anlan.demo.district.ground import lonlat
from anlan.demo.district.rows import COUNTY, District, Village
from anlan.registry.data import DutyKind

FOREST_LAND_HA, STOCKED_HA, GROWING_STOCK_M3 = 214_300.0, 186_300.0, 19_308_000
COVER_SHARE, DISTRICT_HA = 0.6863, 281_800.0
STATE_FARMS = ("国有云岭林场", "国有松岭林场", "国有石岭林场")
COLLECTIVE_STATIONS = 21
STATION_STAFF, RANGERS = 206, 624
PROFESSIONAL_MEMBERS, VOLUNTEERS = 25, 1_000
OBSERVED = ("井水位、水色", "家畜家禽", "泉水流量", "鱼类", "地声、地光", "蛇鼠蛙类")


def make_forest(district: District) -> None:
    """Add the forest figures by town, the stations and rangers, the teams and the observers."""
    wooded = [town for town in sorted(district.towns) if not town.startswith("990701001")]
    _stands(district, wooded)
    seats = {town: _seat(district, town) for town in wooded}
    south = sorted(wooded, key=lambda town: seats[town].y)
    for number, name in enumerate(STATE_FARMS):
        _station(
            district, seats[south[number]], name=f"{name}管护站", ownership="state", number=number
        )
    for number, town in enumerate(wooded):
        name = f"{district.towns[town]}天然林管护站"
        _station(district, seats[town], name=name, ownership="collective", number=number + 3)
    for number in range(RANGERS):
        village = _village_of(district, wooded[number % len(wooded)], number // len(wooded))
        person = district.person(village.code, organization_id=None)
        district.duty(DutyKind.RANGER, person_id=person, division=village.code)
    _teams(district, wooded, farms=[seats[town] for town in south[:3]])
    for number, observes in enumerate(OBSERVED):
        _observer(district, district.villages[number * 52 + 7], observes=observes)


def _seat(district: District, town: str) -> Village:
    return next(v for v in district.villages if v.town_code == town)


def _village_of(district: District, town: str, number: int) -> Village:
    own = [v for v in district.villages if v.town_code == town]
    return own[number % len(own)]


def _shares(weights: "np.ndarray[tuple[int], np.dtype[np.float64]]", total: float) -> list[float]:
    """Return parts of a total in hundredths, in proportion, adding up to it exactly."""
    parts = np.floor(weights / weights.sum() * total * 100) / 100
    parts[int(parts.argmax())] += total - parts.sum()
    return [round(float(part), 2) for part in parts]


def _stands(district: District, towns: list[str]) -> None:
    ground = district.ground
    code_of = {v.number: v.town_code for v in district.villages}
    weight = np.array(
        [
            sum(
                (ground.terrain_km2[row] @ np.array([0.02, 0.55, 1.0]))
                for row in range(len(ground.points))
                if code_of[row] == town
            )
            for town in towns
        ]
    )
    shrub = COVER_SHARE * DISTRICT_HA - STOCKED_HA
    for town, land, stocked, special, stock in zip(
        towns,
        _shares(weight, FOREST_LAND_HA),
        _shares(weight, STOCKED_HA),
        _shares(weight, round(shrub, 2)),
        _shares(weight, GROWING_STOCK_M3 / 100),
        strict=True,
    ):
        district.rows["registry"]["ForestStand"].append(
            {
                "division_id": town,
                "forest_land_ha": f"{land:.2f}",
                "stocked_ha": f"{stocked:.2f}",
                "special_shrub_ha": f"{special:.2f}",
                "growing_stock_m3": round(stock * 100),
            }
        )


def _station(
    district: District, village: Village, *, name: str, ownership: str, number: int
) -> None:
    lon, lat = lonlat(village.x + 0.5, village.y - 0.4)
    place = district.place("ranger_station", division=village.code, name=name, lon=lon, lat=lat)
    district.rows["registry"]["RangerStation"].append({"place_id": place, "ownership": ownership})
    stations = len(STATE_FARMS) + COLLECTIVE_STATIONS
    for _staff in range(STATION_STAFF // stations + (number < STATION_STAFF % stations)):
        person = district.person(village.code, organization_id=None)
        district.duty(
            DutyKind.STATION_STAFF, person_id=person, division=village.code, place_id=place
        )


def _teams(district: District, towns: list[str], *, farms: list[Village]) -> None:
    _team(
        district,
        COUNTY,
        name="区消防救援大队森林灭火救援专班",
        kind="fire_professional",
        members=PROFESSIONAL_MEMBERS,
    )
    volunteer = [(town, f"{district.towns[town]}义务扑火应急队") for town in towns]
    volunteer += [
        (village.code, f"{name}义务扑火应急队")
        for village, name in zip(farms, STATE_FARMS, strict=True)
    ]
    for number, (division, name) in enumerate(volunteer):
        members = VOLUNTEERS // len(volunteer) + (number < VOLUNTEERS % len(volunteer))
        _team(district, division, name=name, kind="fire_volunteer", members=members)


def _team(district: District, division: str, *, name: str, kind: str, members: int) -> None:
    people = [district.person(division, organization_id=None) for _member in range(members)]
    team = district.add(
        "registry",
        "Team",
        division_id=division,
        organization_id=None,
        leader_id=people[0],
        name=name,
        kind=kind,
    )
    for person in people:
        district.add("registry", "TeamMember", team_id=team, person_id=person)


def _observer(district: District, village: Village, *, observes: str) -> None:
    lon, lat = lonlat(village.x - 0.3, village.y + 0.3)
    place = district.place(
        "macro_station",
        division=village.code,
        name=f"{village.name}地震宏观观测点",
        lon=lon,
        lat=lat,
    )
    district.rows["registry"]["MacroStation"].append({"place_id": place, "observes": observes})
    person = district.person(village.code, organization_id=None)
    district.duty(DutyKind.MACRO_OBSERVER, person_id=person, division=village.code, place_id=place)
