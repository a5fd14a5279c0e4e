"""What a test does to a database that other processes use: `python -m tests.faults.driver WHAT`.

`setup` writes a county with level gauges and four rising limits, `rise K` takes in a level for
every gauge that stands over the first K limits, `stand` prints what exceedances there are.
"""

import sys

from anlan.cli import environment

environment.prepare()

from django.utils import timezone  # noqa: E402  Django must be set up first

from anlan.kernel import clock  # noqa: E402
from anlan.kernel.actors import the_program  # noqa: E402
from anlan.kernel.scope import everywhere  # noqa: E402
from anlan.monitoring.api import ingest_readings  # noqa: E402
from anlan.monitoring.data import Measure, Protocol, RawReading, StationKind  # noqa: E402
from anlan.monitoring.models import Station, StationCover, Threshold  # noqa: E402
from anlan.registry.data import Colour, DivisionKind, Hazard  # noqa: E402
from anlan.registry.models import Division  # noqa: E402
from anlan.warning.models import AnswerLimit  # noqa: E402

COUNTY = "990701000000"
GAUGES = 20
LOWEST = 100.0
BY = the_program("fault test")


def setup() -> None:
    """Write the county, its gauges and their limits."""
    Division.objects.create(code=COUNTY, kind=DivisionKind.COUNTY, name="试县", lon=107, lat=33)
    for number in range(GAUGES):
        station = Station.objects.create(
            address=f"{number:010d}",
            division_id=COUNTY,
            kind=StationKind.RIVER,
            name=f"gauge {number}",
            lon=107,
            lat=33,
        )
        StationCover.objects.create(station=station, division_id=COUNTY, hazard=Hazard.RIVER_FLOOD)
    for colour in Colour:
        AnswerLimit.objects.create(
            hazard="",
            colour=colour,
            minutes=10,
            source="fault test",
            effective_from=timezone.localdate(clock.now()),
        )
        Threshold.objects.create(
            hazard=Hazard.RIVER_FLOOD,
            measure=Measure.LAST,
            element="Z",
            colour=colour,
            value=LOWEST + colour,
            source="fault test",
            effective_from=timezone.localdate(clock.now()),
        )


def rise(limits: int) -> None:
    """Take in a level of every gauge that stands over so many limits."""
    now = clock.now()
    done = ingest_readings(
        [
            RawReading(f"{number:010d}", "Z", now, LOWEST + limits + 0.5, "m")
            for number in range(GAUGES)
        ],
        protocol=Protocol.SL651,
        peer="fault test",
        by=BY,
        now=now,
    )
    print(done.stored)


if __name__ == "__main__":
    with everywhere("fault test"):
        setup() if sys.argv[1] == "setup" else rise(int(sys.argv[2]))
