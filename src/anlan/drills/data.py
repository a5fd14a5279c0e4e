"""What crosses the drills' door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Burst:
    """The frames that reach the centre at one moment."""

    at: datetime
    frames: Sequence[bytes]


@dataclass(frozen=True)
class ReplayCount:
    """What a replay came to, with the runs and the CPU seconds of each kind of task."""

    frames: int
    readings: int
    faults: int
    tasks: int
    by_task: Mapping[str, int]
    seconds_by_task: Mapping[str, float]
