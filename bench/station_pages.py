"""Measure the pages of stations: the list at 5,000 stations a county, charts, the rain map.

    PYTHONPATH=src:bench python bench/station_pages.py [counties=100] [stations=5000]
    python -m scripts.with_postgres --durable -- python bench/station_pages.py

Every county has 22 towns and 308 villages, every station four last values; one in a thousand is
over a threshold, silent or doubtful. The first county's gauges have a day of rain every five
minutes, one gauge a year of levels. Medians of five requests through the whole program.

Limits: 20 queries and 300 ms a list page, 200 ms a chart of 30 days, 500 ms one of a year.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from throwaway import own_database, vendor

NOW = datetime(2026, 7, 15, 12, 0, tzinfo=UTC)
TOWNS, VILLAGES = 22, 14
ELEMENTS = {"P": (0x22, 0x38, 0x20, 0x26), "H": (0x39, 0x38, 0x27, 0x22)}
REPEATS = 5
DAY, YEAR = 288, 365 * 288


def prefix(number: int) -> str:
    """Return the six digits of a county."""
    return f"11{1 + number // 99:02d}{1 + number % 99:02d}"


def villages_of(number: int) -> list[str]:
    """Return the codes of a county's villages."""
    county = prefix(number)
    return [
        f"{county}{101 + town}{200 + village}"
        for town in range(TOWNS)
        for village in range(VILLAGES)
    ]


def fill(counties: int, stations: int) -> int:
    """Write the counties and return the key of the gauge with a year of levels."""
    from anlan.registry.models import Account, Authority, Division

    Division.objects.create(code="110000000000", kind="province", name="测省")
    for number in range(counties):
        Division.objects.bulk_create(_divisions(number))
        _fill_stations(number, stations)
    for name, code in (("one", f"{prefix(0)}000000"), ("all", "110000000000")):
        account = Account.objects.create(username=name, division_id=code)
        since = NOW - timedelta(days=900)
        Authority.objects.create(
            account=account, role="duty_officer", division_id=code, valid_from=since
        )
    return _fill_readings(stations)


