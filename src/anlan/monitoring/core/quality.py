"""Which readings count, and why the others do not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from anlan.monitoring.data import Verdict

FUTURE_TOLERANCE = timedelta(minutes=5)

POSSIBLE_RANGES: Mapping[str, tuple[float, float]] = {
    "PN01": (0.0, 40.0),
    "PN05": (0.0, 120.0),
    "PN10": (0.0, 180.0),
    "PN30": (0.0, 300.0),
    "P1": (0.0, 410.0),
    "P2": (0.0, 600.0),
    "P3": (0.0, 700.0),
    "P6": (0.0, 900.0),
    "P12": (0.0, 1_400.0),
    "PD": (0.0, 1_900.0),
    "PJ": (0.0, 1_900.0),
    "PT": (0.0, 99_999.9),
    "Z": (-20.0, 9_000.0),
    "ZB": (-20.0, 9_000.0),
    "ZU": (-20.0, 9_000.0),
    "Q": (0.0, 120_000.0),
    "VT": (0.0, 100.0),
    "AI": (-60.0, 60.0),
    "MST": (0.0, 100.0),
}
"""Lowest and highest value that nature or the instrument allows, in the element's unit.

Rain bounds lie just above the world records of each duration (38 mm in 1 min, 401 mm in 1 h,
1 825 mm in 24 h); levels span the Dead Sea shore to the highest lakes.
"""


@dataclass(frozen=True)
class Sample:
    """One number of a known station."""

    station_id: int
    address: str
    element: str
    observed_at: datetime
    value: float


@dataclass(frozen=True)
class Last:
    """The last counted value of a station's element."""

    observed_at: datetime
    value: float


@dataclass(frozen=True)
class Judged:
    """A batch told apart: what counts, what is set aside and why, what came a second time."""

    counted: tuple[Sample, ...]
    set_aside: tuple[tuple[Sample, Verdict], ...]
    repeated: int
    latest: Mapping[tuple[int, str], Last]


def is_possible(element: str, value: float) -> bool:
    """Tell whether a value can be; an element without a known range passes."""
    low, high = POSSIBLE_RANGES.get(element, (float("-inf"), float("inf")))
    return low <= value <= high


def judge(
    samples: Iterable[Sample], *, latest: Mapping[tuple[int, str], Last], now: datetime
) -> Judged:
    """Return which samples count, given the last counted value of each station's element.

    The same value sent again for the same instant is only counted as a repetition; another value
    for that instant, an older instant, an instant beyond the tolerance or an impossible value is
    set aside with its verdict.
    """
    known = dict(latest)
    counted: list[Sample] = []
    aside: list[tuple[Sample, Verdict]] = []
    repeated = 0
    horizon = now + FUTURE_TOLERANCE
    for sample in samples:
        key = (sample.station_id, sample.element)
        last = known.get(key)
        if not is_possible(sample.element, sample.value):
            aside.append((sample, Verdict.IMPOSSIBLE))
        elif sample.observed_at > horizon:
            aside.append((sample, Verdict.FUTURE))
        elif last is None or sample.observed_at > last.observed_at:
            known[key] = Last(sample.observed_at, sample.value)
            counted.append(sample)
        elif sample.observed_at < last.observed_at:
            aside.append((sample, Verdict.OUT_OF_ORDER))
        elif sample.value == last.value:
            repeated += 1
        else:
            aside.append((sample, Verdict.REPEATED))
    changed = {key: last for key, last in known.items() if latest.get(key) is not last}
    return Judged(tuple(counted), tuple(aside), repeated, changed)
