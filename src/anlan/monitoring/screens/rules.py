"""The list of rules, the page of one with its versions, and the page of a version."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from anlan.kernel import clock, journal
from anlan.kernel.paging import whole_number
from anlan.monitoring.core.tested import Mark
from anlan.monitoring.data import RuleState
from anlan.monitoring.models import RuleVersion
from anlan.monitoring.queries.rules import (
    RuleFilter,
    access_rule,
    access_version,
    listed_rules,
    station_names,
    text_of,
    version_row,
    versions_of,
)
from anlan.monitoring.rule_refusals import RuleOutOfSight
from anlan.monitoring.screens.around import around, asked_choice, asked_code, may_keep
from anlan.monitoring.screens.rule_results import result_of, usual_period
from anlan.registry.api import place_choice
from anlan.registry.data import Colour, Hazard

ACTS: Mapping[str, str | Promise] = {
    "rule.drafted": gettext_lazy("drafted"),
    "rule.edited": gettext_lazy("draft changed"),
    "rule.draft_dropped": gettext_lazy("draft deleted"),
    "rule.test_started": gettext_lazy("test begun"),
    "rule.tested": gettext_lazy("tested"),
    "rule.event_marked": gettext_lazy("event of a test marked"),
    "rule.put_in_force": gettext_lazy("put in force"),
    "rule.retired": gettext_lazy("taken out of force"),
}


@require_safe
def list_rules(request: HttpRequest) -> HttpResponse:
    """Show the rules in sight with what is in force and how its last test went."""
    asked = request.GET
    wanted = RuleFilter(
        hazard=asked_choice(asked.get("hazard", ""), Hazard.values),
        state=asked_choice(asked.get("state", ""), RuleState.values),
        division=asked_code(asked.get("division", "")),
        page=whole_number(asked.get("page", ""), otherwise=1),
    )
    query = asked.copy()
    query.pop("page", None)
    return render(
        request,
        "monitoring/rules.html",
        {
            **around(request),
            "list": listed_rules(wanted),
            "wanted": wanted,
            "query": query.urlencode(),
            "hazards": Hazard,
            "states": RuleState,
            "places": place_choice(wanted.division),
        },
    )


@require_safe
def show_rule(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a rule with all its versions and who changed it when."""
    try:
        rule = access_rule(str(uuid))
    except RuleOutOfSight as error:
        raise Http404 from error
    versions = versions_of(rule)
    return render(
        request,
        "monitoring/rule.html",
        {
            **around(request),
            "rule": rule,
            "hazard": Hazard(rule.hazard),
            "versions": versions,
            "live": next((x for x in versions if x.state is RuleState.LIVE), None),
            "draft": next((x for x in versions if x.state is RuleState.DRAFT), None),
            "may_keep": may_keep(request, rule.division_id),
            "history": [
                (entry, ACTS.get(entry.act, entry.act))
                for entry in journal.entries_about(f"rule:{rule.uuid}", most=20)
            ],
        },
    )


@require_safe
def show_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a version says and what its test came to; while it is tested, how far it is."""
    version = version_or_404(pk)
    is_fragment = bool(request.headers.get("HX-Request"))
    page = version_page(request, version)
    if is_fragment:
        return render(request, "monitoring/_rule_result.html", page)
    return render(request, "monitoring/rule_version.html", page)


def version_or_404(pk: int) -> RuleVersion:
    """Return a version in sight, or a page that says that there is none."""
    try:
        return access_version(pk)
    except RuleOutOfSight as error:
        raise Http404 from error


def version_page(request: HttpRequest, version: RuleVersion) -> dict[str, Any]:
    """Return what the page of a version shows."""
    now = clock.now()
    text = text_of(version)
    names = station_names(
        key for each in text.conditions for key in (each.station_id, each.measured_at_id)
    )
    return {
        **around(request),
        "version": version,
        "row": version_row(version),
        "rule": version.rule,
        "hazard": Hazard(version.rule.hazard),
        "text": text,
        "conditions": [
            {
                "row": each,
                "colour": Colour(each.colour),
                "station": names.get(each.station_id or 0, ""),
                "measured_at": names.get(each.measured_at_id or 0, ""),
            }
            for each in text.conditions
        ],
        "result": result_of(version),
        "marks": Mark,
        "period": usual_period(version, now=now),
        "may_keep": may_keep(request, version.rule.division_id),
    }
