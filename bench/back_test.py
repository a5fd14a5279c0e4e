"""Measure a back-test over a year of 200 stations, read from the store and judged slot by slot.

    PYTHONPATH=src:bench python bench/back_test.py [days=365]
    PYTHONPATH=.:src:bench python -m scripts.with_postgres -- python bench/back_test.py

200 rain gauges send five-minute rain for a year: 21 million readings, an eighth of them wet. The
rule has the nine limits of the district's mountain-flood rule at every gauge. The test is that of
the page, `test_rule`, month after month, the very look and changes that judge the present. Its
limit is 60 s; what it finds must be what the sums of the same rain come to in plain numpy.
"""

import sys
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import numpy as np
from throwaway import loop_s, own_database, peak_mb, vendor

STATIONS = 200
BEGIN = datetime(2025, 1, 1, tzinfo=UTC) - timedelta(hours=8)  # midnight of the county
SLOTS_A_DAY = 288
LIMITS = (
    *((12, 2, 24.0), (36, 2, 40.0), (72, 2, 56.0), (12, 3, 30.0), (36, 3, 50.0)),
    *((72, 3, 70.0), (12, 4, 45.0), (36, 4, 80.0), (72, 4, 110.0)),
)
LIMIT_S = 60.0
COUNTY = "990701000000"


def rain_of(chance: Any) -> Any:
    """Return a day's rain in tenths of mm, (SLOTS_A_DAY, STATIONS); one day in eight is wet."""
    if chance.random() >= 0.125:
        return np.zeros((SLOTS_A_DAY, STATIONS), dtype=np.int64)
    share = chance.random((SLOTS_A_DAY, STATIONS)) < 0.4
    mean = 45.0 if chance.random() < 0.15 else 3.0
    return np.rint(chance.exponential(mean, (SLOTS_A_DAY, STATIONS)) * share).astype(np.int64)


def fill(days: int) -> Any:
    """Write the stations and their readings; return the rain, shape (slots, stations)."""
    from django.db import transaction

    from anlan.monitoring.core.columns import Columns
    from anlan.monitoring.data import StationKind
    from anlan.monitoring.elements import RAIN
    from anlan.monitoring.models import Station, StationCover
    from anlan.monitoring.store import partitions, writing
    from anlan.registry.data import DivisionKind, Hazard
    from anlan.registry.models import Division

    Division.objects.create(code=COUNTY, kind=DivisionKind.COUNTY, name="县")
    Station.objects.bulk_create(
        Station(
            address=f"{number:010d}",
            division_id=COUNTY,
            kind=StationKind.RAIN,
            name=f"{number}",
            lon=107,
            lat=33,
        )
        for number in range(STATIONS)
    )
    keys = np.array(Station.objects.order_by("address").values_list("pk", flat=True))
    StationCover.objects.bulk_create(
        StationCover(station_id=key, division_id=COUNTY, hazard=Hazard.FLASH_FLOOD)
        for key in keys.tolist()
    )
    chance, whole = np.random.default_rng(7), []
    first = int(BEGIN.timestamp())
    for start in range(0, days, 5):
        part = np.vstack([rain_of(chance) for _day in range(start, min(start + 5, days))])
        whole.append(part)
        count = part.size
        seconds = first + 300 * (start * SLOTS_A_DAY + np.arange(len(part)))
        micros = np.repeat(seconds * 1_000_000, STATIONS)
        rows = Columns(
            np.tile(keys, len(part)),
            np.full(count, RAIN),
            micros,
            part.ravel() / 10.0,
            np.zeros(count, dtype=np.int64),
        )
        partitions.ready_for(rows.micros)
        with transaction.atomic():
            writing._write(rows)
    return np.vstack(whole)


def draft() -> Any:
    """Write the rule as a draft."""
    from anlan.monitoring.models import Rule, RuleVersion, Threshold
    from anlan.registry.data import Hazard

    rule = Rule.objects.create(
        uuid=uuid4(), division_id=COUNTY, name="山洪雨量", hazard=Hazard.FLASH_FLOOD
    )
    version = RuleVersion.objects.create(
        rule=rule, number=1, source="bench", made_by="bench", made_at=BEGIN
    )
    Threshold.objects.bulk_create(
        Threshold(
            version=version,
            hazard=Hazard.FLASH_FLOOD,
            element="PN05",
            window_min=window * 5,
            colour=colour,
            value=value,
            source="bench",
            effective_from=BEGIN.date(),
        )
        for window, colour, value in LIMITS
    )
    return version


def expected(tenths: Any) -> int:
    """Return how many firings there are by their definition, from plain sums."""
    total = np.vstack([np.zeros((1, STATIONS), dtype=np.int64), np.cumsum(tenths, axis=0)])
    end = np.arange(1, len(tenths) + 1)
    over = np.zeros(tenths.shape, dtype=bool)
    up = np.zeros(tenths.shape, dtype=bool)
    for window, _colour, value in LIMITS:
        sums = (total[end] - total[np.maximum(end - window, 0)]) / 10
        over |= sums >= value
        up |= sums >= 0.9 * value
    return sum(firings(over[:, place], up[:, place]) for place in range(STATIONS))


def firings(over: Any, up: Any) -> int:
    """Return how often one station fires: over, until it has not been up for an hour."""
    count, slot = 0, 0
    starts = np.flatnonzero(over)
    for start in starts.tolist():
        if start < slot:
            continue
        count += 1
        slot = start
        while slot < len(up) and up[slot : slot + 13].any():
            slot += 1
        slot += 12
    return count


def main(days: int) -> None:
    """Print a line a measurement."""
    with own_database():
        from anlan.kernel.actors import the_program
        from anlan.kernel.scope import everywhere
        from anlan.monitoring.actions import test_rule as testing
        from anlan.monitoring.actions.start_test import start_test

        by = the_program("bench")
        with everywhere("bench"):
            begin = time.perf_counter()
            tenths = fill(days)
            print(f"{vendor()}: {tenths.size:,} readings; loop {loop_s():.2f} s")
            print(f"written    {time.perf_counter() - begin:8.1f} s")
            version = draft()
            now = BEGIN + timedelta(days=days + 3)
            last = date(2025, 1, 1) + timedelta(days=days - 1)
            begin = time.perf_counter()
            run = start_test(
                str(version.rule.uuid),
                number=1,
                since=date(2025, 1, 1),
                until=last,
                by=by,
                now=now,
            )
            while testing.test_rule(version.pk, run=run, by=by, now=now):
                pass
            spent = time.perf_counter() - begin
            version.refresh_from_db()
            found = version.tested
            print(f"back-test  {spent:8.1f} s, limit {LIMIT_S:.0f} s; peak {peak_mb():.0f} MB")
            print(f"events     {len(found['events']):8,d} at {found['stations']} stations")
            wanted, got = expected(tenths), found["all_fired"]
            verdict = "right" if wanted == got else f"WRONG, expected {wanted:,}"
            print(f"firings    {got:8,d} {verdict}")


if __name__ == "__main__":
    main(int(dict(each.split("=") for each in sys.argv[1:]).get("days", "365")))
