from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._rules import version_meant
from anlan.monitoring.core.tested import Mark
from anlan.monitoring.models import RuleVersion
from anlan.monitoring.rule_refusals import RuleOutOfSight, RuleRefused


@transaction.atomic
def mark_event(
    uuid: str, *, number: int, run: str, event: int, mark: Mark, by: Actor, now: datetime
) -> None:
    """Say of an event of a version's last test whether it was one; `event` counts from 0.

    `run` is the test that the actor looked at. Raises RuleRefused when another has been run since,
    RuleOutOfSight and NotPermitted.
    """
    version = version_meant(uuid, number, by=by, now=now)
    tested = dict(version.tested)
    if not 0 <= event < len(tested.get("events", ())):
        raise RuleOutOfSight(f"{uuid} {number} event {event}")
    if tested.get("run") != run:
        raise RuleRefused.changed_since()
    events = [dict(each) for each in tested["events"]]
    events[event] |= {"mark": mark.value, "by_person": True}
    turn = tested["turn"]
    kept = RuleVersion.objects.filter(pk=version.pk, tested__run=run, tested__turn=turn).update(
        tested=tested | {"events": events, "turn": turn + 1}
    )
    if kept != 1:
        raise RuleRefused.changed_since()
    journal.record(
        "rule.event_marked",
        by=by,
        now=now,
        subject=f"rule:{version.rule.uuid}",
        division_code=version.rule.division_id,
        detail={"version": number, "since": events[event]["since"], "mark": mark.value},
    )
