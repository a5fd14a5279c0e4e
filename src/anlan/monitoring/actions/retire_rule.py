from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._rules import rule_meant, turn_limits
from anlan.monitoring.data import RuleState
from anlan.monitoring.models import RuleVersion
from anlan.monitoring.rule_refusals import RuleRefused


@transaction.atomic
def retire_rule(uuid: str, *, reason: str, by: Actor, now: datetime) -> None:
    """Take the version of a rule that is in force out of force; every worker is told.

    What stands over it ends after its holding time. Raises RuleRefused when none is in force,
    RuleOutOfSight and NotPermitted.
    """
    rule = rule_meant(uuid, by=by, now=now)
    live = RuleVersion.objects.filter(rule=rule, state=RuleState.LIVE)
    numbers = list(live.values_list("number", flat=True))
    if not live.update(state=RuleState.RETIRED, retired_at=now):
        raise RuleRefused.not_live()
    turn_limits()
    journal.record(
        "rule.retired",
        by=by,
        now=now,
        subject=f"rule:{rule.uuid}",
        division_code=rule.division_id,
        detail={"versions": numbers, "reason": reason.strip()[:200]},
    )
