"""The last days of many series in memory, in slots of five minutes."""

from typing import Final

import numpy as np
import numpy.typing as npt

SLOT_S: Final = 300
SLOTS_PER_HOUR: Final = 3600 // SLOT_S
LONGEST: Final = 72 * SLOTS_PER_HOUR
AHEAD: Final = 2  # a station's clock may be fast by the tolerance of `intake`
RING: Final = LONGEST + AHEAD + 2
MILLI: Final = 1000  # rain is summed in whole thousandths, so that a sum meets its limit exactly

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_NEVER: Final = -(10**12)
_NO_VALUE: Final = -1


class Rings:
    """Values of a fixed number of rows by slot; between two values the last one stands.

    With `is_sum` a value is an amount that is added to its slot, and the ring holds the running
    total: the sum of a window is a difference of two cells. Without it, the ring holds the value
    itself, NaN before the first; of several values in a slot the latest measured one stands,
    whichever came first.
    """

    def __init__(self, rows: int, *, is_sum: bool) -> None:
        self.is_sum = is_sum
        self._filled = np.full(rows, _NEVER, dtype=np.int64)
        self._ring = np.zeros((rows, RING), dtype=np.int64 if is_sum else np.float64)
        if not is_sum:
            self._ring[:] = np.nan
            # When in its slot the value of a cell was measured, in ms.
            self._when = np.full((rows, RING), _NO_VALUE, dtype=np.int32)

    def put(self, rows: Ints, slot: int, values: Floats, *, when_ms: Ints) -> None:
        """Take in the values of distinct rows at one slot; what is older than the ring is left."""
        if self.is_sum:
            values = np.rint(values * MILLI)
        age = slot - self._filled[rows]
        ahead = age > 0
        if ahead.any():
            self._append(rows[ahead], slot, values[ahead], when_ms[ahead])
        now = age == 0
        if now.any():
            self._renew(rows[now], slot, values[now], when_ms[now])
        late = np.flatnonzero((age < 0) & (age > -RING + 1))
        for place in late.tolist():
            self._mend(int(rows[place]), slot, float(values[place]), int(when_ms[place]))

    def last_slots(self, rows: Ints) -> Ints:
        """Return the slot of each row's newest value."""
        return self._filled[rows]

    def at(self, rows: Ints, slot: int | Ints) -> Floats:
        """Return the running total, in thousandths, or the value that stood at a slot."""
        filled = self._filled[rows]
        wanted = np.minimum(slot, filled)
        wanted = np.maximum(wanted, filled - RING + 1)
        return np.asarray(self._ring[rows, wanted % RING], dtype=np.float64)

    def sums(self, rows: Ints, slot: int, windows: Ints) -> Floats:
        """Return the amount of the `windows` slots that end at a slot."""
        return np.asarray((self.at(rows, slot) - self.at(rows, slot - windows)) / MILLI)

    def _append(self, rows: Ints, slot: int, values: Floats, when_ms: Ints) -> None:
        filled = self._filled[rows]
        gap = slot - filled
        far = gap >= RING
        if far.any():
            self._restart(rows[far])
        before = self._ring[rows, filled % RING]
        if far.any():
            before[far] = self._ring[rows[far], 0]
        for step in range(1, int(min(gap[~far].max(initial=1), RING))):
            between = ~far & (gap > step)
            cell = (filled[between] + step) % RING
            self._ring[rows[between], cell] = before[between]
            if not self.is_sum:
                self._when[rows[between], cell] = _NO_VALUE
        cell_now = slot % RING
        self._filled[rows] = slot
        if self.is_sum:
            self._ring[rows, cell_now] = before + values
        else:
            self._ring[rows, cell_now] = values
            self._when[rows, cell_now] = when_ms

    def _renew(self, rows: Ints, slot: int, values: Floats, when_ms: Ints) -> None:
        """Add to the newest slot, or let the later measured value of it stand."""
        cell = slot % RING
        if self.is_sum:
            self._ring[rows, cell] += values.astype(np.int64)
            return
        newer = when_ms >= self._when[rows, cell]
        rows = rows[newer]
        self._ring[rows, cell] = values[newer]
        self._when[rows, cell] = when_ms[newer]

    def _restart(self, rows: Ints) -> None:
        """Empty rows whose last value lies further back than the ring: what stood goes on."""
        filled = self._filled[rows]
        standing = self._ring[rows, filled % RING]
        self._ring[rows] = standing[:, None]
        if not self.is_sum:
            self._when[rows] = _NO_VALUE

    def _mend(self, row: int, slot: int, value: float, when_ms: int) -> None:
        """Add to, or put a value at, a slot that was passed already."""
        filled = int(self._filled[row])
        cells = np.arange(slot, filled + 1) % RING
        if self.is_sum:
            self._ring[row, cells] += int(value)
            return
        if when_ms < self._when[row, cells[0]]:
            return
        later = np.flatnonzero(self._when[row, cells[1:]] != _NO_VALUE)
        stop = int(later[0]) + 1 if later.size else cells.size
        self._ring[row, cells[:stop]] = value
        self._when[row, cells[0]] = when_ms
