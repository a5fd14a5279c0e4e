"""Run a simulation: every station reports at its pace, and sends again what is not confirmed."""

import asyncio
import math
from collections.abc import Iterator
from datetime import datetime

from anlan.kernel import clock
from anlan.monitoring.gateways.sl651.codes import TIMED_REPORT
from anlan.monitoring.simulator.ledger import Ledger
from anlan.monitoring.simulator.link import SimulatedLink
from anlan.monitoring.simulator.plan import Plan, Tally
from anlan.monitoring.simulator.stations import SimulatedStation, Told

UNHURRIED_REPORTS = 20_000  # a station that reports as fast as it can gets no further back


async def simulate(
    plan: Plan, *, ledger: Ledger | None = None, tally: Tally | None = None
) -> Tally:
    """Play the plan to its end and return what it came to; `tally` can be watched meanwhile."""
    run = _Run(plan, ledger=ledger, tally=tally or Tally())
    return await run.play()


class _Run:
    """The links and stations of one simulation."""

    def __init__(self, plan: Plan, *, ledger: Ledger | None, tally: Tally) -> None:
        self.plan = plan
        self.ledger = ledger
        self.tally = tally
        self.links = list(self._make_links(clock.now()))
        self._until = 0.0

    def _make_links(self, now: datetime) -> Iterator[SimulatedLink]:
        plan = self.plan
        begin = now - _expected(plan) * plan.step
        stations = [
            SimulatedStation(
                point,
                seed=plan.seed,
                begin=begin,
                step=plan.step,
                elements=plan.elements,
                clock_off_s=plan.clock_off_s,
            )
            for point in plan.stations
        ]
        for at in range(0, len(stations), plan.stations_per_link):
            together = stations[at : at + plan.stations_per_link]
            yield SimulatedLink(together, plan=plan, tally=self.tally, seed=plan.seed)

    async def play(self) -> Tally:
        """Let every link and station live until the time is over, then let them finish."""
        loop = asyncio.get_running_loop()
        self._until = loop.time() + self.plan.seconds
        lives = [
            loop.create_task(self._live(station, link, number=number))
            for number, (station, link) in enumerate(
                (station, link) for link in self.links for station in link.stations.values()
            )
        ]
        others = [loop.create_task(link.stay_connected()) for link in self.links]
        others += [loop.create_task(self._keep_alive(link)) for link in self.links]
        if self.ledger is not None:
            others.append(loop.create_task(self.ledger.keep_flushing()))
        try:
            # What was sent last may still be confirmed, or sent again as often as allowed.
            patience = (self.plan.resends + 1) * self.plan.timeout_s + 1.0
            await asyncio.wait(lives, timeout=self.plan.seconds + patience)
        finally:
            for task in (*lives, *others):
                task.cancel()
            await asyncio.gather(*lives, *others, return_exceptions=True)
        self.tally.unconfirmed = self.tally.reports - self.tally.confirmed
        return self.tally

    async def _live(self, station: SimulatedStation, link: SimulatedLink, *, number: int) -> None:
        """Report, at the plan's pace or as fast as reports are confirmed."""
        plan, loop = self.plan, asyncio.get_running_loop()
        every = len(plan.stations) / plan.rate if plan.rate else 0.0
        free = asyncio.Semaphore(plan.window)
        due = loop.time() + every * number / max(len(plan.stations), 1)
        async with asyncio.TaskGroup() as group:
            while True:
                await asyncio.sleep(max(due - loop.time(), 0.0))
                await free.acquire()
                if loop.time() >= self._until:
                    break
                told = station.report(now=clock.now())
                self.tally.reports += 1
                group.create_task(self._deliver(station, link, told, free=free))
                due = max(due + every, loop.time() - every)

    async def _deliver(
        self,
        station: SimulatedStation,
        link: SimulatedLink,
        told: Told,
        *,
        free: asyncio.Semaphore,
    ) -> None:
        loop, tally = asyncio.get_running_loop(), self.tally
        key = (station.point.address, TIMED_REPORT, told.serial)
        try:
            for attempt in range(self.plan.resends + 1):
                await link.is_there.wait()
                tally.sent += not attempt
                tally.resent += bool(attempt)
                begin = loop.time()
                if await link.confirmed(key, told.data):
                    tally.latencies.append(loop.time() - begin)
                    tally.confirmed += 1
                    tally.readings += len(told.readings)
                    if self.ledger is not None:
                        self.ledger.note(station.point.address, told.readings)
                    return
        finally:
            free.release()

    async def _keep_alive(self, link: SimulatedLink) -> None:
        while True:
            await asyncio.sleep(self.plan.keep_alive_s)
            if link.is_there.is_set():
                for station in link.stations.values():
                    link.send(station.keep_alive(now=clock.now()))


def _expected(plan: Plan) -> int:
    """Return how many reports a station has behind it when the simulation ends, at its pace."""
    if not plan.rate:
        return UNHURRIED_REPORTS
    each = plan.seconds * plan.rate / max(len(plan.stations), 1)
    if each * plan.step.total_seconds() <= plan.seconds:
        return 0
    return math.ceil(each * 1.1) + 1
