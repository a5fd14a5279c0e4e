"""The demo: a district is built, a storm crosses it, and the record says how it went."""

import resource
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from itertools import takewhile
from time import perf_counter

from anlan.assessment.api import incident_report
from anlan.command.api import incidents
from anlan.demo.accounts import open_demo_accounts
from anlan.demo.build import build_district
from anlan.demo.data import DemoResult
from anlan.demo.storm import HOURS, make_storm
from anlan.demo.telemetry import bursts
from anlan.drills.api import replay
from anlan.kernel import clock
from anlan.kernel.scope import everywhere
from anlan.monitoring.api import station_points
from anlan.registry.api import reservoir_figures, section_figures

SEED = 20120804
BEIJING = timezone(timedelta(hours=8))
STORM_START = datetime(2026, 8, 3, 2, 0, tzinfo=BEIJING)
"""The recorded hours, moved from 2012 to 2026; the hour of the day is the recorded one."""


def run_demo(
    *,
    seed: int = SEED,
    hours: int = HOURS,
    progress: Callable[[float], None] = lambda share: None,
) -> DemoResult:
    """Build the district in the present, empty database, replay the storm and return the report."""
    began, cpu = perf_counter(), _cpu_s()
    made_at = STORM_START - timedelta(hours=1)
    with clock.use(clock.FixedClock(made_at)), everywhere("demo"):
        build_district(seed=seed, now=made_at)
        open_demo_accounts(now=made_at)
        storm = make_storm(
            station_points(),
            reservoirs=reservoir_figures(),
            sections=section_figures(),
            start=STORM_START,
            seed=seed,
        )
    built = _cpu_s()
    span = timedelta(hours=hours)

    def told(at: datetime) -> None:
        progress(min(1.0, (at - STORM_START) / span))

    until = STORM_START + span
    played = takewhile(lambda burst: burst.at <= until, bursts(storm, seed=seed))
    count = replay(played, start=STORM_START, until=until, progress=told)
    replayed = _cpu_s()
    with clock.use(clock.FixedClock(until)), everywhere("demo"):
        found = incidents()
        report = incident_report(found[-1].uuid) if found else None
    cost = {
        "build_cpu_s": round(built - cpu, 2),
        "replay_cpu_s": round(replayed - built, 2),
        "wall_s": round(perf_counter() - began, 2),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }
    return DemoResult(report=report, replay=count, cost=cost)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
