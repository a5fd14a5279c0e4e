"""The gateway's side of the database: one thread of its own, so that nobody else waits for it."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from typing import Final, ParamSpec, TypeVar

from django.db import (
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.scope import Scope, everywhere, limited_to
from anlan.monitoring.actions.ingest_arrivals import ingest_arrivals
from anlan.monitoring.actions.keep_damage import keep_damage
from anlan.monitoring.core.arrivals import Arrival, Damage, Outcome
from anlan.monitoring.core.clocks import CLOCK_LIMIT, Clocks
from anlan.monitoring.data import Protocol

GATEWAY: Final = the_program("gateway")
# What a database says that is away, full, stopped in its tracks or not migrated yet.
_AWAY: Final = (OperationalError, InterfaceError, InternalError, ProgrammingError)
_PROBE_WIRE: Final = Protocol.SL651
P = ParamSpec("P")
T = TypeVar("T")


class StoreAway(RuntimeError):
    """The database cannot be used just now; the same work may succeed later."""


class Store:
    """Runs work on the database, one piece after the other, each in the gateway's scope."""

    def __init__(
        self,
        *,
        divisions: Sequence[str] = (),
        clock_limit: timedelta = CLOCK_LIMIT,
        executor: Executor | None = None,
    ) -> None:
        self._divisions = tuple(divisions)
        self._executor = executor or ThreadPoolExecutor(1, thread_name_prefix="gateway-store")
        self._clocks = Clocks(clock_limit)

    async def take_in(self, arrivals: Sequence[Arrival]) -> list[Outcome]:
        """Return what became of reports once their transaction has committed."""
        return await self.run(_take_in, arrivals, clocks=self._clocks)

    async def keep_damage(self, damages: Sequence[Damage]) -> None:
        """Keep damaged frames."""
        await self.run(_keep_damage, damages)

    async def is_writable(self) -> bool:
        """Tell whether the database answers and takes a row."""
        try:
            await self.run(_try_to_write)
        except StoreAway:
            return False
        return True

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the work returns; raise StoreAway where the database is the reason."""
        loop = asyncio.get_running_loop()
        job = partial(work, *args, **kwargs)
        return await loop.run_in_executor(self._executor, self._in_scope, job)

    def close(self) -> None:
        """Close the thread with its connection, without waiting for work that hangs."""
        self._executor.submit(_close)
        self._executor.shutdown(wait=False)

    def _in_scope(self, job: Callable[[], T]) -> T:
        try:
            with self._scope():
                return job()
        except Exception as error:
            if not is_away(error):
                raise
            if not connection.in_atomic_block:
                connection.close()
            raise StoreAway(f"{type(error).__name__}: {error}".strip()) from error

    def _scope(self) -> AbstractContextManager[Scope]:
        return limited_to(self._divisions) if self._divisions else everywhere("gateway")


def is_away(error: Exception) -> bool:
    """Tell whether an error says that the database is away, and not that it refuses a value.

    Bulk writes speak to the driver itself, so its own errors count as well.
    """
    driver = connection.Database  # type: ignore[attr-defined]  # every backend has it
    away = (driver.OperationalError, driver.InterfaceError, driver.InternalError)
    return isinstance(error, (*_AWAY, *away))


def _take_in(arrivals: Sequence[Arrival], *, clocks: Clocks) -> list[Outcome]:
    return ingest_arrivals(arrivals, clocks=clocks, by=GATEWAY, now=clock.now())


def _keep_damage(damages: Sequence[Damage]) -> None:
    keep_damage(damages, by=GATEWAY, now=clock.now())


def _try_to_write() -> None:
    """Write a row and take it back."""
    now = clock.now()
    with transaction.atomic():
        damage = Damage(_PROBE_WIRE, "", "probe", bytes(4096), now)
        keep_damage([damage], by=GATEWAY, now=now)
        transaction.set_rollback(True)


def _close() -> None:
    """Close the connection of the thread that this runs in."""
    if not connection.in_atomic_block:
        connection.close()
