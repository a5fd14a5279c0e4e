from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._rules import version_meant
from anlan.monitoring.data import RuleState
from anlan.monitoring.models import Rule, RuleVersion, Threshold
from anlan.monitoring.rule_refusals import RuleRefused


@transaction.atomic
def drop_draft(uuid: str, *, number: int, by: Actor, now: datetime) -> bool:
    """Delete a draft, and the rule with it when it has no other version; tell whether it is gone.

    Raises RuleRefused for another version than a draft, RuleOutOfSight and NotPermitted.
    """
    version = version_meant(uuid, number, by=by, now=now)
    rule = version.rule
    Threshold.objects.filter(version=version, version__state=RuleState.DRAFT).delete()
    gone, _by_model = RuleVersion.objects.filter(pk=version.pk, state=RuleState.DRAFT).delete()
    if not gone:
        raise RuleRefused.no_draft()
    is_last = not RuleVersion.objects.filter(rule=rule).exists()
    if is_last:
        Rule.objects.filter(pk=rule.pk).delete()
    journal.record(
        "rule.draft_dropped",
        by=by,
        now=now,
        subject=f"rule:{rule.uuid}",
        division_code=rule.division_id,
        detail={"version": number, "name": rule.name},
    )
    return is_last
