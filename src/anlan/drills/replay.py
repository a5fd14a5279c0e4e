"""A replay: recorded telemetry through the production code on virtual time."""

import gc
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from anlan.drills.data import Burst, ReplayCount
from anlan.kernel import clock, heartbeat, journal
from anlan.kernel.actors import the_program
from anlan.kernel.queue import virtual_queue
from anlan.kernel.scope import everywhere
from anlan.monitoring.api import forget_windows, ingest_frames


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
    came: Counter[str] = Counter()
    virtual_queue.forget_all()
    forget_windows()
    gc.freeze()  # what is loaded by now stays; the collector need not walk it at every round
    rounds = gc.get_threshold()
    gc.set_threshold(50_000, 50, 50)  # little of a replay's garbage is in circles
    try:
        with clock.use(clock.FixedClock(start)), everywhere("replay"):
            heartbeat.start_late_sweeps(now=start)
            for burst in bursts:
                came["tasks"] += virtual_queue.run_until(burst.at)
                if burst.frames:
                    done, _frames = ingest_frames(
                        burst.frames, peer="replay", by=the_program("replay"), now=burst.at
                    )
                    came.update(frames=done.frames, readings=done.stored, faults=done.faults)
                progress(burst.at)
            came["tasks"] += virtual_queue.run_until(until)
            journal.seal(now=until)
    finally:
        gc.set_threshold(*rounds)
        gc.unfreeze()
    count = ReplayCount(
        frames=came["frames"],
        readings=came["readings"],
        faults=came["faults"],
        tasks=came["tasks"],
        by_task=dict(virtual_queue.ran),
        seconds_by_task=dict(virtual_queue.seconds),
    )
    virtual_queue.forget_all()
    return count
