"""One link of the simulation: frames out with what goes wrong on the way, answers in."""

import asyncio
import random
from collections.abc import Callable, Iterable
from typing import Final, cast

from anlan.kernel import clock
from anlan.monitoring.gateways.sl651.codes import ACK, ENQ, EOT, ESC, NAK
from anlan.monitoring.gateways.sl651.stream import FrameStream
from anlan.monitoring.gateways.sl651.values import DownFrame
from anlan.monitoring.simulator.plan import Plan, Tally
from anlan.monitoring.simulator.stations import SimulatedStation

CONFIRMATIONS: Final = (ESC, EOT, ACK)
Confirmation = tuple[str, int, int]


class SimulatedLink(asyncio.Protocol):
    """The stations behind one link; it opens itself anew as long as the simulation runs."""

    def __init__(
        self, stations: Iterable[SimulatedStation], *, plan: Plan, tally: Tally, seed: int
    ) -> None:
        self.stations = {station.point.address: station for station in stations}
        self.is_there = asyncio.Event()
        self._plan = plan
        self._tally = tally
        self._chance = random.Random(f"{seed}:{min(self.stations)}")  # noqa: S311 - a simulation repeats
        self._transport: asyncio.Transport | None = None
        self._stream = FrameStream()
        self._waiting: dict[Confirmation, asyncio.Future[bool]] = {}
        self._frames = 0
        self._ended = asyncio.Event()

    # ------------------------------------------------------------------ what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin on a new connection."""
        self._transport = cast("asyncio.Transport", transport)
        self._stream = FrameStream()
        self._frames = 0
        self._tally.connects += 1
        self.is_there.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let every report that waits for its confirmation be sent again."""
        self._transport = None
        self.is_there.clear()
        self._ended.set()
        for future in self._waiting.values():
            if not future.done():
                future.set_result(False)

    def data_received(self, data: bytes) -> None:
        """Take in confirmations and commands."""
        for item in self._stream.feed(data):
            if isinstance(item, DownFrame):
                self._receive(item)

    # ------------------------------------------------------------------ what the run calls

    async def stay_connected(self) -> None:
        """Open the link, and open it again whenever it ends, until cancelled."""
        loop = asyncio.get_running_loop()
        pause = 0.05
        try:
            while True:
                self._ended.clear()
                try:
                    await loop.create_connection(lambda: self, self._plan.host, self._plan.port)
                except OSError:
                    await asyncio.sleep(pause * (1 + self._chance.random()))
                    pause = min(2 * pause, 1.0)
                    continue
                pause = 0.05
                await self._ended.wait()
        finally:
            self.close()

    async def confirmed(self, key: Confirmation, data: bytes) -> bool:
        """Send a report and tell whether it was confirmed in time; without a link, wait for one."""
        await self.is_there.wait()
        future = asyncio.get_running_loop().create_future()
        self._waiting[key] = future
        try:
            self.send(data)
            return await asyncio.wait_for(future, self._plan.timeout_s)
        except TimeoutError:
            return False
        finally:
            self._waiting.pop(key, None)

    def send(self, data: bytes) -> None:
        """Send a frame, or lose it, damage it, double it, delay it, as the plan says."""
        wire, chance = self._plan.wire, self._chance
        self._frames += 1
        if chance.random() < wire.loss:
            self._tally.lost += 1
            return
        if chance.random() < wire.damage:
            self._tally.damaged += 1
            at = chance.randrange(len(data))
            data = data[:at] + bytes((data[at] ^ (1 << chance.randrange(8)),)) + data[at + 1 :]
        copies = 1
        if chance.random() < wire.duplicates:
            self._tally.doubled += 1
            copies = 2
        for _ in range(copies):
            self._later(self._write, data)
        limit = self._plan.frames_per_link
        if chance.random() < wire.reconnects or 0 < limit <= self._frames:
            self._later(self._write, b"")

    def close(self) -> None:
        """Close the link."""
        if self._transport is not None:
            self._transport.abort()

    def _later(self, work: Callable[[bytes], None], data: bytes) -> None:
        delay = self._plan.wire.delay_s
        if delay:
            asyncio.get_running_loop().call_later(self._chance.uniform(0, delay), work, data)
        else:
            work(data)

    def _write(self, data: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if data:
            self._transport.write(data)
        else:
            # After what was written before; what comes back is not waited for.
            self._transport.close()

    def _receive(self, frame: DownFrame) -> None:
        station = self.stations.get(frame.station)
        if station is None:
            return
        if frame.end in CONFIRMATIONS:
            future = self._waiting.get((frame.station, frame.function, frame.serial))
            if future is not None and not future.done():
                future.set_result(True)
            elif frame.packets is not None:
                self._tally.pictures += 1
        elif frame.end == NAK:
            if packet := station.again(frame):
                self.send(packet)
        elif frame.end == ENQ:
            self._tally.commands += 1
            for data in station.answer(frame, now=clock.now()):
                self.send(data)
