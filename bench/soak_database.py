"""What the soak and the probe do in their database: `python bench/soak_database.py WHAT [number]`.

`setup` writes a county with four limits on the rain of an hour, `probes` registers stations of the
probe, `cover` lets every station speak for the county, `judge` prints how what the rules found
stands against the stored readings.
"""

import json
import sys
from datetime import date

from anlan.cli import environment

environment.prepare()

import numpy as np

from anlan.kernel.scope import everywhere
from anlan.monitoring.data import StationKind
from anlan.monitoring.elements import RAIN
from anlan.monitoring.models import (
    Exceedance,
    Reading,
    ReadingBatch,
    Station,
    StationCover,
    Threshold,
)
from anlan.monitoring.walking import are_waiting
from anlan.registry.data import Colour, DivisionKind, Hazard
from anlan.registry.models import Division
from anlan.warning.models import AnswerLimit

COUNTY = "990701000000"
LIMITS_MM = (10.0, 20.0, 30.0, 40.0)
LONG_AGO = date(2020, 1, 1)


def setup() -> None:
    """Write the county and its limits."""
    Division.objects.create(code=COUNTY, kind=DivisionKind.COUNTY, name="县", lon=107, lat=33)
    for colour, value in zip(Colour, LIMITS_MM, strict=True):
        AnswerLimit.objects.create(
            hazard="", colour=colour, minutes=9, source="soak", effective_from=LONG_AGO
        )
        Threshold.objects.create(
            hazard=Hazard.FLASH_FLOOD,
            element="PN05",
            window_min=60,
            colour=colour,
            value=value,
            source="soak",
            effective_from=LONG_AGO,
        )


def probes(count: int) -> None:
    """Register the stations of the probe."""
    Station.objects.bulk_create(
        Station(
            address=f"0099{number:06d}",
            division_id=COUNTY,
            kind=StationKind.RAIN,
            name="probe",
            lon=107,
            lat=33,
        )
        for number in range(count)
    )
    cover()


def cover() -> None:
    """Let every station speak for the county that does not yet."""
    StationCover.objects.bulk_create(
        StationCover(station=station, division_id=COUNTY, hazard=Hazard.FLASH_FLOOD)
        for station in Station.objects.exclude(pk__in=StationCover.objects.values("station"))
    )


def highest_limits() -> dict[int, int]:
    """Return how many limits the rain of an hour reached at each station, from what is stored."""
    rain: dict[int, dict[int, int]] = {}
    rows = Reading.objects.filter(element=RAIN)
    for station, at, value in rows.values_list("station_id", "observed_at", "value"):
        rain.setdefault(station, {})[int(at.timestamp()) // 300] = round(value * 10)
    found = {}
    for station, slots in rain.items():
        first = min(slots)
        row = np.zeros(max(slots) - first + 1, dtype=np.int64)
        for slot, tenths in slots.items():
            row[slot - first] = tenths
        total = np.cumsum(np.pad(row, (12, 0)))
        most = int((total[12:] - total[:-12]).max())
        found[station] = sum(most >= limit * 10 for limit in LIMITS_MM)
    return found


def judge() -> None:
    """Print what is lost, invented and doubled."""
    expected = highest_limits()
    rows = list(Exceedance.objects.values_list("station_id", "colour", "ended_at"))
    pairs = [(station, colour) for station, colour, _ended in rows]
    highest: dict[int, int] = {}
    for station, colour in pairs:
        highest[station] = max(colour, highest.get(station, 0))
    told = {
        "waiting": are_waiting(),
        "expected": sum(colour > 0 for colour in expected.values()),
        "lost": sum(colour > highest.get(station, 0) for station, colour in expected.items()),
        "invented": sum(colour > expected.get(station, 0) for station, colour in highest.items()),
        "doubled": len(pairs) - len(set(pairs)),
        "batches": ReadingBatch.objects.count(),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    with everywhere("soak"):
        what = sys.argv[1]
        if what == "probes":
            probes(int(sys.argv[2]))
        else:
            {"setup": setup, "cover": cover, "judge": judge}[what]()
