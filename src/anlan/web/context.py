"""What every page shows around its content: where one is, who one is, where one can go."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from anlan.command.api import count_open_tasks_of
from anlan.kernel import scope
from anlan.registry.api import actor_for, bearings
from anlan.warning.api import count_open_calls_of


@dataclass(frozen=True)
class Way:
    """One entry of the navigation: where it leads and on which pages it is the present one."""

    url_name: str
    label: str | Promise
    icon: str
    here_on: frozenset[str]


WAYS = (
    Way("map", _("Map"), "map", frozenset({"map"})),
    Way("warnings", _("Warnings"), "bell", frozenset({"warnings", "warning"})),
    Way("incidents", _("Incidents"), "clock-history", frozenset({"incidents", "incident"})),
    Way("reports", _("Reports"), "clipboard-check", frozenset({"reports", "report"})),
    Way("calls", _("My calls"), "telephone", frozenset({"calls"})),
)


def house(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation, the divisions in scope and what waits for the person logged in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"ways": (), "here": "", "places_in_scope": (), "acting": None}
    acting = SimpleLazyObject(lambda: actor_for(user.pk))
    match = request.resolver_match
    return {
        "ways": WAYS,
        "here": match.url_name if match else "",
        # Asked only by templates that show them: a fragment of a page pays nothing.
        "places_in_scope": SimpleLazyObject(_places_in_scope),
        "acting": acting,
        "waiting_for_me": SimpleLazyObject(lambda: _waiting(acting.person_id)),
    }


def _places_in_scope() -> tuple[str, ...]:
    codes = [prefix.ljust(12, "0") for prefix in scope.active().prefixes if prefix]
    return tuple(bearing.name for bearing in bearings(codes).values())


def _waiting(person_id: int | None) -> int:
    if person_id is None:
        return 0
    return count_open_calls_of(person_id) + count_open_tasks_of(person_id)
