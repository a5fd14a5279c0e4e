"""Rain and rising water as the bytes that a gauge sends, and time that passes."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.api import encode_report, ingest_frames
from anlan.monitoring.data import Ingest, ReportElement, Sender
from anlan.monitoring.models import Station

TIMED_REPORT = 0x32
STEP = timedelta(minutes=5)
GATEWAY = the_program("test gateway")


def report(
    station: Station | str,
    *,
    at: datetime,
    serial: int = 1,
    sent_at: datetime | None = None,
    **values: float,
) -> bytes:
    """Return a gauge's report of some elements, for example `report(gauge, at=now, PN05=3.5)`."""
    address = station if isinstance(station, str) else station.address
    return encode_report(
        TIMED_REPORT,
        sender=Sender(1, address, "0000", "P"),
        serial=serial,
        sent_at=sent_at or at,
        observed_at=at,
        elements=[ReportElement(name, value) for name, value in values.items()],
    )


def receive(*frames: bytes) -> Ingest:
    """Take frames in at the present moment."""
    done, _frames = ingest_frames(frames, peer="test", by=GATEWAY, now=clock.now())
    return done


def pass_time(minutes: float) -> int:
    """Let time pass and run what becomes due; return how many tasks ran."""
    return virtual_queue.run_until(clock.now() + timedelta(minutes=minutes))


def idle(step: timedelta) -> None:
    """Let time pass with nobody at work: what is due stays in the queue."""
    moving = clock.in_use()
    assert isinstance(moving, clock.FixedClock)
    moving.advance(step)


def go_to(moment: datetime) -> None:
    """Let it be a moment, with nobody at work meanwhile."""
    moving = clock.in_use()
    assert isinstance(moving, clock.FixedClock)
    moving.move_to(moment)


def rain(stations: Iterable[Station], *, steps: Sequence[float]) -> None:
    """Let the same rain fall on gauges, one value each five minutes, and run what it causes."""
    gauges = list(stations)
    for value in steps:
        virtual_queue.run_until(clock.now() + STEP)
        receive(*(report(gauge, at=clock.now(), PN05=value) for gauge in gauges))
        virtual_queue.run_until(clock.now())
