"""The essay's table of what the district has, row by row, counted from the records."""

from anlan.registry.api import (
    division_figures,
    forest_figures,
    hazard_point_figures,
    macro_station_figures,
    ranger_figures,
    reservoir_count_figures,
    river_figures,
    team_figures,
)
from anlan.supplies.api import fire_store_figures, flood_store_figures

Figures = dict[str, int | float]


def essay_figures() -> dict[str, Figures]:
    """Return the figures of the essay's rows S1 to S10."""
    return {
        "S1": division_figures(),
        "S2": flood_store_figures(),
        "S3": hazard_point_figures(),
        "S4": river_figures(),
        "S5": reservoir_count_figures(),
        "S6": forest_figures(),
        "S7": ranger_figures(),
        "S8": team_figures(),
        "S9": fire_store_figures(),
        "S10": macro_station_figures(),
    }
