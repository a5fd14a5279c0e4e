"""What the pages of divisions call the tables whose rows move."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anlan.registry.boundaries.planning import Outcome

TABLES: Mapping[str, str | Promise] = {
    "ApiToken": _("tokens of other programs"),
    "Authority": _("authorities of accounts"),
    "Division": _("villages"),
    "Duty": _("duties"),
    "ForestStand": _("forest surveys"),
    "Household": _("households at risk"),
    "Organization": _("organs"),
    "Person": _("people of the register"),
    "Place": _("places"),
    "Post": _("posts"),
    "River": _("rivers"),
    "RoadNode": _("road crossings"),
    "Team": _("rescue teams"),
}
OUTCOMES: Mapping[Outcome, str | Promise] = {
    Outcome.NEW: _("new"),
    Outcome.CHANGED: _("changed"),
    Outcome.UNCHANGED: _("unchanged"),
    Outcome.UNMATCHED: _("belongs to no division"),
    Outcome.BAD: _("cannot be used"),
}


def table_rows(rows: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return how many rows of each table move, by the table's name."""
    return sorted((str(TABLES.get(model, model)), count) for model, count in rows.items())
