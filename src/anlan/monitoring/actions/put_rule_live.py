from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._rules import check_text, today, turn_limits, version_meant
from anlan.monitoring.data import RuleState
from anlan.monitoring.models import RuleVersion, Threshold
from anlan.monitoring.queries.rules import text_of, version_row
from anlan.monitoring.rule_refusals import RuleRefused
from anlan.registry.data import Hazard

LONGEST_REASON = 200


@transaction.atomic
def put_rule_live(
    uuid: str, *, number: int, seen: datetime, reason: str = "", by: Actor, now: datetime
) -> None:
    """Put a draft in force; the version that was in force retires, and every worker is told.

    A draft that was not tested needs a reason. `seen` is when the draft that the actor looked at
    was made. Raises RuleRefused, RuleOutOfSight and NotPermitted.
    """
    version = version_meant(uuid, number, by=by, now=now)
    rule = version.rule
    if version.state != RuleState.DRAFT:
        raise RuleRefused.no_draft()
    check_text(text_of(version), division_code=rule.division_id, hazard=Hazard(rule.hazard))
    tested = version_row(version)
    reason = "" if tested.test_state == "done" else reason.strip()[:LONGEST_REASON]
    if tested.test_state != "done" and not reason:
        raise RuleRefused.untested()
    retired = list(
        RuleVersion.objects.filter(rule=rule, state=RuleState.LIVE).values_list("number", flat=True)
    )
    RuleVersion.objects.filter(rule=rule, state=RuleState.LIVE).update(
        state=RuleState.RETIRED, retired_at=now
    )
    Threshold.objects.filter(version=version).update(effective_from=today(now))
    put = RuleVersion.objects.filter(pk=version.pk, state=RuleState.DRAFT, made_at=seen).update(
        state=RuleState.LIVE, live_from=now, untested_because=reason
    )
    if put != 1:
        raise RuleRefused.changed_since()
    turn_limits()
    journal.record(
        "rule.put_in_force",
        by=by,
        now=now,
        subject=f"rule:{rule.uuid}",
        division_code=rule.division_id,
        detail={
            "version": number,
            "retired": retired,
            "fired": tested.events,
            "false": tested.false,
            "untested_because": reason,
        },
    )
