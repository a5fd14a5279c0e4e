"""The registry's door."""

from anlan.registry.actions.open_account import open_account
from anlan.registry.actions.restore_snapshot import restore_snapshot
from anlan.registry.queries.answerable import answerable_people, holders, who_answers_for
from anlan.registry.queries.at_risk import carers_of, households_at_risk, shelters_in
from anlan.registry.queries.authorities import (
    authority_codes,
    codes_where,
    grants_of,
    has_permission_over,
    may,
    roles_of,
)
from anlan.registry.queries.divisions import bearings, check_divisions, names_of, towns
from anlan.registry.queries.figures import (
    division_figures,
    forest_figures,
    hazard_point_figures,
    macro_station_figures,
    ranger_figures,
    reservoir_count_figures,
    river_figures,
    team_figures,
)
from anlan.registry.queries.hydraulics import reservoir_figures, section_figures
from anlan.registry.queries.pages import (
    actor_for,
    mapped_divisions,
    mapped_places,
    mapped_rivers,
    phones_of,
)

__all__ = [
    "actor_for",
    "answerable_people",
    "authority_codes",
    "bearings",
    "carers_of",
    "check_divisions",
    "codes_where",
    "division_figures",
    "forest_figures",
    "grants_of",
    "has_permission_over",
    "hazard_point_figures",
    "holders",
    "households_at_risk",
    "macro_station_figures",
    "mapped_divisions",
    "mapped_places",
    "mapped_rivers",
    "may",
    "names_of",
    "open_account",
    "phones_of",
    "ranger_figures",
    "reservoir_count_figures",
    "reservoir_figures",
    "restore_snapshot",
    "river_figures",
    "roles_of",
    "section_figures",
    "shelters_in",
    "team_figures",
    "towns",
    "who_answers_for",
]
