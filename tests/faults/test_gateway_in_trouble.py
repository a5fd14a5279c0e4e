"""The database is locked, full or gone: the gateway says nothing, waits, and goes on by itself."""

import asyncio
import resource
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from anlan.monitoring.models import Reading
from tests.cast import make_cast
from tests.listening import HOST, Gauge
from tests.own_database import OwnDatabase
from tests.processes import GatewayProcess, free_port

# The copy is made of the database that this creates.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gateway(own: OwnDatabase) -> Iterator[GatewayProcess]:
    """Give a gateway that has stations, and stop it in the end."""
    with own.used():
        make_cast()
    process = GatewayProcess(own.environment, port=free_port())
    process.start()
    yield process
    process.kill()


@contextmanager
def locked(own: OwnDatabase) -> Iterator[None]:
    """Hold what the gateway wants to write to."""
    if connection.vendor == "postgresql":
        with psycopg.connect(own.server_url) as holder:
            holder.execute("LOCK TABLE monitoring_reading IN ACCESS EXCLUSIVE MODE")
            yield
        return
    file = sqlite3.connect(own.name, isolation_level=None)
    file.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        file.close()


@contextmanager
def gone(own: OwnDatabase, process: GatewayProcess) -> Iterator[None]:
    """Take the database away: its disk is full, or its server lets nobody in."""
    if connection.vendor == "postgresql":
        name = sql.Identifier(own.name)
        with psycopg.connect(own.admin_url, autocommit=True) as admin:
            closed = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
            admin.execute(closed.format(name, sql.SQL("false")))
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            admin.execute(ended, [own.name])
            try:
                yield
            finally:
                admin.execute(closed.format(name, sql.SQL("true")))
        return
    log = Path(f"{own.name}-wal")
    before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (log.stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)


def speak(process: GatewayProcess, work: Callable[[Gauge], Awaitable[None]]) -> None:
    """Let a gauge speak to the gateway."""

    async def whole() -> None:
        reader, writer = await asyncio.open_connection(HOST, process.port)
        try:
            await work(Gauge(reader, writer, address="0990701001"))
        finally:
            writer.close()
            await writer.wait_closed()

    asyncio.run(whole())


def test_a_locked_database_is_waited_for(own: OwnDatabase, gateway: GatewayProcess) -> None:
    async def work(gauge: Gauge) -> None:
        with locked(own):
            gauge.send(gauge.report(PN05=1.0))
            assert await gauge.is_answered_nothing()
        assert (await gauge.hear()).serial == 1

    speak(gateway, work)
    with own.used():
        assert Reading.objects.count() == 1


def test_a_database_that_is_gone_is_waited_for(own: OwnDatabase, gateway: GatewayProcess) -> None:
    async def work(gauge: Gauge) -> None:
        gauge.send(gauge.report(minutes=-5, PN05=1.0))
        assert (await gauge.hear()).serial == 1
        with gone(own, gateway):
            gauge.send(*(gauge.report(minutes=-5 * k, PN05=2.0) for k in range(2, 300)))
            assert await gauge.is_answered_nothing()
        assert [(await gauge.hear()).serial for _ in range(298)] == list(range(2, 300))

    speak(gateway, work)
    with own.used():
        assert Reading.objects.count() == 299
