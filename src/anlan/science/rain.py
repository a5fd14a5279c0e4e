"""Sum rain over sliding windows."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def window_sums(increments_mm: ArrayLike, *, steps: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the rain of the last `steps` intervals at the end of every interval.

    `increments_mm` has shape (..., T), in mm an interval, NaN where the interval is missing. Both
    results have that shape: the sums in mm, and whether every interval of the window was there.
    A missing interval, or one before the first, counts as 0: the sum is then a lower bound and
    incomplete. Raises ValueError for no steps, and for negative or infinite rain.
    Source: sliding accumulation as used for rain warning signals, stamped with the window's end.
    """
    if steps < 1:
        raise ValueError("a window has at least one step")
    rain = np.asarray(increments_mm, dtype=np.float64)
    if rain.ndim == 0:
        raise ValueError("rain needs a time axis")
    missing = np.isnan(rain)
    known = np.where(missing, 0.0, rain)
    if np.any(known < 0) or np.any(np.isinf(known)):
        raise ValueError("rain is neither negative nor infinite")
    sums = _trailing_sums(known, steps=steps)
    present = _trailing_sums((~missing).astype(np.float64), steps=steps)
    return sums, present == steps


def _trailing_sums(values: Floats, *, steps: int) -> Floats:
    """Return trailing sums by doubling windows.

    Only additions of what is there: differences of a running total would leave dust below zero.
    """
    length = values.shape[-1]
    sums = np.zeros_like(values)
    block, width, offset = values, 1, 0
    left = min(steps, length)
    while left:
        if left & 1:
            sums[..., offset:] += block[..., : length - offset]
            offset += width
        left >>= 1
        if left:
            block = _add_shifted(block, shift=width)
            width *= 2
    return sums


def _add_shifted(block: Floats, *, shift: int) -> Floats:
    """Return the block plus itself `shift` steps earlier."""
    doubled = block.copy()
    doubled[..., shift:] += block[..., : block.shape[-1] - shift]
    return doubled
