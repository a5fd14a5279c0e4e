"""Measure the gateway over loopback: frames stored and confirmed a second, and how long it takes.

    PYTHONPATH=src python bench/gateway.py [seconds=5]
    PYTHONPATH=.:src python -m scripts.with_postgres --durable -- python bench/gateway.py

`anlan gateway` runs in a process of its own; 1, 100 and 1,000 links send reports of five elements,
each link its next one when an earlier one is confirmed. In the same run the same frames go to a
bare server of asyncio, fastcrc and struct, which checks them and answers, and stores nothing: the
ratio is against that. Then 1,000 links send 1,000 reports a second, 5,000 readings, and the time
from sending to the confirmation is taken. Limits: p99 at most 1 s, every confirmed reading stored.
"""

import asyncio
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from throwaway import loop_s, own_database, vendor

BARE = Path(__file__).with_name("gateway_bare.py")
CONFIRMATION = 25  # bytes
LINKS = (1, 100, 1000)
OUTSTANDING = 1024
ELEMENTS = ("PN05", "PJ", "Z", "VT", "AI")
PACE = 1000  # reports a second
P99_LIMIT_MS = 1000.0


class Client(asyncio.Protocol):
    """One link: keeps so many frames unconfirmed, or sends at its own time, and times answers."""

    def __init__(self, frames: Sequence[bytes], *, window: int) -> None:
        self.left = deque(frames)
        self.window = window
        self.confirmed = 0
        self.latencies: list[float] = []
        self._sent: deque[float] = deque()
        self._pieces = 0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of the connection."""
        self._transport = cast("asyncio.Transport", transport)

    def send(self, count: int) -> None:
        """Send so many frames."""
        assert self._transport is not None
        at, data = time.perf_counter(), []
        while self.left and len(data) < count:
            data.append(self.left.popleft())
            self._sent.append(at)
        self._transport.write(b"".join(data))

    def data_received(self, data: bytes) -> None:
        """Count confirmations, which come in order, and keep the window full."""
        self._pieces += len(data)
        count, self._pieces = divmod(self._pieces, CONFIRMATION)
        at = time.perf_counter()
        for _ in range(count):
            self.latencies.append(at - self._sent.popleft())
        self.confirmed += count
        if self.window and count:
            self.send(count)

    def close(self) -> None:
        """End the link."""
        assert self._transport is not None
        self._transport.abort()


def reports(station: int, *, begin: int, count: int) -> list[bytes]:
    """Return reports of a station, a minute apart, from a number of minutes ago on."""
    from anlan.kernel import clock
    from anlan.monitoring.data import ReportElement, Sender
    from anlan.monitoring.gateways.sl651.codes import BEIJING, TIMED_REPORT
    from anlan.monitoring.gateways.sl651.encode import encode_report

    now = clock.now().astimezone(BEIJING)
    first: datetime = now.replace(second=0, microsecond=0) - timedelta(minutes=begin)
    sender = Sender(1, address(station), "A651", "P")
    found = []
    for number in range(count):
        values = (number % 50 / 10, number % 900 / 10, 480 + number % 7000 / 1000, 12.5, 21.5)
        found.append(
            encode_report(
                TIMED_REPORT,
                sender=sender,
                serial=1 + number % 65535,
                sent_at=now,
                observed_at=first + timedelta(minutes=number),
                elements=[ReportElement(*pair) for pair in zip(ELEMENTS, values, strict=True)],
            )
        )
    return found


def address(station: int) -> str:
    """Return the address of a station of the bench."""
    return f"990651{station:04X}"


def register(count: int) -> None:
    """Write the county and its stations."""
    from anlan.kernel import clock
    from anlan.kernel.actors import the_program
    from anlan.kernel.scope import everywhere
    from anlan.monitoring.actions.register_stations import register_stations
    from anlan.monitoring.data import StationKind, StationPoint
    from anlan.registry.models import Division

    with everywhere("bench"):
        Division.objects.create(code="990651000000", kind="county", name="试县", lon=107, lat=33)
        register_stations(
            [
                StationPoint(address(x), "A651", StationKind.RAIN, f"{x}", 107.0, 33.0, None)
                for x in range(1, count + 1)
            ],
            division_code="990651000000",
            by=the_program("bench"),
            now=clock.now(),
        )


@contextmanager
def serving(*command: str) -> Iterator[tuple[int, int]]:
    """Start a server and give its port and process."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    process = subprocess.Popen([sys.executable, *command, str(port)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        process.stdout.close()


