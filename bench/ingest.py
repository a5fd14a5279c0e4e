"""Measure durable intake with every rule evaluated against a raw bulk write into the same table.

    PYTHONPATH=src:bench python bench/ingest.py [steps=288]
    PYTHONPATH=.:src:bench python -m scripts.with_postgres --durable -- python bench/ingest.py

5,000 stations send rain every five minutes of a day, in batches of 1,000: 1,440,000 readings. Each
station has a threshold of its own on the sum of an hour, and the day crosses them 6,824 times;
an engine that counts otherwise is wrong.

* raw: the rows of each batch written by binary COPY (PostgreSQL) or executemany (SQLite,
  synchronous FULL) into the table of readings with its unique key, one commit a batch;
* raw whole: on PostgreSQL, the whole day in one COPY;
* intake: `ingest_columns`, a commit a batch: judged for quality, unique, packed for the rules;
* rules: `judge_exceedances` once for each step of time, which walks over its five batches.

* apart: the same with the rules in a process of their own, as `anlan work` runs them: from the
  first row to the last judgement.

Limits: intake with rules at least 0.8 of raw on PostgreSQL, 0.5 on SQLite; 300,000 readings/s is
the aim. A tick is one evaluation of all stations with nothing new; its limit is 32 ms.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from throwaway import loop_s, own_database, peak_mb, vendor

STATIONS = 5_000
BATCH = 1_000
BEGIN = datetime(2026, 7, 1, tzinfo=UTC)
EXPECTED = 6_824
LIMITS = {"postgresql": 0.8, "sqlite": 0.5}
TICK_LIMIT_MS = 32.0


def rain_tenths(steps: int) -> Any:
    """Return a seeded day of rain in tenths of mm, shape (steps, stations)."""
    chance = np.random.default_rng(7)
    wet = chance.random((steps, STATIONS)) < 0.25
    amount = chance.exponential(35.0, (steps, STATIONS)) * wet
    storm = 1.0 + 2.0 * np.exp(-(((np.arange(steps) - 170) / 20.0) ** 2))
    return np.rint(amount * storm[:, None]).astype(np.int64)


def crossings_of(tenths: Any) -> int:
    """Return how often an hour's sum rises over its station's threshold, from its definition."""
    total = np.cumsum(tenths, axis=0)
    total[12:] -= np.cumsum(tenths, axis=0)[:-12]
    over = total > (30 + np.arange(STATIONS) % 31) * 10
    return int((over[1:] & ~over[:-1]).sum() + over[0].sum())


def at(step: int) -> datetime:
    """Return the instant of a step."""
    return BEGIN + step * timedelta(minutes=5)


def batches(tenths: Any, stations: Any) -> Iterator[tuple[int, Any]]:
    """Yield the step and the columns of each batch."""
    from anlan.monitoring.core.columns import Columns
    from anlan.monitoring.elements import RAIN

    zeros = np.zeros(BATCH, dtype=np.int64)
    for step, row in enumerate(tenths):
        micros = np.full(BATCH, int(at(step).timestamp()) * 1_000_000)
        for first in range(0, STATIONS, BATCH):
            part = slice(first, first + BATCH)
            yield step, Columns(stations[part], zeros + RAIN, micros, row[part] / 10.0, zeros)


def make_stations() -> Any:
    """Write the stations, each with its threshold in one live rule; return their keys."""
    from uuid import uuid4

    from anlan.monitoring.data import Measure, RuleState, StationKind
    from anlan.monitoring.models import Rule, RuleVersion, Station, StationCover, Threshold
    from anlan.registry.data import Colour, DivisionKind, Hazard
    from anlan.registry.models import Division

    Division.objects.create(code="990701000000", kind=DivisionKind.COUNTY, name="县")
    Station.objects.bulk_create(
        Station(
            address=f"{number:010d}",
            division_id="990701000000",
            kind=StationKind.RAIN,
            name=f"{number}",
            lon=107,
            lat=33,
        )
        for number in range(STATIONS)
    )
    keys = list(Station.objects.order_by("address").values_list("pk", flat=True))
    rule = Rule.objects.create(
        uuid=uuid4(), division_id="990701000000", name="hour", hazard=Hazard.RAINSTORM
    )
    version = RuleVersion.objects.create(
        rule=rule,
        number=1,
        state=RuleState.LIVE,
        source="bench",
        falls_to=1.0,
        clear_after_min=0,
        made_by="bench",
        made_at=BEGIN,
    )
    Threshold.objects.bulk_create(
        Threshold(
            version=version,
            station_id=key,
            hazard=Hazard.RAINSTORM,
            measure=Measure.SUM,
            element="PN05",
            window_min=60,
            colour=Colour.YELLOW,
            value=30 + number % 31 + 0.1,  # a sum over it, in tenths, is at least a tenth over
            source="bench",
            effective_from=BEGIN.date(),
        )
        for number, key in enumerate(keys)
    )
    StationCover.objects.bulk_create(
        StationCover(station_id=key, division_id="990701000000", hazard=Hazard.RAINSTORM)
        for key in keys
    )
    return np.array(keys, dtype=np.int64)


def empty() -> None:
    """Empty the tables that a run fills."""
    from django.db import connection
    from django_tasks_db.models import DBTaskResult

    from anlan.monitoring import models
    from anlan.monitoring.api import forget_windows
    from anlan.monitoring.store import partitions

    models.Exceedance.objects.update(follows=None)
    for model in (
        models.Exceedance,
        models.ReadingBatch,
        models.EvaluationCursor,
        models.LatestReading,
        DBTaskResult,
    ):
        model.objects.all()._raw_delete("default")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE monitoring_reading")
            cursor.execute("CHECKPOINT")
        else:
            cursor.execute("DELETE FROM monitoring_reading")
    forget_windows()
    partitions.make_months([BEGIN.date()])


def raw(tenths: Any, stations: Any) -> float:
    """Return the seconds of writing every batch as it is."""
    from django.db import transaction

    from anlan.monitoring.store.writing import _write

    given = [columns for _step, columns in batches(tenths, stations)]
    begin = time.perf_counter()
    for columns in given:
        with transaction.atomic():
            _write(columns)
    return time.perf_counter() - begin


def raw_whole(tenths: Any, stations: Any) -> float:
    """Return the seconds of writing the whole day in one transaction."""
    from django.db import transaction

    from anlan.monitoring.core.columns import joined
    from anlan.monitoring.store.writing import _write

    given = joined(columns for _step, columns in batches(tenths, stations))
    begin = time.perf_counter()
    with transaction.atomic():
        _write(given)
    return time.perf_counter() - begin


def ours(tenths: Any, stations: Any) -> tuple[float, float, int]:
    """Return the seconds of intake and rules, those of the rules alone, and the crossings."""
    from anlan.kernel.actors import the_program
    from anlan.monitoring.api import ingest_columns, judge_exceedances
    from anlan.monitoring.models import Exceedance

    by = the_program("bench")
    given = list(batches(tenths, stations))
    begin, judging = time.perf_counter(), 0.0
    for number, (step, columns) in enumerate(given):
        ingest_columns(columns, by=by, now=at(step))
        if number % (STATIONS // BATCH) == STATIONS // BATCH - 1:
            started = time.perf_counter()
            judge_exceedances(by=by, now=at(step))
            judging += time.perf_counter() - started
    return time.perf_counter() - begin, judging, Exceedance.objects.count()


def apart(tenths: Any, stations: Any) -> tuple[float, float, int]:
    """Return the seconds until a process beside has judged all, those of intake, and crossings."""
    from anlan.kernel.actors import the_program
    from anlan.monitoring.api import ingest_columns
    from anlan.monitoring.models import Exceedance

    by = the_program("bench")
    given = list(batches(tenths, stations))
    rules = subprocess.Popen(
        [sys.executable, __file__, "rules", str(len(tenths))], stdout=subprocess.PIPE
    )
    assert rules.stdout is not None
    rules.stdout.readline()
    begin = time.perf_counter()
    for step, columns in given:
        ingest_columns(columns, by=by, now=at(step))
    taken = time.perf_counter() - begin
    rules.wait()
    return time.perf_counter() - begin, taken, Exceedance.objects.count()


def judge_beside(steps: int) -> None:
    """Judge each step when its batches are there."""
    from anlan.cli import environment

    environment.prepare()
    from django.db.models import Max

    from anlan.kernel.actors import the_program
    from anlan.kernel.scope import everywhere
    from anlan.monitoring.api import judge_exceedances
    from anlan.monitoring.models import ReadingBatch

    by = the_program("bench")
    with everywhere("bench"):
        first = ReadingBatch.objects.aggregate(last=Max("pk"))["last"] or 0
        judge_exceedances(by=by, now=at(0))
        print("ready", flush=True)
        there = 0
        for step in range(steps):
            while there < (step + 1) * STATIONS // BATCH:
                there = ReadingBatch.objects.filter(pk__gt=first).count()
                time.sleep(0.002)
            judge_exceedances(by=by, now=at(step))


def tick_ms() -> float:
    """Return the milliseconds of one look at every station with nothing new."""
    from anlan.monitoring import evaluation

    table = evaluation._memory[0].table
    slot = int(at(200).timestamp()) // 300
    spent = []
    for _run in range(50):
        begin = time.perf_counter()
        table.look(slot, standing={})
        spent.append(time.perf_counter() - begin)
    return statistics.median(spent) * 1000


def main(steps: int) -> None:
    """Print a line a measurement."""
    with own_database():
        from anlan.kernel.scope import everywhere

        tenths = rain_tenths(288)[:steps]
        expected = crossings_of(tenths)
        with everywhere("bench"):
            stations = make_stations()
            raws, mine = [], []
            for _run in range(3):
                empty()
                raws.append(raw(tenths, stations))
                empty()
                mine.append(ours(tenths, stations))
            tick = tick_ms()
            beside = []
            for _run in range(3):
                empty()
                beside.append(apart(tenths, stations))
            whole = None
            if vendor() == "postgresql":
                empty()
                whole = raw_whole(tenths, stations)
            report(tenths.size, raws, mine, whole, beside=beside, tick=tick, expected=expected)


def report(
    count: int,
    raws: list[float],
    mine: list[tuple[float, float, int]],
    whole: float | None,
    *,
    beside: list[tuple[float, float, int]],
    tick: float,
    expected: int,
) -> None:
    """Print what was measured."""
    limit = LIMITS[vendor()]
    print(f"{vendor()}: {count:,} readings in batches of {BATCH:,}; loop {loop_s():.2f} s")
    print(f"raw        {count / statistics.median(raws):10,.0f} readings/s")
    if whole:
        print(f"raw whole  {count / whole:10,.0f} readings/s")
    spent = statistics.median(x[0] for x in mine)
    rules = statistics.median(x[1] for x in mine)
    print(f"ours       {count / spent:10,.0f} readings/s, of it rules {rules / spent:.0%}")
    ratio = statistics.median(r / m[0] for r, m in zip(raws, mine, strict=True))
    print(f"ratio      {ratio:10.2f} of raw, limit {limit}")
    done = statistics.median(x[0] for x in beside)
    best = statistics.median(r / m[0] for r, m in zip(raws, beside, strict=True))
    taken = statistics.median(r / m[1] for r, m in zip(raws, beside, strict=True))
    print(
        f"apart      {count / done:10,.0f} readings/s, {best:.2f} of raw; intake {taken:.2f} of raw"
    )
    mine += beside
    right = all(found == expected for _spent, _rules, found in mine)
    print(f"crossings  {mine[0][2]:10,d} {'right' if right else f'WRONG, expected {expected:,}'}")
    print(f"tick       {tick:10.2f} ms of {STATIONS:,} stations, limit {TICK_LIMIT_MS:.0f}")
    print(f"memory     {peak_mb():10.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["rules"]:
        judge_beside(int(sys.argv[2]))
        sys.exit()
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 288)
