import uuid as uuids
from datetime import date, datetime, timedelta

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._rules import today, version_meant
from anlan.monitoring.models import RuleVersion
from anlan.monitoring.rule_refusals import RuleRefused

MOST_YEARS = 20
STALE = timedelta(minutes=10)


@transaction.atomic
def start_test(
    uuid: str, *, number: int, since: date, until: date, by: Actor, now: datetime
) -> str:
    """Begin a back-test of a version over what was measured on these days, both included.

    Returns what the run is called; `test_rule` walks it on. Raises RuleRefused for a period that
    cannot be, or while a test of the version runs, RuleOutOfSight and NotPermitted.
    """
    version = version_meant(uuid, number, by=by, now=now)
    last = today(now)
    if not since <= until <= last or until - since > timedelta(days=366 * MOST_YEARS):
        raise RuleRefused.for_period(since, until, years=MOST_YEARS)
    if _is_running(version, now=now):
        raise RuleRefused.being_tested()
    run = uuids.uuid4().hex
    RuleVersion.objects.filter(pk=version.pk).update(
        tested={
            "run": run,
            "turn": 0,
            "state": "running",
            "since": since.isoformat(),
            "until": until.isoformat(),
            "asked_at": now.isoformat(),
            "walked_at": now.isoformat(),
            "next": since.isoformat(),
            "share": 0,
            "seconds": 0,
            "readings": 0,
            "stations": 0,
            "standing": [],
            "fired": [],
            "events": [],
        }
    )
    journal.record(
        "rule.test_started",
        by=by,
        now=now,
        subject=f"rule:{version.rule.uuid}",
        division_code=version.rule.division_id,
        detail={"version": number, "since": since.isoformat(), "until": until.isoformat()},
    )
    return run


def _is_running(version: RuleVersion, *, now: datetime) -> bool:
    tested = version.tested or {}
    if tested.get("state") != "running":
        return False
    return now - datetime.fromisoformat(tested["walked_at"]) < STALE
