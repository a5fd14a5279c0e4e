"""What charts draw of many readings: no peak lost, no rain lost, archived months included."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from anlan.kernel.actors import the_program
from anlan.monitoring.actions.archive_month import archive_month
from anlan.monitoring.core.downsampling import MOST_POINTS, summed
from anlan.monitoring.core.intake import micros_of, moment_of
from anlan.monitoring.core.spans import Span
from anlan.monitoring.data import EXCLUDED_FROM, Quality
from anlan.monitoring.elements import LEVEL, RAIN
from anlan.monitoring.models import Reading
from anlan.monitoring.queries.chart_table import table_rows
from anlan.monitoring.queries.series import extremes_of, series, sums_of
from anlan.monitoring.store.buckets import rows_between, totals
from anlan.monitoring.store.partitions import ready_for
from tests.cast import Cast

END = datetime(2024, 7, 15, 12, 0, tzinfo=UTC)
DAYS = 100
STEP_S = 1_800


@pytest.fixture
def river(cast: Cast) -> int:
    """Let the river gauge have measured level and rain for a hundred days, some of it wrongly."""
    station = int(cast.stations["river"].pk)
    count = DAYS * 86_400 // STEP_S
    micros = micros_of(END) - np.arange(count)[::-1] * STEP_S * 1_000_000
    rng = np.random.default_rng(7)
    for element, values in (
        (LEVEL, np.round(100 + np.sin(np.arange(count) / 150) + rng.normal(0, 0.01, count), 3)),
        (RAIN, np.round(rng.gamma(0.1, 2.0, count), 1)),
    ):
        quality = np.zeros(count, dtype=np.int64)
        quality[::1000], values[::1000] = Quality.IMPOSSIBLE, 999.0
        quality[5::1000] = Quality.RATE
        ready_for(micros)
        Reading.objects.bulk_create(
            Reading(
                station_id=station,
                element=element,
                observed_at=moment_of(at),
                value=value,
                quality=known,
            )
            for at, value, known in zip(
                micros.tolist(), values.tolist(), quality.tolist(), strict=True
            )
        )
    return station


def level(river: int, *, days: float, end: datetime = END) -> tuple[list[datetime], list[float]]:
    """Return the points of the level's line."""
    found = series(river, LEVEL, start=end - timedelta(days=days), end=end, silent_s=3_600)
    return (
        [datetime.fromtimestamp(each / 1e6, tz=UTC) for each in found.micros.tolist()],
        found.values.tolist(),
    )


@pytest.mark.parametrize("days", [1, 20, 90])
def test_extremes_stay_however_wide_the_view(river: int, days: float) -> None:
    """The reference is every reading of the span."""
    every, values = extremes_of(
        river, LEVEL, start=END - timedelta(days=days), end=END, step_s=STEP_S
    )
    moments, shown = level(river, days=days)
    assert len(shown) <= MOST_POINTS
    assert max(shown) == values.max()
    assert min(shown) == values.min()
    peak = every[values.argmax()]
    assert moments[shown.index(max(shown))] == datetime.fromtimestamp(peak / 1e6, tz=UTC)
    assert moments == sorted(moments)
    assert max(shown) < 200


@pytest.mark.parametrize(("days", "step"), [(2, 300), (30, 3_600), (90, 86_400)])
def test_bars_hold_all_rain_that_counts(river: int, days: int, step: int) -> None:
    start = END - timedelta(days=days)
    found = series(river, RAIN, start=start, end=END, silent_s=3_600)
    assert found.step_s == step
    (amount,) = totals([river], RAIN, starts=[start], end=END)[river]
    assert found.values.sum() == pytest.approx(amount)
    assert (found.micros % (step * 1_000_000) == 0).all()
    assert len(found.values) <= MOST_POINTS


def test_the_database_sums_as_numpy_does(river: int) -> None:
    start = END - timedelta(days=3)
    rows = rows_between(river, RAIN, start=start, end=END)
    rows = rows.at(rows.quality < EXCLUDED_FROM)
    for step_s in (3_600, 86_400):
        begins, sums = sums_of(river, RAIN, start=start, end=END, step_s=step_s)
        wanted, totalled = summed(rows.micros, rows.values, step_s=step_s)
        assert begins.tolist() == wanted.tolist()
        assert sums.tolist() == pytest.approx(totalled.tolist())


def test_doubtful_and_excluded_readings_are_marked(river: int) -> None:
    for days in (20, 90):
        found = series(river, LEVEL, start=END - timedelta(days=days), end=END, silent_s=3_600)
        assert set(found.marked.quality.tolist()) == {Quality.RATE, Quality.IMPOSSIBLE}
        assert 999.0 in found.marked.values.tolist()


def test_a_line_is_broken_at_a_silence(river: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM monitoring_reading WHERE element = %s AND observed_at > %s"
            " AND observed_at < %s",
            [
                LEVEL,
                *(
                    connection.ops.adapt_datetimefield_value(END - timedelta(hours=each))
                    for each in (30, 10)
                ),
            ],
        )
    found = series(river, LEVEL, start=END - timedelta(days=3), end=END, silent_s=3_600)
    (place,) = found.breaks.tolist()
    assert found.micros[place] <= micros_of(END - timedelta(hours=30))
    assert found.micros[place + 1] >= micros_of(END - timedelta(hours=10))


def test_the_table_has_few_rows_and_all_the_rain(river: int) -> None:
    span = Span(END - timedelta(days=30), END)
    rows = table_rows(river, {"PN05": RAIN, "Z": LEVEL}, span=span)
    assert len(rows) <= 25
    (amount,) = totals([river], RAIN, starts=[span.start], end=END)[river]
    assert sum(dict(row.cells)["PN05"][0] for row in rows) == pytest.approx(amount)


def test_months_in_the_archive_are_drawn_as_before(
    river: int, settings: Settings, tmp_path: Path
) -> None:
    settings.ANLAN_ARCHIVE = tmp_path
    before = level(river, days=90)
    near = level(river, days=20, end=END - timedelta(days=60))
    start = END - timedelta(days=90)
    rain = sums_of(river, RAIN, start=start, end=END, step_s=86_400)
    for month in (datetime(2024, 4, 1, tzinfo=UTC), datetime(2024, 5, 1, tzinfo=UTC)):
        archive_month(month.date(), by=the_program("tests"), now=END)
    old = END - timedelta(days=60)
    assert not totals([river], RAIN, starts=[start], end=old)
    after = level(river, days=90)
    assert max(after[1]) == max(before[1])
    assert min(after[1]) == min(before[1])
    assert after[0][0] == before[0][0]
    assert level(river, days=20, end=old) == near
    found = sums_of(river, RAIN, start=start, end=END, step_s=86_400)
    assert found[0].tolist() == rain[0].tolist()
    assert found[1].tolist() == pytest.approx(rain[1].tolist())


def test_a_chart_asks_the_database_a_few_times(river: int) -> None:
    with CaptureQueriesContext(connection) as asked:
        series(river, LEVEL, start=END - timedelta(days=365), end=END, silent_s=3_600)
    assert len(asked) <= 3
