"""A gateway on a free port of this process, and gauges that speak to it over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import Executor, Future
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from anlan.kernel import clock
from anlan.monitoring.data import Protocol, ReportElement, Sender
from anlan.monitoring.gateways.sl651.encode import encode_report
from anlan.monitoring.gateways.sl651.frame import DownFrame
from anlan.monitoring.gateways.sl651.stream import FrameStream
from anlan.monitoring.gateways.tcp.gateway import Gateway
from anlan.monitoring.gateways.tcp.limits import Limits

T = TypeVar("T")
HOST = "127.0.0.1"
OPEN = "0000"  # the password of every gauge of the cast
# Something that will not come is waited for so long.
SILENCE_S = 0.25
PATIENCE_S = 10.0
QUICK: dict[str, Any] = {
    "gather_s": 0.002,
    "sweep_every_s": 0.02,
    "commands_every_s": 0.02,
    "contacts_every_s": 0.02,
    "retry_first_s": 0.01,
    "retry_longest_s": 0.02,
    "stop_s": 5.0,
}
ALL = (Protocol.SL651, Protocol.SZY206, Protocol.HJ212)


class TestThread(Executor):
    """Runs the gateway's work on the database in the thread of the test, on its connection.

    While `is_held`, work waits; `release` lets it go.
    """

    def __init__(self) -> None:
        self.is_held = False
        self.something_held = asyncio.Event()
        self._held: list[Callable[[], None]] = []
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Queue a function, or keep it until released."""
        future, job = _job(partial(fn, *args, **kwargs))
        if self.is_held:
            self._held.append(job)
            self.something_held.set()
        else:
            self._jobs.put(job)
        return future

    def at_once(self, work: Callable[[], T]) -> "Future[T]":
        """Queue a function of the test itself."""
        future, job = _job(work)
        self._jobs.put(job)
        return future

    def release(self) -> None:
        """Queue what has waited, and all that comes."""
        self.is_held = False
        held, self._held = self._held, []
        for job in held:
            self._jobs.put(job)

    def end(self) -> None:
        """Let `work_off` return."""
        self._jobs.put(None)

    def work_off(self) -> None:
        """Run what is queued, here, until the end."""
        while (job := self._jobs.get()) is not None:
            job()


def _job(work: Callable[[], T]) -> "tuple[Future[T], Callable[[], None]]":
    future: Future[T] = Future()

    def job() -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - as an executor does
            future.set_exception(error)

    return future, job


class Gauge:
    """One link of a station, sending what a test wants it to send."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, address: str
    ) -> None:
        self.reader, self.writer = reader, writer
        self.address = address
        self.serial = 0
        self._stream = FrameStream()
        self._heard: list[DownFrame] = []

    def report(self, *, minutes: float = 0, password: str = OPEN, **values: float) -> bytes:
        """Return the next timed report of elements, for example `report(PN05=3.5)`."""
        self.serial += 1
        now = clock.now()
        return encode_report(
            0x32,
            sender=Sender(1, self.address, password, "P"),
            serial=self.serial,
            sent_at=now,
            observed_at=now + timedelta(minutes=minutes),
            elements=[ReportElement(name, value) for name, value in values.items()],
        )

    def send(self, *data: bytes) -> None:
        """Send bytes."""
        self.writer.write(b"".join(data))

    async def hear(self) -> DownFrame:
        """Return the next frame that the centre says."""
        while not self._heard:
            data = await asyncio.wait_for(self.reader.read(4096), PATIENCE_S)
            if not data:
                raise ConnectionError("the gateway closed the link")
            self._heard += [x for x in self._stream.feed(data) if isinstance(x, DownFrame)]
        return self._heard.pop(0)

    async def is_answered_nothing(self) -> bool:
        """Tell whether the gateway keeps silent for a while."""
        try:
            data = await asyncio.wait_for(self.reader.read(4096), SILENCE_S)
        except TimeoutError:
            return True
        return not data

    async def is_closed(self) -> bool:
        """Wait until the gateway closes the link."""
        try:
            while await asyncio.wait_for(self.reader.read(4096), PATIENCE_S):
                pass
        except ConnectionError:
            return True
        return True

    def close(self) -> None:
        """Close the link."""
        self.writer.close()


class Listening:
    """A gateway under test."""

    def __init__(self, gateway: Gateway, executor: TestThread) -> None:
        self.gateway = gateway
        self.executor = executor
        self._gauges: list[Gauge] = []

    async def gauge(
        self,
        address: str = "0990701001",
        *,
        wire: Protocol = Protocol.SL651,
        from_host: str = HOST,
    ) -> Gauge:
        """Return a new link."""
        reader, writer = await asyncio.open_connection(
            HOST, self.gateway.ports[wire], local_addr=(from_host, 0)
        )
        self._gauges.append(Gauge(reader, writer, address=address))
        return self._gauges[-1]

    async def hang_up(self) -> None:
        """Close every link."""
        for gauge in self._gauges:
            gauge.writer.close()
            with suppress(OSError):
                await gauge.writer.wait_closed()

    async def look(self, work: Callable[[], T]) -> T:
        """Return what a function of the test finds in the database."""
        return await asyncio.wrap_future(self.executor.at_once(work))

    async def until(self, work: Callable[[], T]) -> T:
        """Return what a function of the test finds in the database once it finds something."""
        end = asyncio.get_running_loop().time() + PATIENCE_S
        while not (found := await self.look(work)):
            assert asyncio.get_running_loop().time() < end, "it did not come"
        return found


@asynccontextmanager
async def listening(
    executor: TestThread, *, divisions: Sequence[str] = (), **limits: Any
) -> AsyncIterator[Listening]:
    """Give a gateway that listens on all three wires, and stop it in the end."""
    gateway = Gateway(limits=Limits(**{**QUICK, **limits}), divisions=divisions, executor=executor)
    await gateway.start(dict.fromkeys(ALL, (HOST, 0)))
    house = Listening(gateway, executor)
    try:
        yield house
    finally:
        executor.release()
        await house.hang_up()
        await gateway.stop()


def run(work: Callable[[Listening], Awaitable[None]], **limits: Any) -> None:
    """Run the asynchronous part of a test on a gateway; its database work runs in this thread."""
    executor = TestThread()
    errors: list[BaseException] = []

    async def whole() -> None:
        async with listening(executor, **limits) as house:
            await work(house)

    def elsewhere() -> None:
        try:
            asyncio.run(whole())
        except BaseException as error:  # noqa: BLE001 - raised again in the test's thread
            errors.append(error)
        finally:
            executor.end()

    thread = Thread(target=elsewhere)
    thread.start()
    executor.work_off()
    thread.join()
    if errors:
        raise errors[0]
