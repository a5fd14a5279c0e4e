"""Observations that another program sends over HTTP, each answer after its commit.

    PYTHONPATH=src python bench/http_push.py [batches=20]
    PYTHONPATH=src python -m scripts.with_postgres -- python bench/http_push.py

The real server, the real key, connections that stay open. Singly: one observation a call, from one
and from four connections, against the same server's cheapest answer. In batches of 1,000 as a
list and as a data array, against a plain `executemany` of the same rows into the same table.
"""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from throwaway import loop_s, own_database, vendor

STATIONS = 1_000
COUNTY = "990701000000"
BATCH = 1_000
SINGLES = 400
BEGIN = datetime.now(UTC).replace(microsecond=0) - timedelta(days=30)
SERVE = (
    "import sys; from anlan.cli import environment; environment.prepare();"
    "from anlan.cli.serve import serve_pages;"
    "serve_pages(host='127.0.0.1', port=int(sys.argv[1]))"
)
Body = list[Any] | dict[str, Any]


def main(batches: int) -> None:
    """Print observations a second, and their ratios."""
    with own_database():
        key = make_county()
        raw = raw_rate(batches)
        with server() as port:
            print(f"{vendor()}, loop {loop_s():.2f} s, {STATIONS:,} stations")
            bare = bare_rate(port)
            print(f"cheapest answer, 1 connection   {bare:9,.0f} calls/s")
            for connections in (1, 4):
                rate = single_rate(port, key, connections=connections)
                print(
                    f"one a call, {connections} connection(s)     {rate:9,.0f} observations/s,"
                    f" {rate / bare:.2f} x the cheapest answer"
                )
            print(f"plain executemany of {BATCH:,}      {raw:9,.0f} rows/s")
            for name, path, shape in (
                ("list", "/api/v1/Observations", as_list),
                ("data array", "/api/v1/CreateObservations", as_arrays),
            ):
                rate = batch_rate(port, key, batches=batches, path=path, shape=shape)
                print(
                    f"{name} of {BATCH:,} a call{'':{12 - len(name)}}  {rate:9,.0f} observations/s,"
                    f" {rate / raw:.2f} x plain"
                )


def make_county() -> str:
    """Register the stations and return a key that may send for them."""
    from anlan.kernel import clock
    from anlan.kernel.actors import the_program
    from anlan.kernel.scope import everywhere
    from anlan.monitoring.data import Protocol, StationKind
    from anlan.monitoring.models import Station
    from anlan.registry.actions.issue_token import issue_token
    from anlan.registry.data import DivisionKind, Permission
    from anlan.registry.models import Division

    with everywhere("bench"):
        Division.objects.create(code=COUNTY, kind=DivisionKind.COUNTY, name="试县", lon=107, lat=33)
        Station.objects.bulk_create(
            Station(
                address=f"S{number:05d}",
                protocol=Protocol.HTTP,
                division_id=COUNTY,
                kind=StationKind.RAIN,
                name=f"S{number}",
                lon=107,
                lat=33,
            )
            for number in range(STATIONS)
        )
        return issue_token(
            "bench",
            division_code=COUNTY,
            permissions=[Permission.SEND_READINGS],
            days=1,
            by=the_program("bench"),
            now=clock.now(),
        )


@contextmanager
def server() -> Iterator[int]:
    """Run the pages' server on a free port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    command = [sys.executable, "-c", SERVE, str(port)]
    process = subprocess.Popen(command, env={**os.environ, "ANLAN_HOSTS": "127.0.0.1"})
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def bare_rate(port: int) -> float:
    """Return how often a second the server says that it is there."""
    wire = http.client.HTTPConnection("127.0.0.1", port)
    begin = time.perf_counter()
    for _ in range(SINGLES):
        wire.request("GET", "/robots.txt")
        wire.getresponse().read()
    return SINGLES / (time.perf_counter() - begin)


def single_rate(port: int, key: str, *, connections: int) -> float:
    """Return the observations a second, each in a call of its own."""
    each = SINGLES // connections

    def send(part: int) -> None:
        wire = http.client.HTTPConnection("127.0.0.1", port)
        for number in range(each):
            at = BEGIN + timedelta(days=connections, seconds=number * connections + part)
            post(wire, key, "/api/v1/Observations", observation(number % STATIONS, at))

    threads = [threading.Thread(target=send, args=(part,)) for part in range(connections)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return each * connections / (time.perf_counter() - begin)


def batch_rate(
    port: int, key: str, *, batches: int, path: str, shape: Callable[[datetime], Body]
) -> float:
    """Return the observations a second in calls of a thousand."""
    wire = http.client.HTTPConnection("127.0.0.1", port)
    first = BEGIN + timedelta(days=7 if shape is as_list else 14)
    bodies = [shape(first + timedelta(minutes=5 * number)) for number in range(batches)]
    texts = [json.dumps(body) for body in bodies]
    begin = time.perf_counter()
    for text in texts:
        post(wire, key, path, text)
    return BATCH * batches / (time.perf_counter() - begin)


def observation(station: int, at: datetime) -> dict[str, Any]:
    """Return one observation."""
    return {
        "phenomenonTime": at.isoformat(),
        "result": station % 50 / 10,
        "Datastream": {"@iot.id": f"S{station:05d}:PN05"},
    }


def as_list(at: datetime) -> Body:
    """Return an observation of each station."""
    return [observation(station, at) for station in range(BATCH)]


def as_arrays(at: datetime) -> Body:
    """Return data arrays of a hundred series with ten rows each."""
    moments = [(at + timedelta(seconds=10 * row)).isoformat() for row in range(10)]
    return [
        {
            "Datastream": {"@iot.id": f"S{station:05d}:PN05"},
            "components": ["phenomenonTime", "result"],
            "dataArray": [[moment, station % 50 / 10] for moment in moments],
        }
        for station in range(BATCH // 10)
    ]


def post(wire: http.client.HTTPConnection, key: str, path: str, body: Body | str) -> None:
    """Send one call, whose answer must be 201."""
    text = body if isinstance(body, str) else json.dumps(body)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    wire.request("POST", path, body=text, headers=headers)
    answer = wire.getresponse()
    said = answer.read()
    assert answer.status == 201, (answer.status, said[:500])


def raw_rate(batches: int) -> float:
    """Return the rows a second of a plain executemany into the table, a commit a thousand."""
    from django.db import connection, transaction

    from anlan.monitoring.core.columns import columns_of
    from anlan.monitoring.store import partitions, writing

    keys = stations()
    moments = [BEGIN + timedelta(minutes=5 * number) for number in range(batches)]
    micros = [int(at.timestamp()) * 1_000_000 for at in moments]
    columns = [columns_of([(key, 0x22, at, 1.0) for key in keys]) for at in micros]
    partitions.ready_for(columns[0].micros)
    rows = [writing._tuples(each) for each in columns]
    begin = time.perf_counter()
    for part in rows:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(writing._INSERT, part)
    return BATCH * batches / (time.perf_counter() - begin)


def stations() -> list[int]:
    """Return the keys of the stations."""
    from anlan.kernel.scope import everywhere
    from anlan.monitoring.models import Station

    with everywhere("bench"):
        return list(Station.objects.order_by("pk").values_list("pk", flat=True))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
