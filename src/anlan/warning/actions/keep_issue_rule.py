from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.api import has_permission_over
from anlan.registry.data import Permission
from anlan.warning.core.issuing import ROLES_THAT_ISSUE
from anlan.warning.core.typed import TypedRule
from anlan.warning.core.words import one_line
from anlan.warning.models import IssueRule
from anlan.warning.refusals import NotYoursToKeep, RuleRefused

MOST_MINUTES = 24 * 60
MOST_HOURS = 30 * 24


@transaction.atomic
def keep_issue_rule(typed: TypedRule, *, by: Actor, now: datetime) -> int:
    """Keep who issues a hazard and colour from today on, and whether it leaves by itself.

    A second one of the same day takes the first one's place. Returns the row's key; raises
    RuleRefused with what to change, and NotYoursToKeep.
    """
    if not has_permission_over(
        by.account_id, Permission.KEEP_WARNING_RULES, division_code=typed.county, at=now
    ):
        raise NotYoursToKeep
    roles = [role.value for role in ROLES_THAT_ISSUE if role in typed.roles]
    _check(typed, roles)
    row, _made = IssueRule.objects.update_or_create(
        division_id=typed.county,
        hazard=typed.hazard,
        colour=typed.colour,
        effective_from=timezone.localdate(now),
        defaults={
            "is_automatic": typed.is_automatic,
            "roles": roles,
            "decide_minutes": typed.decide_minutes,
            "valid_hours": typed.valid_hours,
            "source": one_line(typed.source)[:120],
        },
    )
    journal.record(
        "issue_rule.kept",
        by=by,
        now=now,
        subject=f"issue_rule:{row.pk}",
        division_code=typed.county,
        detail={
            "hazard": typed.hazard,
            "colour": int(typed.colour),
            "automatic": typed.is_automatic,
            "roles": roles,
        },
    )
    return int(row.pk)


def _check(typed: TypedRule, roles: list[str]) -> None:
    if not roles:
        raise RuleRefused(_("Choose at least one role that may issue this warning."))
    if not 1 <= typed.decide_minutes <= MOST_MINUTES:
        raise RuleRefused(_("Give between 1 and %(n)s minutes to decide.") % {"n": MOST_MINUTES})
    if not 1 <= typed.valid_hours <= MOST_HOURS:
        raise RuleRefused(_("Give between 1 and %(n)s hours in force.") % {"n": MOST_HOURS})
    if not one_line(typed.source):
        raise RuleRefused(_("Write what the rule rests on: a plan, an order, a decision."))
