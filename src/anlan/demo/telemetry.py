"""The storm as bytes: SL 651 reports of every station, a few of them damaged on the way."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import isnan
from random import Random

from anlan.demo.storm import HOURS, STEPS_PER_HOUR, Storm
from anlan.drills.data import Burst
from anlan.monitoring.api import encode_report
from anlan.monitoring.data import ReportElement, Sender, StationPoint

TIMED_REPORT = 0x32
CENTRE = 1

DAMAGED = 0.0004  # share of frames with one byte changed on the way
CUT_SHORT = 0.0002  # share that ends before it should
SENT_TWICE = 0.002  # share that a station sends a second time
CLOCK_WRONG = 0.0001  # share stamped an hour ahead by a station's clock
FULL_BATTERY_V = 12.8


def bursts(storm: Storm, *, seed: int) -> Iterator[Burst]:
    """Yield what reaches the centre every five minutes, station by station."""
    chance = Random(seed)  # noqa: S311  a simulated wire, no secret
    daily = [0.0] * len(storm.stations)
    for step in range(HOURS * STEPS_PER_HOUR):
        at = storm.at(step)
        frames: list[bytes] = []
        rains, levels = storm.rain_mm[:, step].tolist(), storm.level_m[:, step].tolist()
        for row, station in enumerate(storm.stations):
            rain, level = rains[row], levels[row]
            daily[row] += 0.0 if isnan(rain) else rain
            frame = _report(
                station,
                at=at,
                serial=step + 1,
                rain=rain,
                level=level,
                daily=daily[row],
                wrong_clock=chance.random() < CLOCK_WRONG,
            )
            frames += _on_the_wire(frame, chance=chance)
        if (at.hour, at.minute) == (8, 0):
            daily = [0.0] * len(storm.stations)
        yield Burst(at=at, frames=frames)


def _report(
    station: StationPoint,
    *,
    at: datetime,
    serial: int,
    rain: float,
    level: float,
    daily: float,
    wrong_clock: bool,
) -> bytes:
    elements = []
    if not isnan(rain):
        elements.append(ReportElement("PN05", rain))
    if not isnan(level):
        elements.append(ReportElement("Z", level))
    if at.minute == 0:
        if not isnan(rain):
            elements.append(ReportElement("PJ", round(daily, 1)))
        elements.append(ReportElement("VT", FULL_BATTERY_V))
    return encode_report(
        TIMED_REPORT,
        sender=Sender(CENTRE, station.address, station.password, station.kind.value),
        serial=serial,
        sent_at=at,
        observed_at=at + timedelta(hours=1) if wrong_clock else at,
        elements=elements,
    )


def _on_the_wire(frame: bytes, *, chance: Random) -> Sequence[bytes]:
    """Return what arrives of one frame: usually the frame itself."""
    fate = chance.random()
    if fate < DAMAGED:
        place = chance.randrange(len(frame))
        changed = frame[place] ^ (1 << chance.randrange(8))
        return [frame[:place] + bytes([changed]) + frame[place + 1 :]]
    if fate < DAMAGED + CUT_SHORT:
        return [frame[: chance.randrange(1, len(frame))]]
    if fate < DAMAGED + CUT_SHORT + SENT_TWICE:
        return [frame, frame]
    return [frame]
