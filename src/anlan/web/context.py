"""What every page shows around its content: where one is, who one is, where one can go."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from anlan.command.api import count_open_tasks_of
from anlan.kernel import scope
from anlan.registry.api import actor_for, codes_where, present_bearings
from anlan.registry.data import Permission
from anlan.warning.api import count_open_calls_of


@dataclass(frozen=True)
class Way:
    """One entry of the navigation: where it leads and on which pages it is the present one.

    With `needed`, whoever holds that permission nowhere does not see it.
    """

    url_name: str
    label: str | Promise
    icon: str
    here_on: frozenset[str]
    needed: Permission | None = None


REGISTER_PAGES = frozenset(
    {
        "person_channels",
        "register",
        "register_table",
        "register_record",
        "register_new",
        "register_edit",
        "sheet_upload",
        "sheet_import",
        "sheet_imports",
        "gaps",
        "organs",
        "who_answers",
        "division_history",
        "redraw_divisions",
        "boundaries",
    }
)

WARNING_PAGES = frozenset(
    {
        "warnings",
        "warning",
        "upper_warnings",
        "upper_warning",
        "warning_sources",
        "warning_source",
        "new_warning",
        "warning_drafts",
        "warning_draft",
        "edit_warning_draft",
        "cancel_warning",
        "warning_texts",
        "issue_rules",
        "warning_measures",
        "channels",
        "new_channel_provider",
        "channel_provider",
        "loudspeakers",
        "loudspeaker",
        "communication_tests",
        "communication_test",
    }
)

MONITORING_PAGES = frozenset(
    {
        "stations",
        "station",
        "station_new",
        "station_edit",
        "station_readings",
        "station_thresholds",
        "station_villages",
        "rain_map",
        "rules",
        "rule",
        "rule_new",
        "rule_version",
        "rule_edit",
        "rule_put",
        "critical_rain",
        "critical_rain_sheet",
        "unknown_addresses",
        "adopt_station",
        "ignore_address",
        "staff_readings",
        "staff_gauge",
        "staff_correct",
        "staff_sheet",
        "macro_observation",
        "macro_form",
        "macro_reports",
        "macro_report",
        "macro_sheet",
        "hand_sheet",
        "device_models",
        "device_model",
        "new_device_model",
    }
)

WAYS = (
    Way("map", _("Map"), "map", frozenset({"map"})),
    Way("stations", _("Monitoring"), "broadcast", MONITORING_PAGES),
    Way("warnings", _("Warnings"), "bell", WARNING_PAGES),
    Way(
        "desk",
        _("Duty desk"),
        "telephone-outbound",
        frozenset({"desk"}),
        Permission.RECORD_ANSWERS,
    ),
    Way("incidents", _("Incidents"), "clock-history", frozenset({"incidents", "incident"})),
    Way("reports", _("Reports"), "clipboard-check", frozenset({"reports", "report"})),
    Way("register", _("Register"), "journal-text", REGISTER_PAGES),
    Way("calls", _("My calls"), "telephone", frozenset({"calls"})),
)

# What the menu under one's own name leads to, with the permission that each needs.
MENU: tuple[tuple[str, str | Promise, Permission | None], ...] = (
    ("own_account", _("My account"), None),
    ("delegations", _("Delegations"), None),
    ("accounts", _("Accounts"), Permission.MANAGE_ACCOUNTS),
    ("tokens", _("Keys for programs"), Permission.MANAGE_TOKENS),
    ("audit", _("Audit"), Permission.READ_AUDIT),
)


def house(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation, the divisions in scope and what waits for the person logged in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"ways": (), "here": "", "places_in_scope": (), "acting": None}
    acting = SimpleLazyObject(lambda: actor_for(user.pk))
    if getattr(request, "entry_step", None) is not None:
        return {"ways": (), "here": "", "places_in_scope": (), "acting": acting}
    match = request.resolver_match
    return {
        "ways": [way for way in WAYS if _leads_anywhere(way.needed, request)],
        "here": match.url_name if match else "",
        # Asked only by templates that show them: a fragment of a page pays nothing.
        "places_in_scope": SimpleLazyObject(_places_in_scope),
        "acting": acting,
        "menu": [way for way in MENU if _leads_anywhere(way[2], request)],
        "waiting_for_me": SimpleLazyObject(lambda: _waiting(acting.person_id)),
    }


def _leads_anywhere(needed: Permission | None, request: HttpRequest) -> bool:
    """Tell whether whoever asks holds the permission that an entry needs, if it needs any."""
    return needed is None or bool(codes_where(getattr(request, "grants", ()), needed))


def _places_in_scope() -> tuple[str, ...]:
    codes = [prefix.ljust(12, "0") for prefix in scope.active().prefixes if prefix]
    return tuple(bearing.name for bearing in present_bearings(codes))


def _waiting(person_id: int | None) -> int:
    if person_id is None:
        return 0
    return count_open_calls_of(person_id) + count_open_tasks_of(person_id)
