"""The registry's door."""

from anlan.registry.actions.open_account import open_account
from anlan.registry.actions.restore_snapshot import restore_snapshot
from anlan.registry.queries.answerable import answerable_people, holders, who_answers_for
from anlan.registry.queries.at_risk import carers_of, households_at_risk, shelters_in
from anlan.registry.queries.divisions import (
    authority_codes,
    bearings,
    check_divisions,
    names_of,
    roles_of,
    towns,
)
from anlan.registry.queries.hydraulics import reservoir_figures, section_figures

__all__ = [
    "answerable_people",
    "authority_codes",
    "bearings",
    "carers_of",
    "check_divisions",
    "holders",
    "households_at_risk",
    "names_of",
    "open_account",
    "reservoir_figures",
    "restore_snapshot",
    "roles_of",
    "section_figures",
    "shelters_in",
    "towns",
    "who_answers_for",
]
