"""The one intake of a gateway: reports wait here, are stored together, and only then confirmed."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from anlan.monitoring.core.arrivals import Fate, Outcome
from anlan.monitoring.gateways.tcp.conversation import Report
from anlan.monitoring.gateways.tcp.limits import Limits
from anlan.monitoring.gateways.tcp.link import Link
from anlan.monitoring.gateways.tcp.storing import Store, StoreAway

log = logging.getLogger(__name__)
_ROOM_AGAIN: Final = 0.5
_PICTURE_BYTES: Final = 256  # of a picture weigh as much as a reading


class Waiting(NamedTuple):
    """A report that waits to be stored, with the link it came on."""

    link: Link
    report: Report


# Told what became of a gathering, in its order, once it is durable.
Told = Callable[[Sequence[Waiting], Sequence[Outcome]], None]


class Intake:
    """A bounded queue with one reader. It is full until half of it is empty again."""

    def __init__(
        self, store: Store, *, limits: Limits, told: Told, on_change: Callable[[], None]
    ) -> None:
        self.is_full = False
        self._store = store
        self._limits = limits
        self._told = told
        self._on_change = on_change
        self._waiting: deque[Waiting] = deque()
        self._weight = 0
        self._at_hand = 0
        self._something = asyncio.Event()
        self._enough = asyncio.Event()

    def __len__(self) -> int:
        """Return how many reports are not dealt with yet."""
        return len(self._waiting) + self._at_hand

    def put(self, link: Link, report: Report) -> None:
        """Add a report; its link is read no more once the intake is full."""
        self._waiting.append(Waiting(link, report))
        self._weight += _weight(report)
        self._something.set()
        limits = self._limits
        if max(self._weight, len(self._waiting)) >= limits.gather_readings:
            self._enough.set()
        if not self.is_full and self._share() >= 1:
            self.is_full = True
            self._on_change()

    async def run(self) -> None:
        """Store gathering after gathering, for ever."""
        while True:
            await self._something.wait()
            if not self._enough.is_set():
                await self._gather()
            batch = self._take()
            self._at_hand = len(batch)
            outcomes = await self._stored(batch)
            self._at_hand = 0
            self._told(batch, outcomes)
            if self.is_full and self._share() <= _ROOM_AGAIN:
                self.is_full = False
                self._on_change()

    def _share(self) -> float:
        """Return how much of the intake is taken."""
        limits = self._limits
        return max(len(self._waiting) / limits.most_waiting, self._weight / limits.most_weight)

    async def _gather(self) -> None:
        try:
            await asyncio.wait_for(self._enough.wait(), self._limits.gather_s)
        except TimeoutError:
            return

    def _take(self) -> list[Waiting]:
        """Take the reports of one transaction, the oldest first."""
        batch: list[Waiting] = []
        taken = 0
        limits = self._limits
        while self._waiting and taken < limits.most_readings and len(batch) < limits.most_reports:
            one = self._waiting.popleft()
            batch.append(one)
            taken += _weight(one.report)
        self._weight -= taken
        if not self._waiting:
            self._something.clear()
        if max(self._weight, len(self._waiting)) < limits.gather_readings:
            self._enough.clear()
        return batch

    async def _stored(self, batch: list[Waiting]) -> list[Outcome]:
        """Return what became of a gathering; try again while the database is away."""
        pause = self._limits.retry_first_s
        tries = 0
        was_writable = False
        while True:
            try:
                return await self._store.take_in([one.report.arrival for one in batch])
            except StoreAway as error:
                tries += 1
                log.warning("%d reports wait, nothing is confirmed: %s", len(self), error)
                if was_writable:  # and yet it does not take this: something in it is the reason
                    return await self._split(batch, error)
                if tries >= self._limits.retries_before_splitting:
                    was_writable = await self._store.is_writable()
                if was_writable:
                    continue
                await asyncio.sleep(pause)
                pause = min(2 * pause, self._limits.retry_longest_s)
            except Exception as error:
                if len(batch) == 1:
                    log.exception("a report is refused by the store")
                return await self._split(batch, error)

    async def _split(self, batch: list[Waiting], error: Exception) -> list[Outcome]:
        """Store the halves for themselves; a single report that fails is kept as damage."""
        if len(batch) == 1:
            link, report = batch[0]
            reason = type(error.__cause__ or error).__name__
            link.refused(report, reason=f"refused: {reason}")
            return [Outcome(Fate.REFUSED)]
        half = len(batch) // 2
        return [*await self._stored(batch[:half]), *await self._stored(batch[half:])]


def _weight(report: Report) -> int:
    """Return how many readings a report has, or weighs by its pictures."""
    shots = report.arrival.shots
    pictures = sum(len(shot.content) for shot in shots) // _PICTURE_BYTES if shots else 0
    return len(report.arrival.readings) + pictures