def settle() -> None:
    """Let the database know what it holds, as a server does by itself in a quiet hour."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _divisions(number: int) -> Iterator[Any]:
    from anlan.registry.models import Division

    county, west = prefix(number), 107.0
    box = [[west, 33.0], [west + 1, 33.0], [west + 1, 34.0], [west, 34.0]]
    yield Division(
        code=f"{county}000000", kind="county", name=f"县{number}", parent_id="110000000000",
        boundary=box,
    )  # fmt: skip
    for code in sorted({each[:9] for each in villages_of(number)}):
        yield Division(
            code=f"{code}000", kind="town", name=f"镇{code[6:]}", parent_id=f"{county}000000"
        )
    for code in villages_of(number):
        yield Division(code=code, kind="village", name=f"村{code[6:]}", parent_id=f"{code[:9]}000")


def _fill_stations(number: int, stations: int) -> None:
    from anlan.monitoring.models import LatestReading, Silence, Station, StationContact

    villages = villages_of(number)
    made = Station.objects.bulk_create(
        Station(
            address=f"{prefix(number)}{n:04d}",
            division_id=villages[n % len(villages)],
            kind="H" if n % 5 == 0 else "P",
            name=f"站{number}-{n}",
            lon=107 + n % 97 / 97,
            lat=33 + n // 97 % 89 / 89,
            interval_min=5,
        )
        for n in range(stations)
    )
    StationContact.objects.bulk_create(StationContact(station=x, heard_at=NOW) for x in made)
    LatestReading.objects.bulk_create(
        LatestReading(
            station=x, element=element, observed_at=NOW, value=1.5,
            quality=10 if x.pk % 1_000 == 7 else 0,
        )
        for x in made
        for element in ELEMENTS[x.kind]
    )  # fmt: skip
    Silence.objects.bulk_create(
        Silence(station=x, since=NOW, noticed_at=NOW) for x in made if x.pk % 1_000 == 9
    )
    _fill_exceedances([x for x in made if x.pk % 1_000 == 11])


def _fill_exceedances(stations: list[Any]) -> None:
    from anlan.monitoring.models import Exceedance, Threshold

    plain = {"hazard": "flash_flood", "colour": 3}
    for station in stations:
        limit = Threshold.objects.create(
            **plain, station=station, element="PN05", window_min=60, value=30, source="bench",
            effective_from=NOW.date(),
        )  # fmt: skip
        Exceedance.objects.create(
            **plain, station=station, threshold=limit, value=40, started_at=NOW
        )


def _fill_readings(stations: int) -> int:
    """Write a day of rain of the first county, and a year of levels of its first gauge."""
    import numpy as np

    from anlan.monitoring.core.columns import Columns
    from anlan.monitoring.core.intake import micros_of
    from anlan.monitoring.models import Station
    from anlan.monitoring.store.writing import store_late

    keys = list(Station.objects.order_by("pk").values_list("pk", flat=True)[:stations])
    end, step = micros_of(NOW), 300_000_000
    rng = np.random.default_rng(3)
    for start in range(0, len(keys), 250):
        some = np.repeat(keys[start : start + 250], DAY)
        moments = np.tile(end - np.arange(DAY)[::-1] * step, some.size // DAY)
        rain = np.round(rng.gamma(0.1, 2.0, some.size), 1)
        zero = np.zeros(some.size, dtype=np.int64)
        store_late(Columns(some, zero + 0x22, moments, rain, zero))
    zero = np.zeros(YEAR, dtype=np.int64)
    moments = end - np.arange(YEAR)[::-1] * step
    level = np.round(100 + np.sin(np.arange(YEAR) / 900) + rng.normal(0, 0.01, YEAR), 2)
    for month in range(0, YEAR, 8_000):
        part = slice(month, month + 8_000)
        some = zero[part]
        store_late(Columns(some + keys[0], some + 0x39, moments[part], level[part], some))
    return int(keys[0])


def measured(client: Any, address: str, *, limit_ms: float) -> None:
    """Print what an address takes and whether it is within its limit."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    seconds, size = [], 0
    for _turn in range(REPEATS):
        begin = time.perf_counter()
        response = client.get(address, headers={"accept-encoding": "identity"})
        seconds.append(time.perf_counter() - begin)
        assert response.status_code == 200, (address, response.status_code)
        size = len(response.content)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    took = statistics.median(seconds) * 1_000
    ratio, queries = took / limit_ms, len(asked)
    sign = " " if ratio <= 1 and queries <= 20 else "!"
    first = f"first {seconds[0] * 1_000:.0f}"
    print(
        f"{sign} {took:7.1f} ms ({first})  {ratio:5.2f}  {queries:3d} queries {size:8d} B  "
        f"{address[:90]}",
        flush=True,
    )


def main(counties: int, stations: int) -> None:
    """Fill a database and measure."""
    from django.conf import settings
    from django.db import transaction
    from django.test import Client
    from django.urls import reverse

    from anlan.kernel import clock
    from anlan.kernel.scope import everywhere
    from anlan.registry.models import Account

    settings.ANLAN_SECOND_FACTOR, settings.ANLAN_PASSWORD_DAYS = "optional", 0
    settings.ALLOWED_HOSTS = ["*"]
    begin = time.perf_counter()
    with everywhere("measurement"), clock.use(clock.FixedClock(NOW)):
        with transaction.atomic():
            gauge = fill(counties, stations)
        settle()
    print(f"{vendor()}: {counties} × {stations} stations, {time.perf_counter() - begin:.0f} s")
    listed, town = reverse("stations"), f"{prefix(0)}105000"
    with clock.use(clock.FixedClock(NOW)):
        for name in ("one", "all"):
            client = Client()
            client.force_login(
                Account.objects.get(username=name),
                backend="django.contrib.auth.backends.ModelBackend",
            )
            print(name)
            for query in (
                *("", "page=20", f"division={town}", "kind=H", "state=silent", "state=over"),
                *("state=doubtful", "colour=3", "q=-4711", "q=1101014711"),
            ):
                measured(client, f"{listed}?{query}", limit_ms=300)
        measured(client, reverse("station", args=[gauge]), limit_ms=300)
        for days, limit_ms in ((1, 200), (30, 200), (365, 500)):
            span = f"from={(NOW - timedelta(days=days)):%Y-%m-%dT%H:%M}&to={NOW:%Y-%m-%dT%H:%M}"
            for code in ("Z", "PN05"):
                series = reverse("station_series", args=[gauge])
                measured(client, f"{series}?element={code}&{span}", limit_ms=limit_ms)
        for hours in (1, 24):
            measured(client, f"{reverse('rain_data')}?hours={hours}", limit_ms=300)


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:3]]
    with own_database():
        main(*(numbers + [100, 5_000][len(numbers) :]))
