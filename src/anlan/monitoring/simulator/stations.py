"""One simulated station: what it measures, what it reports, and how it answers."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from fastcrc import crc16

from anlan.monitoring.gateways.sl651.codes import (
    BEIJING,
    CLOCK_SETTING,
    ELEMENT_QUERY,
    ETX,
    NAK,
    PICTURE_REPORT,
    PRESENT_QUERY,
    RUNNING_SETTING,
    STATUS_QUERY,
    TIMED_REPORT,
    VERSION_QUERY,
)
from anlan.monitoring.gateways.sl651.elements import KINDS
from anlan.monitoring.gateways.sl651.encode import (
    ReportElement,
    Sender,
    encode_answer,
    encode_keep_alive,
    encode_picture,
    encode_report,
)
from anlan.monitoring.gateways.sl651.values import DownFrame
from anlan.monitoring.simulator.plan import SimulatedPoint

ELEMENTS: Final = ("PN05", "PJ", "Z", "VT", "AI")
VERSION: Final = b"ANLAN-SIM 1.0"
_RAIN_STARTS: Final = 0.03
_RAIN_STOPS: Final = 0.10
_MOST_SERIAL: Final = 0xFFFF
_DOOR_CLOSED: Final = bytes.fromhex("452000000080")
_SMALLEST_JPEG: Final = bytes.fromhex("FFD8FFE000104A46494600010100000100010000")


class Told(NamedTuple):
    """A report as bytes, with its serial number and what it tells: element, time and value."""

    serial: int
    data: bytes
    readings: tuple[tuple[str, datetime, float], ...]


class SimulatedStation:
    """A gauge with rain and a river that follows it, all drawn from one seed.

    `clock_off_s` is how far its clock is ahead; the centre may set it right.
    """

    def __init__(
        self,
        point: SimulatedPoint,
        *,
        seed: int,
        begin: datetime,
        step: timedelta,
        elements: int = len(ELEMENTS),
        clock_off_s: float = 0.0,
    ) -> None:
        self.point = point
        self.sender = Sender(1, point.address, point.password, point.station_class)
        self.clock_off_s = clock_off_s
        self.chance = random.Random(f"{seed}:{point.address}")  # noqa: S311 - a simulation repeats
        self.report_minutes = 60
        self._names = ELEMENTS[:elements]
        self._observed_at = begin.astimezone(BEIJING).replace(second=0, microsecond=0)
        self._step = step
        self._serial = 0
        self._is_raining = False
        # In the last digit that each element has: tenths, millimetres, hundredths.
        self._now = {
            "PN05": 0,
            "PJ": 0,
            "Z": self.chance.randrange(50_000, 900_000),
            "VT": self.chance.randrange(1_180, 1_380),
            "AI": self.chance.randrange(150, 280),
        }
        self._packets: list[bytes] = []

    def report(self, *, now: datetime) -> Told:
        """Return the next timed report."""
        self._pass_time()
        observed_at = self._observed_at
        self._observed_at += self._step
        values = [(name, self._value(name)) for name in self._names]
        data = encode_report(
            TIMED_REPORT,
            sender=self.sender,
            serial=self._next_serial(),
            sent_at=self._clock(now),
            observed_at=observed_at,
            elements=[ReportElement(name, value) for name, value in values],
        )
        told = tuple((name, observed_at, value) for name, value in values)
        return Told(self._serial, data, told)

    def keep_alive(self, *, now: datetime) -> bytes:
        """Return the frame that keeps the link open."""
        return encode_keep_alive(
            sender=self.sender, serial=max(self._serial, 1), sent_at=self._clock(now)
        )

    def answer(self, command: DownFrame, *, now: datetime) -> list[bytes]:
        """Return what the station answers to a command of the centre, nothing where it cannot."""
        function, serial = command.function, command.serial
        if function in (PRESENT_QUERY, ELEMENT_QUERY):
            names = self._names if function == PRESENT_QUERY else _asked(command.rest)
            return [self._present(function, serial=serial, names=names, now=now)]
        if function == PICTURE_REPORT:
            self._packets = self._picture(serial=serial, now=now)
            return self._packets
        rest = b""
        if function == CLOCK_SETTING:
            self.clock_off_s = 0.0
        elif function == RUNNING_SETTING:
            rest = command.rest
            if rest[:1] == b"\x20":
                self.report_minutes = 60 * int(rest[2:3].hex())
        elif function == VERSION_QUERY:
            rest = bytes((len(VERSION),)) + VERSION
        elif function == STATUS_QUERY:
            rest = _DOOR_CLOSED
        return [
            encode_answer(
                function, sender=self.sender, serial=serial, sent_at=self._clock(now), rest=rest
            )
        ]

    def again(self, demand: DownFrame) -> bytes | None:
        """Return the packet that the centre asks for again, which ends with ETX."""
        if demand.end != NAK or demand.number is None or demand.number > len(self._packets):
            return None
        data = self._packets[demand.number - 1][:-3] + bytes((ETX,))
        return data + crc16.modbus(data).to_bytes(2, "big")

    def _present(self, function: int, *, serial: int, names: Iterable[str], now: datetime) -> bytes:
        clock = self._clock(now)
        return encode_report(
            function,
            sender=self.sender,
            serial=serial,
            sent_at=clock,
            observed_at=clock.replace(second=0, microsecond=0),
            elements=[ReportElement(name, self._value(name)) for name in names],
        )

    def _picture(self, *, serial: int, now: datetime) -> list[bytes]:
        content = _SMALLEST_JPEG + self.chance.randbytes(6_000) + b"\xff\xd9"
        clock = self._clock(now)
        return encode_picture(
            content, sender=self.sender, serial=serial, sent_at=clock, observed_at=clock
        )

    def _pass_time(self) -> None:
        """Let it rain or not, and the river rise and fall."""
        chance, now = self.chance, self._now
        if chance.random() < (_RAIN_STOPS if self._is_raining else _RAIN_STARTS):
            self._is_raining = not self._is_raining
        now["PN05"] = chance.randrange(1, 90) if self._is_raining else 0
        now["PJ"] = (now["PJ"] + now["PN05"]) % 9_000
        now["Z"] += now["PN05"] * 3 - chance.randrange(0, 12)
        now["VT"] = min(max(now["VT"] + chance.randrange(-3, 4), 1_100), 1_420)
        now["AI"] = min(max(now["AI"] + chance.randrange(-4, 5), 0), 390)

    def _value(self, name: str) -> float:
        scale = {"PN05": 10, "PJ": 10, "Z": 1_000, "VT": 100, "AI": 10}[name]
        return self._now[name] / scale

    def _next_serial(self) -> int:
        self._serial = self._serial % _MOST_SERIAL + 1
        return self._serial

    def _clock(self, now: datetime) -> datetime:
        return now.astimezone(BEIJING) + timedelta(seconds=self.clock_off_s)


def _asked(rest: bytes) -> list[str]:
    """Return the names of the elements in a query, those that the station measures."""
    names = [KINDS[guide].name for guide in rest[::2] if guide in KINDS]
    return [name for name in names if name in ELEMENTS]
