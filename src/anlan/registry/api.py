"""The registry's door."""

from anlan.registry.actions.note_entrance import note_entrance
from anlan.registry.actions.note_phone_reached import note_phone_reached
from anlan.registry.actions.open_account import open_account
from anlan.registry.actions.restore_snapshot import restore_snapshot
from anlan.registry.actions.show_phones import show_phones
from anlan.registry.http.faults import READING_REFUSED, WRITING_REFUSED, Problem, problem
from anlan.registry.http.giving_out import codes_with, exportable, note_export
from anlan.registry.http.keys import Bearer, Caller, caller_of
from anlan.registry.queries.accounts import open_accounts_named
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
from anlan.registry.queries.choosing import (
    division_meant,
    division_text,
    outline_of,
    outlines_in,
    place_choice,
    place_meant,
)
from anlan.registry.queries.division_history import (
    code_on,
    division_history,
    divisions_at,
    divisions_of_places,
    successors_of,
)
from anlan.registry.queries.divisions import (
    bearings,
    check_divisions,
    names_of,
    present_bearings,
    town_choice,
    towns,
)
from anlan.registry.queries.earlier_codes import with_earlier_codes
from anlan.registry.queries.entry import EntryStep, entry_step
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
from anlan.registry.queries.gaps import gaps_in
from anlan.registry.queries.hydraulics import reservoir_figures, section_figures
from anlan.registry.queries.known_people import KnownPerson, PersonOutOfSight, access_person
from anlan.registry.queries.layers import located_tables
from anlan.registry.queries.observing import (
    LevelMark,
    MacroPlace,
    MarkKind,
    level_marks,
    macro_observers,
    macro_places,
)
from anlan.registry.queries.on_duty import OnDuty, people_on_duty
from anlan.registry.queries.pages import (
    actor_for,
    mapped_divisions,
    mapped_places,
    mapped_rivers,
    phones_of,
)
from anlan.registry.queries.posts import organ_chart, post_gaps
from anlan.registry.queries.reaching import household_numbers, numbers_of, persons_with_number
from anlan.registry.queries.seasons import flood_season
from anlan.registry.queries.tokens import TokenGrant, token_for
from anlan.registry.queries.warned import (
    Departed,
    HouseholdToWarn,
    NamedPlace,
    Reachable,
    departed_holders,
    households_to_warn,
    places_like,
    places_to_warn,
    reachable_people,
    villages_in,
)
from anlan.registry.redrawing import followers

__all__ = [
    "READING_REFUSED",
    "WRITING_REFUSED",
    "Bearer",
    "Caller",
    "Departed",
    "EntryStep",
    "HouseholdToWarn",
    "KnownPerson",
    "LevelMark",
    "MacroPlace",
    "MarkKind",
    "NamedPlace",
    "OnDuty",
    "PersonOutOfSight",
    "Problem",
    "Reachable",
    "TokenGrant",
    "access_person",
    "actor_for",
    "answerable_people",
    "authority_codes",
    "bearings",
    "caller_of",
    "carers_of",
    "check_divisions",
    "code_on",
    "codes_where",
    "codes_with",
    "departed_holders",
    "division_figures",
    "division_history",
    "division_meant",
    "division_text",
    "divisions_at",
    "divisions_of_places",
    "entry_step",
    "exportable",
    "flood_season",
    "followers",
    "forest_figures",
    "gaps_in",
    "grants_of",
    "has_permission_over",
    "hazard_point_figures",
    "holders",
    "household_numbers",
    "households_at_risk",
    "households_to_warn",
    "level_marks",
    "located_tables",
    "macro_observers",
    "macro_places",
    "macro_station_figures",
    "mapped_divisions",
    "mapped_places",
    "mapped_rivers",
    "may",
    "names_of",
    "note_entrance",
    "note_export",
    "note_phone_reached",
    "numbers_of",
    "open_account",
    "open_accounts_named",
    "organ_chart",
    "outline_of",
    "outlines_in",
    "people_on_duty",
    "persons_with_number",
    "phones_of",
    "place_choice",
    "place_meant",
    "places_like",
    "places_to_warn",
    "post_gaps",
    "present_bearings",
    "problem",
    "ranger_figures",
    "reachable_people",
    "reservoir_count_figures",
    "reservoir_figures",
    "restore_snapshot",
    "river_figures",
    "roles_of",
    "section_figures",
    "shelters_in",
    "show_phones",
    "successors_of",
    "team_figures",
    "token_for",
    "town_choice",
    "towns",
    "villages_in",
    "who_answers_for",
    "with_earlier_codes",
]
