from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._rules import next_number, rule_meant, write_conditions
from anlan.monitoring.data import RuleState
from anlan.monitoring.models import RuleVersion
from anlan.monitoring.queries.rules import text_of
from anlan.monitoring.rule_refusals import RuleOutOfSight


@transaction.atomic
def draft_version(uuid: str, *, by: Actor, now: datetime) -> int:
    """Copy the version in force, or else the newest, into a draft, and return its number.

    Raises RuleRefused while the rule has a draft, RuleOutOfSight and NotPermitted.
    """
    rule = rule_meant(uuid, by=by, now=now)
    number = next_number(rule)
    versions = RuleVersion.objects.filter(rule=rule).order_by("-number")
    model = versions.filter(state=RuleState.LIVE).first() or versions.first()
    if model is None:
        raise RuleOutOfSight(uuid)
    text = text_of(model)
    draft = RuleVersion.objects.create(
        rule=rule,
        number=number,
        source=text.source,
        for_min=text.for_min,
        stations_needed=text.stations_needed,
        falls_to=text.falls_to,
        falls_by=text.falls_by,
        clear_after_min=text.clear_after_min,
        made_by=by.label,
        made_at=now,
    )
    write_conditions(draft, text.conditions, source=text.source, now=now)
    journal.record(
        "rule.drafted",
        by=by,
        now=now,
        subject=f"rule:{rule.uuid}",
        division_code=rule.division_id,
        detail={"version": number, "copied_from": model.number},
    )
    return number
