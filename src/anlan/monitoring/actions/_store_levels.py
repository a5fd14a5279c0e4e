"""Levels read by eye on their way into the store, as readings like all others."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from anlan.kernel.actors import Actor
from anlan.monitoring.actions.ingest_readings import ingest_readings
from anlan.monitoring.data import Protocol, RawReading
from anlan.monitoring.queries.levels import LEVEL_CODE
from anlan.monitoring.queries.staff import StaffGauge
from anlan.monitoring.queries.staff_judging import JudgedLevel
from anlan.monitoring.refusals import ReadMeanwhile

PEER = "by hand"


def store_levels(
    fresh: Sequence[JudgedLevel],
    gauges: Mapping[int, StaffGauge],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Store levels that are new; raise ReadMeanwhile when one of them has come by another way."""
    if not fresh:
        return
    done = ingest_readings(
        [
            RawReading(
                station=gauges[one.level.station_id].code,
                element=LEVEL_CODE,
                observed_at=one.at,
                value=one.level.level_m,
                unit="m",
            )
            for one in fresh
        ],
        protocol=Protocol.HAND,
        peer=PEER,
        by=by,
        now=now,
    )
    if done.stored != len(fresh):
        raise ReadMeanwhile
