"""A gauge that sends by HTTP, and the program of its maker with a key over a town."""

from datetime import datetime, timedelta
from typing import Any

from anlan.kernel import clock
from anlan.monitoring.data import Protocol
from anlan.monitoring.models import Station
from anlan.registry.data import Permission
from tests.cast import UPPER, Cast
from tests.programs import Program, program

ADDRESS = "0990701001"
RAIN = f"{ADDRESS}:PN05"
SENDS = (Permission.SEND_READINGS,)
READS = (Permission.READ_REGISTER,)


def http_gauge(cast: Cast) -> Station:
    """Let the upper rain gauge send by HTTP."""
    station = cast.stations["upper rain"]
    Station.objects.filter(pk=station.pk).update(protocol=Protocol.HTTP)
    station.refresh_from_db()
    return station


def sender(code: str = UPPER) -> Program:
    """Return a program that may only send readings, over a division."""
    return program(code, permissions=SENDS)


def reader(code: str = UPPER) -> Program:
    """Return a program that may only read, over a division."""
    return program(code, permissions=READS)


def minutes_ago(minutes: float) -> datetime:
    """Return an instant before now."""
    return clock.now() - timedelta(minutes=minutes)


def observation(
    result: Any = 2.5, *, minutes: float = 0, stream: str | None = RAIN, **more: Any
) -> dict[str, Any]:
    """Return an observation of some minutes ago, as it is sent."""
    found = {"phenomenonTime": minutes_ago(minutes).isoformat(), "result": result, **more}
    if stream is not None:
        found["Datastream"] = {"@iot.id": stream}
    return found
