from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._rules import (
    check_text,
    checked_name,
    version_meant,
    write_conditions,
)
from anlan.monitoring.core.rules import RuleText
from anlan.monitoring.data import RuleState
from anlan.monitoring.models import Rule, RuleVersion
from anlan.monitoring.rule_refusals import RuleRefused
from anlan.registry.data import Hazard


@transaction.atomic
def edit_draft(
    uuid: str,
    *,
    number: int,
    name: str,
    text: RuleText,
    seen: datetime,
    by: Actor,
    now: datetime,
) -> None:
    """Write what a draft says anew; a test of what it said before counts no more.

    `seen` is when the draft that the actor changes was made. Raises RuleRefused with all that is
    wrong, for another version than a draft, or when somebody else has changed it since; and
    RuleOutOfSight and NotPermitted.
    """
    version = version_meant(uuid, number, by=by, now=now)
    rule = version.rule
    plain = checked_name(name, division_code=rule.division_id, besides=rule.pk)
    check_text(text, division_code=rule.division_id, hazard=Hazard(rule.hazard))
    if version.state != RuleState.DRAFT:
        raise RuleRefused.no_draft()
    changed = RuleVersion.objects.filter(pk=version.pk, state=RuleState.DRAFT, made_at=seen).update(
        source=text.source.strip(),
        for_min=text.for_min,
        stations_needed=text.stations_needed,
        falls_to=text.falls_to,
        falls_by=text.falls_by,
        clear_after_min=text.clear_after_min,
        tested={},
        made_by=by.label,
        made_at=now,
    )
    if changed != 1:
        raise RuleRefused.changed_since()
    Rule.objects.filter(pk=rule.pk).update(name=plain)
    write_conditions(version, text.conditions, source=text.source.strip(), now=now)
    journal.record(
        "rule.edited",
        by=by,
        now=now,
        subject=f"rule:{rule.uuid}",
        division_code=rule.division_id,
        detail={"version": number, "conditions": len(text.conditions)},
    )
