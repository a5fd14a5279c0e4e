"""Who may issue what in a county, and whether it leaves by itself."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from anlan.kernel import scope
from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, level_of
from anlan.registry.api import grants_of
from anlan.registry.data import Colour, Hazard, Permission
from anlan.warning.core.issuing import Issuing, RuleRow, issuing_of, uncovered
from anlan.warning.models import IssueRule

COLUMNS = (
    "hazard",
    "colour",
    "is_automatic",
    "roles",
    "decide_minutes",
    "valid_hours",
    "effective_from",
)


def rule_rows(county: str, *, now: datetime) -> list[RuleRow]:
    """Return the rules of a county that hold on the day of `now`."""
    with scope.limited_to([county]):
        rows = IssueRule.objects.filter(
            division_id=county, effective_from__lte=timezone.localdate(now)
        )
        return [
            RuleRow(hazard, colour, is_automatic, tuple(roles), minutes, hours, since)
            for hazard, colour, is_automatic, roles, minutes, hours, since in rows.order_by(
                "effective_from", "pk"
            ).values_list(*COLUMNS)
        ]


def issuing_in(county: str, *, hazard: Hazard, colour: Colour, now: datetime) -> Issuing:
    """Return how a hazard and colour are issued in a county."""
    return issuing_of(rule_rows(county, now=now), hazard=hazard, colour=colour)


def beyond(by: Actor, *, issuing: Issuing, villages: Iterable[str], now: datetime) -> list[str]:
    """Return the villages for which an actor may not issue this, by code; the program may all."""
    if by.account_id is None:
        return []
    held = [
        (grant.role, grant.division_code)
        for grant in grants_of(by.account_id, at=now)
        if grant.allows(Permission.ISSUE_WARNINGS)
    ]
    return uncovered(villages, roles=issuing.roles, held=held)


def is_of_town(by: Actor, *, now: datetime) -> bool:
    """Tell whether an actor issues warnings for a town alone, and so in the town's name."""
    codes = [
        grant.division_code
        for grant in grants_of(by.account_id, at=now)
        if grant.allows(Permission.ISSUE_WARNINGS)
    ]
    return bool(codes) and all(level_of(code) >= Level.TOWN for code in codes)
