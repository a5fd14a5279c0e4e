"""Measure encoding and decoding of SL 651-2014 reports against the bare checksum of the same bytes.

    PYTHONPATH=src python bench/sl651_decode.py [frames=20000]

The demo district sends about 170,000 reports of two to four elements. Limits: 12 microseconds to
encode one, 20 to decode one. Prints the best of five runs.
"""

import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from fastcrc import crc16

from anlan.monitoring.gateways.sl651.codes import BEIJING, TIMED_REPORT
from anlan.monitoring.gateways.sl651.encode import ReportElement, Sender, encode_report
from anlan.monitoring.gateways.sl651.frame import UpFrame, decode, readings

ENCODE_LIMIT_US = 12.0
DECODE_LIMIT_US = 20.0
ELEMENTS = ("PN05", "PJ", "Z", "VT")


def encode_all(count: int) -> list[bytes]:
    """Return reports of 60 stations, five minutes apart, with two to four elements each."""
    senders = [Sender(1, f"00{61070300 + station:08d}", "A000", "H") for station in range(60)]
    begin = datetime(2026, 7, 1, tzinfo=BEIJING)
    frames = []
    for index in range(count):
        observed_at = begin + timedelta(minutes=5 * (index // 60))
        values = (index % 50 / 10, index % 900 / 10, 480 + index % 7000 / 1000, 12.5)
        names = ELEMENTS[: 2 + index % 3]
        frames.append(
            encode_report(
                TIMED_REPORT,
                sender=senders[index % 60],
                serial=1 + index % 65535,
                sent_at=observed_at,
                observed_at=observed_at,
                elements=[ReportElement(*pair) for pair in zip(names, values, strict=False)],
            )
        )
    return frames


def best_us(work: Callable[[], object], *, count: int) -> float:
    """Return the shortest of five runs in microseconds an item."""
    best = float("inf")
    for _ in range(5):
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
    return best / count * 1e6


def main(count: int) -> None:
    """Print one line a step: microseconds a frame, its limit, and the ratio to the checksum."""
    frames = encode_all(count)
    decoded = [frame for frame in map(decode, frames) if isinstance(frame, UpFrame)]
    crc_us = best_us(lambda: [crc16.modbus(frame) for frame in frames], count=count)
    steps = (
        ("encode", best_us(lambda: encode_all(count), count=count), ENCODE_LIMIT_US),
        ("decode", best_us(lambda: [decode(f) for f in frames], count=count), DECODE_LIMIT_US),
        ("readings", best_us(lambda: [readings(f) for f in decoded], count=count), None),
    )
    print(f"crc      {crc_us:6.2f} us a frame, mean size {sum(map(len, frames)) / count:.0f} bytes")
    for name, spent, limit in steps:
        against = f", limit {limit:.0f}" if limit else ""
        print(f"{name:8} {spent:6.2f} us a frame{against}, {spent / crc_us:5.1f} x the checksum")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
