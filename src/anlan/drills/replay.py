"""A replay: recorded telemetry through the production code on virtual time."""

import gc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from anlan.kernel import clock, heartbeat, journal
from anlan.kernel.actors import the_program
from anlan.kernel.queue import virtual_queue
from anlan.kernel.scope import everywhere
from anlan.monitoring.api import forget_windows, ingest_frames


@dataclass(frozen=True)
class Burst:
    """The frames that reach the centre at one moment."""

    at: datetime
    frames: Sequence[bytes]


@dataclass
class ReplayCount:
    """What a replay came to."""

    frames: int = 0
    readings: int = 0
    faults: int = 0
    tasks: int = 0
    by_task: dict[str, int] = field(default_factory=dict)
    seconds_by_task: dict[str, float] = field(default_factory=dict)


def replay(
    bursts: Iterable[Burst],
    *,
    start: datetime,
    until: datetime,
    progress: Callable[[datetime], None] = lambda at: None,
) -> ReplayCount:
    """Play bursts of telemetry from `start`, run everything they cause up to `until`, count it.

    The queue must be the virtual one. The clock stands at `until` when this returns; the first
    task that fails stops the replay with TaskFailed.
    """
    count = ReplayCount()
    virtual_queue.forget_all()
    forget_windows()
    gc.freeze()  # what is loaded by now stays; the collector need not walk it at every round
    with clock.use(clock.FixedClock(start)), everywhere("replay"):
        heartbeat.start_late_sweeps(now=start)
        for burst in bursts:
            count.tasks += virtual_queue.run_until(burst.at)
            if burst.frames:
                done, _frames = ingest_frames(
                    burst.frames, peer="replay", by=the_program("replay"), now=burst.at
                )
                count.frames += done.frames
                count.readings += done.stored
                count.faults += done.faults
            progress(burst.at)
        count.tasks += virtual_queue.run_until(until)
        journal.seal(now=until)
    count.by_task = dict(virtual_queue.ran)
    count.seconds_by_task = dict(virtual_queue.seconds)
    virtual_queue.forget_all()
    return count
