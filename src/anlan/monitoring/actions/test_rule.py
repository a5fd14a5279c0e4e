from datetime import date, datetime
from time import perf_counter
from typing import Any

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._testing import stretches_of, walk_stretch
from anlan.monitoring.core.backtest import BackTest, events_of
from anlan.monitoring.core.stretches import Stretch
from anlan.monitoring.core.tested import MOST_KEPT, as_events, as_row, from_row
from anlan.monitoring.models import RuleVersion
from anlan.monitoring.queries.warned import warned_at

AT_ONCE_S = 20.0  # walked at a time: others wait for the same worker
AT_MOST_S = 900.0  # walked in all


def test_rule(version_id: int, *, run: str, by: Actor, now: datetime) -> bool:
    """Walk a test on for a while, stretch by stretch, and tell whether it goes on.

    What it came to stands in the version after each stretch, so that another process can walk on,
    and nothing is held locked meanwhile. A run that was begun anew, or whose version was changed,
    is left.
    """
    version = RuleVersion.objects.filter(pk=version_id).select_related("rule").first()
    if version is None or not _goes_on(version.tested, run):
        return False
    tested, test = dict(version.tested), _resumed(version.tested)
    left = [x for x in _stretches(version) if x.since.isoformat() >= tested["next"]]
    begin = perf_counter()
    for number, stretch in enumerate(left, start=1):
        started = perf_counter()
        walked = walk_stretch(test, version, stretch, now=now)
        tested["readings"] += walked.readings
        tested["stations"] = max(tested["stations"], walked.stations)
        tested["seconds"] = round(tested["seconds"] + perf_counter() - started, 2)
        tested["next"] = stretch.until.isoformat()
        _note(tested, test, now=now)
        if not _keep(version, tested):
            return False
        if number < len(left) and tested["seconds"] >= AT_MOST_S:
            _end(version, tested, test, is_whole=False, by=by, now=now)
            return False
        if number < len(left) and perf_counter() - begin >= AT_ONCE_S:
            return True
    _end(version, tested, test, is_whole=True, by=by, now=now)
    return False


def _goes_on(tested: dict[str, Any], run: str) -> bool:
    return tested.get("run") == run and tested.get("state") == "running"


def _keep(version: RuleVersion, tested: dict[str, Any]) -> bool:
    """Write how far the run is; tell whether it is still the one that is asked for."""
    rows = RuleVersion.objects.filter(
        pk=version.pk, tested__run=tested["run"], tested__state="running"
    )
    return bool(rows.update(tested=tested))


def _stretches(version: RuleVersion) -> list[Stretch]:
    since, until = (date.fromisoformat(version.tested[name]) for name in ("since", "until"))
    return stretches_of(version, since=since, until=until)


def _resumed(tested: dict[str, Any]) -> BackTest:
    """Return the test as it stood after the last stretch."""
    test = BackTest(
        (from_row(row), datetime.fromisoformat(below) if below else None)
        for row, below in tested["standing"]
    )
    test.fired = [from_row(row) for row in tested["fired"]]
    return test


def _note(tested: dict[str, Any], test: BackTest, *, now: datetime) -> None:
    """Note what has fired and what stands."""
    days = date.fromisoformat(tested["until"]) - date.fromisoformat(tested["since"])
    gone = date.fromisoformat(tested["next"]) - date.fromisoformat(tested["since"])
    tested["share"] = round(100 * gone.days / (days.days + 1))
    tested["walked_at"] = now.isoformat()
    tested["fired"] = [as_row(firing) for firing in test.fired]
    tested["standing"] = [
        [as_row(firing), below.isoformat() if below else ""] for firing, below in test.standing
    ]


@transaction.atomic
def _end(
    version: RuleVersion,
    tested: dict[str, Any],
    test: BackTest,
    *,
    is_whole: bool,
    by: Actor,
    now: datetime,
) -> None:
    """Gather what has fired into events and mark each by whether somebody was warned then.

    Of very many firings the first are kept.
    """
    events = events_of(test.end())
    warned, known_since = warned_at(version)
    in_order = [firing for event in events for firing in event.firings]
    done = tested | {
        "state": "done" if is_whole else "stopped",
        "events": as_events(events, warned=warned, known_since=known_since),
        "fired": [as_row(firing) for firing in in_order[:MOST_KEPT]],
        "all_fired": len(in_order),
        "standing": [],
    }
    if not _keep(version, done):
        return
    journal.record(
        "rule.tested",
        by=by,
        now=now,
        subject=f"rule:{version.rule.uuid}",
        division_code=version.rule.division_id,
        detail={
            "version": version.number,
            "state": done["state"],
            "since": done["since"],
            "until": done["until"],
            "events": len(done["events"]),
        },
    )