def cpu_s(pid: int) -> float:
    """Return the CPU seconds that a process has used."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


async def connected(port: int, clients: Sequence[Client]) -> None:
    """Open every link."""
    loop = asyncio.get_running_loop()
    for client in clients:
        await loop.create_connection(lambda client=client: client, "127.0.0.1", port)


async def as_fast_as_confirmed(port: int, clients: Sequence[Client], *, seconds: float) -> float:
    """Return confirmed frames a second, with every window kept full."""
    await connected(port, clients)
    begin = time.perf_counter()
    for client in clients:
        client.send(client.window)
    while time.perf_counter() - begin < seconds and any(x.left for x in clients):
        await asyncio.sleep(0.02)
    spent, confirmed = time.perf_counter() - begin, sum(x.confirmed for x in clients)
    for client in clients:
        client.close()
    return confirmed / spent


async def at_a_pace(port: int, clients: Sequence[Client], *, pace: int, seconds: float) -> float:
    """Send so many reports a second, one link after the other, and return those unconfirmed."""
    await connected(port, clients)
    begin, sent = time.perf_counter(), 0
    while (at := time.perf_counter() - begin) < seconds:
        while sent < at * pace:
            clients[sent % len(clients)].send(1)
            sent += 1
        await asyncio.sleep(0.001)
    end = time.perf_counter() + 10
    while sum(x.confirmed for x in clients) < sent and time.perf_counter() < end:
        await asyncio.sleep(0.01)
    for client in clients:
        client.close()
    return sent - sum(x.confirmed for x in clients)


def throughput(port: int, *, links: int, begin: int, seconds: float) -> tuple[float, int]:
    """Return confirmed frames a second over so many links, and how many were confirmed."""
    window = max(OUTSTANDING // links, 1)
    each = int(20_000 * seconds / links) + window
    clients = [Client(reports(x + 1, begin=begin, count=each), window=window) for x in range(links)]
    rate = asyncio.run(as_fast_as_confirmed(port, clients, seconds=seconds))
    return rate, sum(client.confirmed for client in clients)


def latency(port: int, *, begin: int, seconds: float) -> tuple[float, float, float]:
    """Return p50 and p99 in ms at 5,000 readings a second, and how many stayed unconfirmed."""
    links = max(LINKS)
    each = int(PACE * seconds / links) + 2
    clients = [Client(reports(x + 1, begin=begin, count=each), window=0) for x in range(links)]
    lost = asyncio.run(at_a_pace(port, clients, pace=PACE, seconds=seconds))
    ordered = sorted(x for client in clients for x in client.latencies)
    p50, p99 = (ordered[int(share * len(ordered))] * 1000 for share in (0.5, 0.99))
    return p50, p99, lost


def stored() -> int:
    """Return how many readings the table holds."""
    from anlan.kernel.scope import everywhere
    from anlan.monitoring.models import Reading

    with everywhere("bench"):
        return int(Reading.objects.count())


def main(seconds: float) -> int:
    """Print one line a measure; fail where a limit is not kept."""
    print(f"{vendor()}; ten million additions take {loop_s():.2f} s of CPU")
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with own_database():
        register(max(LINKS))
        bare = {}
        with serving(str(BARE)) as (port, _pid):
            for links in LINKS:
                bare[links], _count = throughput(port, links=links, begin=400_000, seconds=2)
        confirmed = 0
        with serving("-m", "anlan", "gateway", "--port") as (port, pid):
            for at, links in enumerate(LINKS):
                before = cpu_s(pid)
                rate, count = throughput(
                    port, links=links, begin=400_000 - 130_000 * at, seconds=seconds
                )
                confirmed += count
                against = f"{rate / bare[links]:.3f} x the bare server's {bare[links]:,.0f}"
                cost_us = 1e6 * (cpu_s(pid) - before) / max(count, 1)
                print(
                    f"{links:5} links: {rate:9,.0f} frames/s stored and confirmed "
                    f"({rate * len(ELEMENTS):,.0f} readings/s), {against}; "
                    f"{cost_us:.0f} us of CPU a frame"
                )
            p50, p99, lost = latency(port, begin=1_000, seconds=2 * seconds)
            confirmed += int(2 * seconds * PACE - lost)
        print(
            f"{PACE * len(ELEMENTS):,} readings/s over {max(LINKS):,} links: p50 {p50:.0f} ms, "
            f"p99 {p99:.0f} ms from sending to confirmation (limit {P99_LIMIT_MS:.0f}), "
            f"{lost:.0f} unconfirmed"
        )
        there = stored()
        print(f"{confirmed * len(ELEMENTS):,} readings confirmed, {there:,} stored")
        return int(p99 > P99_LIMIT_MS or lost > 0 or there < confirmed * len(ELEMENTS))


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0))
