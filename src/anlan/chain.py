"""The whole program on one page: which fact starts which task.

A reading is stored, and monitoring judges it against its thresholds. From there on every link
between two rooms stands below. A follow-up is a row in the queue, written in the transaction of
the fact that causes it, so that nothing falls between; what a room's own next step is (a ladder
going up, a message leaving) the room enqueues itself.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django_tasks.base import Task

from anlan.assessment import tasks as assessment
from anlan.command import facts as command_facts
from anlan.command import tasks as command
from anlan.kernel import heartbeat, journal
from anlan.kernel.facts import Fact
from anlan.kernel.queue import requeue_orphans
from anlan.monitoring import facts as monitoring_facts
from anlan.monitoring.tasks import deriving, tending
from anlan.monitoring.tasks import judging as monitoring
from anlan.plans import tasks as plans
from anlan.registry import facts as registry_facts
from anlan.registry import tasks as registry
from anlan.relief import tasks as relief
from anlan.supplies import tasks as supplies
from anlan.warning import api as warning_door
from anlan.warning import facts as warning_facts
from anlan.warning.tasks import broadcasting, deciding, following, telling, testing
from anlan.warning.tasks import issuing as warning
from anlan.warning.tasks import polling as upper_warnings

LINKS: tuple[tuple[Fact, Task[Any, Any]], ...] = (
    # a threshold is crossed      → people are warned
    (monitoring_facts.thresholds_crossed, warning.issue_for_exceedances),
    # a warning is out            → its households are told to leave; a plan's level may be called
    (warning_facts.warnings_issued, relief.order_for_warnings),
    (warning_facts.warnings_issued, command.respond_to_warnings),
    # a warning is out            → the loudspeakers of its villages read it out
    (warning_facts.warnings_issued, broadcasting.broadcast),
    # a station has fallen silent → its town hears of it, then the county
    (monitoring_facts.silences_raised, telling.tell_of_silences),
    # a macro anomaly is verified, or an upper level warns → the county's duty officers hear of it
    (monitoring_facts.macro_anomaly_verified, telling.tell_of_anomalies),
    (warning_facts.upper_warning_received, telling.tell_of_upper_warning),
    # a level opened tasks        → their holders hear of it, their deadlines are watched
    (command_facts.tasks_opened, command.tell_holders),
    # a village has nobody left   → somebody is sent to knock
    (warning_facts.nobody_answered, command.send_somebody),
    # whoever answers needs help  → the town is sent, the duty officers hear of it
    (warning_facts.help_asked, command.send_help),
    (warning_facts.help_asked, telling.tell_of_help),
    # the water has gone          → the warning is lifted, households go home, the response ends
    (monitoring_facts.thresholds_cleared, warning.lift_for_exceedances),
    (warning_facts.warnings_lifted, relief.end_for_warnings),
    (warning_facts.warnings_lifted, command.plan_closing),
    (warning_facts.warnings_lifted, broadcasting.broadcast_end),
    # the incident is closed      → it is assessed
    (command_facts.incident_closed, assessment.write_report),
    # divisions were redrawn      → stations, stores, plans, loudspeakers, open tasks go with them
    (registry_facts.divisions_redrawn, monitoring.follow_divisions),
    (registry_facts.divisions_redrawn, supplies.follow_divisions),
    (registry_facts.divisions_redrawn, plans.follow_divisions),
    (registry_facts.divisions_redrawn, following.follow_divisions),
    (registry_facts.divisions_redrawn, command.follow_divisions),
)
"""Each fact with the task it starts; the fact's payload becomes the task's arguments."""

OBJECTIONS: tuple[tuple[Fact, Callable[[list[str]], None]], ...] = (
    # divisions are to be redrawn → not while a warning stands over them
    (registry_facts.redrawing_asked, warning_door.check_no_open_warnings),
)
"""Each question of a lower room with the check of a higher one, which raises to say no."""

SEAL_EVERY = timedelta(minutes=30)


def connect() -> None:
    """Connect every fact to its task and declare every sweep; called once when all rooms are up."""
    for fact, task in LINKS:
        fact.connect(_starter(task), weak=False, dispatch_uid=task.module_path)
    for fact, check in OBJECTIONS:
        fact.connect(_asker(check), weak=False, dispatch_uid=check.__qualname__)
    heartbeat.declare_sweep("journal", every=SEAL_EVERY, repair=_seal)
    heartbeat.declare_sweep("queue", every=SEAL_EVERY, repair=_requeue)
    heartbeat.declare_sweep("registry", every=registry.SWEEP_EVERY, repair=registry.sweep)
    heartbeat.declare_sweep("monitoring", every=monitoring.SWEEP_EVERY, repair=monitoring.sweep)
    heartbeat.declare_sweep("stations", every=tending.LISTEN_EVERY, repair=tending.listen)
    heartbeat.declare_sweep("neighbours", every=tending.COMPARE_EVERY, repair=tending.compare)
    heartbeat.declare_sweep("readings", every=tending.TEND_EVERY, repair=tending.tend)
    heartbeat.declare_sweep("derived", every=deriving.DERIVE_EVERY, repair=deriving.derive)
    heartbeat.declare_sweep("warning", every=warning.SWEEP_EVERY, repair=warning.sweep)
    heartbeat.declare_sweep("drafts", every=deciding.SWEEP_EVERY, repair=deciding.sweep)
    heartbeat.declare_sweep(
        "upper_warnings", every=upper_warnings.SWEEP_EVERY, repair=upper_warnings.sweep
    )
    heartbeat.declare_sweep("communication_tests", every=testing.SWEEP_EVERY, repair=testing.sweep)
    heartbeat.declare_sweep("command", every=command.SWEEP_EVERY, repair=command.sweep)
    heartbeat.declare_sweep("relief", every=relief.SWEEP_EVERY, repair=relief.sweep)
    heartbeat.declare_sweep("assessment", every=assessment.SWEEP_EVERY, repair=assessment.sweep)


def _seal(now: datetime) -> int:
    """Seal the journal; sealing is no repair."""
    journal.seal(now=now)
    return 0


def _requeue(now: datetime) -> int:
    return requeue_orphans(now=now)


def _starter(task: Task[Any, Any]) -> Callable[..., None]:
    def start(sender: object, *, signal: Fact, **payload: Any) -> None:
        task.enqueue(**payload)

    return start


def _asker(check: Callable[[list[str]], None]) -> Callable[..., None]:
    def ask(sender: object, *, signal: Fact, codes: list[str]) -> None:
        check(codes)

    return ask
