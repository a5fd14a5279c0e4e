"""The register's figures, counted from its rows."""

from django.db.models import Count, Sum

from anlan.registry.data import (
    DivisionKind,
    DutyKind,
    PlaceKind,
    StationOwnership,
    TeamKind,
)
from anlan.registry.models import (
    Division,
    Duty,
    ForestStand,
    Household,
    Place,
    RangerStation,
    Reservoir,
    River,
    Team,
    TeamMember,
)

Figures = dict[str, int | float]
LARGE_RESERVOIR_M3 = 1_000_000
LARGE_BASIN_KM2 = 100


def division_figures() -> Figures:
    """Return how many divisions of each kind there are, with people and terrain areas in km²."""
    present = Division.objects.filter(ended_on__isnull=True)
    kinds = dict(present.values_list("kind").annotate(Count("pk")))
    sums = present.aggregate(
        people=Sum("population"),
        plain=Sum("plain_km2"),
        hill=Sum("hill_km2"),
        mountain=Sum("mountain_km2"),
    )
    areas = {kind: sums[kind] or 0 for kind in ("plain", "hill", "mountain")}
    villages, communities = (
        kinds.get(kind, 0) for kind in (DivisionKind.VILLAGE, DivisionKind.COMMUNITY)
    )
    return {
        "towns": kinds.get(DivisionKind.TOWN, 0),
        "subdistricts": kinds.get(DivisionKind.SUBDISTRICT, 0),
        "villages_and_communities": villages + communities,
        "villages": villages,
        "communities": communities,
        "population": sums["people"] or 0,
        "population_wan": _plain((sums["people"] or 0) / 1e4),
        "area_km2": _plain(sum(areas.values())),
        "plain_km2": _plain(areas["plain"]),
        "hill_km2": _plain(areas["hill"]),
        "mountain_km2": _plain(areas["mountain"]),
    }


def hazard_point_figures() -> Figures:
    """Return how many hazard points there are and whom they threaten."""
    threatened = Household.objects.filter(hazard_point__isnull=False)
    return {
        "geohazard_points": Place.objects.filter(kind=PlaceKind.HAZARD_POINT).count(),
        "threatened_households": threatened.count(),
        "threatened_people": threatened.aggregate(people=Sum("people"))["people"] or 0,
    }


def river_figures() -> Figures:
    """Return how many rivers have a basin of 100 km² or more (以上 includes the number)."""
    return {"rivers_over_100_km2": River.objects.filter(basin_km2__gte=LARGE_BASIN_KM2).count()}


def reservoir_count_figures() -> Figures:
    """Return how many reservoirs there are and how many hold a million m³ or more."""
    return {
        "reservoirs": Reservoir.objects.count(),
        "reservoirs_over_1_million_m3": Reservoir.objects.filter(
            capacity_m3__gte=LARGE_RESERVOIR_M3
        ).count(),
    }


def forest_figures() -> Figures:
    """Return forest areas in ha and in 万 ha, growing stock, and cover in percent.

    Cover is stocked land and special shrub land over the district's area, as the survey counts.
    """
    sums = ForestStand.objects.aggregate(
        land=Sum("forest_land_ha"),
        stocked=Sum("stocked_ha"),
        shrub=Sum("special_shrub_ha"),
        stock=Sum("growing_stock_m3"),
    )
    land, stocked, shrub = (float(sums[key] or 0) for key in ("land", "stocked", "shrub"))
    area_ha = float(division_figures()["area_km2"]) * 100
    stock = int(sums["stock"] or 0)
    return {
        "forest_land_ha": _plain(land),
        "forest_land_wan_ha": _plain(land / 1e4),
        "stocked_ha": _plain(stocked),
        "stocked_wan_ha": _plain(stocked / 1e4),
        "growing_stock_m3": stock,
        "growing_stock_wan_m3": _plain(stock / 1e4),
        "cover_percent": round(100 * (stocked + shrub) / area_ha, 2) if area_ha else 0,
    }


def ranger_figures() -> Figures:
    """Return the guard stations by owner, their staff, and the rangers with their towns."""
    owners = dict(RangerStation.objects.values_list("ownership").annotate(Count("pk")))
    rangers = Duty.objects.filter(kind=DutyKind.RANGER)
    towns = {code[:9] for code in rangers.values_list("division_id", flat=True)}
    staff = Duty.objects.filter(kind=DutyKind.STATION_STAFF).values("person_id").distinct()
    return {
        "ranger_stations": sum(owners.values()),
        "state_stations": owners.get(StationOwnership.STATE, 0),
        "collective_stations": owners.get(StationOwnership.COLLECTIVE, 0),
        "station_staff": staff.count(),
        "rangers": rangers.values("person_id").distinct().count(),
        "towns_with_rangers": len(towns),
    }


def team_figures() -> Figures:
    """Return the fire teams and their members by kind."""
    teams = dict(Team.objects.values_list("kind").annotate(Count("pk")))
    members = dict(TeamMember.objects.values_list("team__kind").annotate(Count("pk")))
    return {
        "teams": sum(teams.values()),
        "professional_teams": teams.get(TeamKind.FIRE_PROFESSIONAL, 0),
        "professional_members": members.get(TeamKind.FIRE_PROFESSIONAL, 0),
        "volunteer_teams": teams.get(TeamKind.FIRE_VOLUNTEER, 0),
        "volunteer_members": members.get(TeamKind.FIRE_VOLUNTEER, 0),
    }


def macro_station_figures() -> Figures:
    """Return how many macro-observation stations there are."""
    return {"macro_stations": Place.objects.filter(kind=PlaceKind.MACRO_STATION).count()}


def _plain(value: object) -> int | float:
    """Return a whole number as int and any other rounded to four decimals."""
    number = round(float(str(value)), 4)
    return int(number) if number == int(number) else number
