"""Months leave the table for files, days are counted, and the intake is pruned."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.actions.archive_month import ArchiveDamaged, archive_month
from anlan.monitoring.actions.count_availability import count_availability
from anlan.monitoring.actions.prune_intake import prune_intake
from anlan.monitoring.data import Quality, Verdict
from anlan.monitoring.elements import LEVEL, RAIN
from anlan.monitoring.models import (
    ArchivedMonth,
    FrameFault,
    Reading,
    ReadingBatch,
    SetAsideReading,
    Station,
    StationMonth,
)
from anlan.monitoring.store import archive, partitions
from anlan.monitoring.tasks.tending import tend
from tests.weather import idle, receive, report

BY = the_program("test")
JUNE = date(2024, 6, 1)


@pytest.fixture
def gauge(cast, settings, tmp_path):
    settings.ANLAN_ARCHIVE = str(tmp_path / "archive")
    settings.ANLAN_KEEP_MONTHS = 2
    return cast.stations["upper rain"]


def at(month, day, hour=0):
    return datetime(2024, month, day, hour, tzinfo=UTC)


def put(station, moment, value, element="PN05"):
    receive(report(station, at=moment, **{element: value}))


def archived(station, element=RAIN, *, start=None, end=None):
    found = archive.archived(station.pk, element, start=start or at(1, 1), end=end or at(12, 1))
    return list(zip(found.micros.tolist(), found.values.tolist(), strict=True))


def test_a_month_moves_into_its_file_and_is_read_from_there(gauge, cast):
    other = cast.stations["lower rain"]
    for day in (1, 15, 30):
        put(gauge, at(6, day), day / 10)
        put(other, at(6, day), 9.0)
        put(gauge, at(6, day), 100 + day, "Z")
    put(gauge, at(7, 1), 7.0)
    put(gauge, at(5, 31, 23), 5.0)
    assert archive_month(JUNE, by=BY, now=clock.now()) == 9
    assert list(Reading.objects.order_by("observed_at").values_list("value", flat=True)) == [
        5.0,
        7.0,
    ]
    assert [value for _at, value in archived(gauge)] == [0.1, 1.5, 3.0]
    assert [value for _at, value in archived(gauge, LEVEL)] == [101, 115, 130]
    assert [value for _at, value in archived(gauge, start=at(6, 2), end=at(6, 20))] == [1.5]
    assert archived(gauge, start=at(7, 2)) == []
    row = ArchivedMonth.objects.get()
    assert (row.month, row.rows, archive.is_whole(row)) == (JUNE, 9, True)
    assert JournalEntry.objects.get(act="readings.archived").subject == "month:2024-06"


def test_doing_it_again_changes_nothing(gauge):
    put(gauge, at(6, 3), 1.0)
    archive_month(JUNE, by=BY, now=clock.now())
    before = (Path(archive.folder()) / "readings-2024-06.parquet").read_bytes()
    assert archive_month(JUNE, by=BY, now=clock.now()) == 0
    assert (Path(archive.folder()) / "readings-2024-06.parquet").read_bytes() == before


def test_a_file_that_does_not_hold_what_was_written_leaves_the_month_in_the_table(
    gauge, monkeypatch
):
    put(gauge, at(6, 3), 1.0)
    monkeypatch.setattr(archive.parquet(), "count", lambda path: 0)
    with pytest.raises(ArchiveDamaged):
        archive_month(JUNE, by=BY, now=clock.now())
    assert Reading.objects.count() == 1
    assert archived(gauge) == []


def test_qualities_go_along(gauge):
    put(gauge, at(6, 3), 130.0)
    archive_month(JUNE, by=BY, now=clock.now())
    found = archive.archived(gauge.pk, RAIN, start=at(6, 1), end=at(7, 1))
    assert found.quality.tolist() == [Quality.IMPOSSIBLE]


def test_the_sweep_moves_what_is_older_than_declared(gauge):
    put(gauge, at(5, 20), 1.0)
    put(gauge, at(4, 20), 2.0)  # the oldest month that an intake with two full ones kept refuses
    assert SetAsideReading.objects.get().verdict == Verdict.TOO_OLD
    idle(timedelta(days=40))
    tend(clock.now())
    virtual_queue.run_until(clock.now())
    assert [value for _at, value in archived(gauge)] == [1.0]
    assert Reading.objects.count() == 0


def test_a_month_that_comes_has_its_partition(gauge):
    tend(clock.now())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s)", [partitions.table_of(date(2024, 8, 1))])
            assert cursor.fetchone()[0] is not None
    put(gauge, clock.now(), 1.0)
    assert Reading.objects.count() == 1


def test_a_day_is_counted_once_in_intervals_of_the_station(gauge, cast):
    Station.objects.update(interval_min=60)
    day = datetime(2024, 7, 14, 16, tzinfo=UTC)  # midnight of the 15th in Beijing
    for hour in range(1, 4):
        put(gauge, day + timedelta(hours=hour), 0.0)
        put(gauge, day + timedelta(hours=hour, minutes=-1), 0.0)
    idle(timedelta(days=1))
    assert count_availability(by=BY, now=clock.now()) == 1
    assert count_availability(by=BY, now=clock.now()) == 0
    row = StationMonth.objects.get(station=gauge)
    assert (row.expected, row.received, row.late, row.counted_to) == (24, 4, 3, date(2024, 7, 15))
    assert not StationMonth.objects.filter(station=cast.stations["river"]).exists()
    idle(timedelta(days=2))
    assert count_availability(by=BY, now=clock.now()) == 2
    row.refresh_from_db()
    assert (row.expected, row.received) == (72, 4)


def test_the_intake_keeps_what_is_not_yet_judged(gauge):
    put(gauge, clock.now(), 1.0)
    FrameFault.objects.create(peer="p", reason="r", payload=b"x", received_at=clock.now())
    virtual_queue.run_until(clock.now())
    idle(timedelta(days=3))
    put(gauge, clock.now(), 1.0)
    idle(timedelta(days=3))
    assert prune_intake(by=BY, now=clock.now()) == 1
    assert ReadingBatch.objects.count() == 1
    virtual_queue.run_until(clock.now())
    idle(timedelta(days=90))
    assert prune_intake(by=BY, now=clock.now()) == 2
    assert FrameFault.objects.count() == 0
