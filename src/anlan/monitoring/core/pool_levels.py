"""The recent levels of a pool in even steps."""

from datetime import timedelta

import numpy as np

from anlan.monitoring.core.columns import Columns, Floats

_SECOND_US = 1_000_000


def levels_in_steps(rows: Columns, *, end_us: int, step_s: int, span: timedelta) -> Floats:
    """Return the levels of one series at even steps up to an instant (µs), the newest last.

    A step holds the last level measured within it, NaN where none was.
    """
    count = int(span.total_seconds()) // step_s
    found = np.full(count, np.nan)
    ago = (end_us - rows.micros) // (step_s * _SECOND_US)
    mine = np.flatnonzero((ago >= 0) & (ago < count))
    mine = mine[np.argsort(rows.micros[mine], kind="stable")]
    found[count - 1 - ago[mine]] = rows.values[mine]
    return found
