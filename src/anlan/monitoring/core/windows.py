"""The last day of every station in memory: five-minute rain in a ring, and the last level."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt

SLOT_S = 300
SLOTS = 24 * 3600 // SLOT_S
AHEAD = 1  # a station's clock may be fast by the tolerance of `quality`: one slot
RING = SLOTS + AHEAD
SLOTS_PER_HOUR = 3600 // SLOT_S
RAIN = "PN05"
LEVEL = "Z"

Floats = npt.NDArray[np.float64]


class Windows:
    """Rolling rain and present level of a fixed set of stations.

    A slot holds the rain of the five minutes that end at its instant; NaN means missing, which
    makes a sum a lower bound. The slot after the present one is kept but counts only when its
    time has come. Applying the same value twice changes nothing.
    """

    def __init__(self, station_ids: Sequence[int]) -> None:
        self.index = {station: number for number, station in enumerate(station_ids)}
        self._rain = np.full((len(station_ids), RING), np.nan)
        self._slot = 0
        self.levels = np.full(len(station_ids), np.nan)
        self._level_slots = np.zeros(len(station_ids), dtype=np.int64)

    def move_to(self, at: datetime) -> None:
        """Let the sums end at the slot of `at`; what is older than a day falls out."""
        slot = int(at.timestamp()) // SLOT_S
        ahead = slot - self._slot
        if ahead <= 0:
            return
        if ahead >= RING:
            self._rain[:] = np.nan
        else:
            entering = np.arange(self._slot + AHEAD + 1, slot + AHEAD + 1)
            self._rain[:, entering % RING] = np.nan
        self._slot = slot

    def apply(self, values: Iterable[tuple[int, str, datetime, float]]) -> None:
        """Take in readings: station id, element, instant, value. Unknown ones are ignored."""
        for station_id, element, at, value in values:
            row = self.index.get(station_id)
            if row is None:
                continue
            slot = int(at.timestamp()) // SLOT_S
            if element == RAIN:
                if self._slot - SLOTS < slot <= self._slot + AHEAD:
                    self._rain[row, slot % RING] = value
            elif element == LEVEL and slot >= self._level_slots[row]:
                self.levels[row] = value
                self._level_slots[row] = slot

    def rain_sums(self, hours: Sequence[int]) -> Floats:
        """Return the rain in mm of the last so many hours, stations × windows."""
        order = np.arange(self._slot, self._slot - SLOTS, -1) % RING
        running = np.nancumsum(self._rain[:, order], axis=1)
        ends = np.array([count * SLOTS_PER_HOUR - 1 for count in hours])
        return running[:, ends]
