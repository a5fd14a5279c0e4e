"""A database of its own for processes that a test starts: a copy of the one that tests have."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.db import connection, connections
from psycopg import sql

from anlan.monitoring.api import forget_windows


class OwnDatabase:
    """A migrated, empty database, and what a process needs to use it."""

    def __init__(self, name: str, *, url: str, home: Path, admin_url: str = "") -> None:
        self.name = name
        self.home = home
        self.server_url = url
        self.admin_url = admin_url
        self.environment = {
            **os.environ,
            "ANLAN_DATABASE_URL": url,
            "ANLAN_HOME": str(home),
            "ANLAN_LOG_LEVEL": "WARNING",
        }

    @contextmanager
    def used(self) -> Iterator[None]:
        """Let this process use it as well until the block ends."""
        before = connections["default"]
        own = before.copy()
        own.settings_dict = {**before.settings_dict, "NAME": self.name}
        connections["default"] = own
        forget_windows()
        try:
            yield
        finally:
            own.close()
            connections["default"] = before
            forget_windows()


@contextmanager
def own_database(folder: Path) -> Iterator[OwnDatabase]:
    """Copy the database of the tests, which nobody else may use meanwhile, and drop the copy."""
    assert connection.settings_dict["NAME"] == connection.settings_dict["TEST"]["NAME"] or (
        "test_" in connection.settings_dict["NAME"] or "memory" in connection.settings_dict["NAME"]
    ), "not the database of the tests"
    if connection.vendor == "postgresql":
        yield from _on_server(folder)
        return
    path = folder / "own.sqlite3"
    connection.ensure_connection()
    copy = sqlite3.connect(path)
    connection.connection.backup(copy)
    copy.close()
    yield OwnDatabase(str(path), url=f"sqlite:///{path}", home=folder)


def _on_server(folder: Path) -> Iterator[OwnDatabase]:
    settings = connection.settings_dict
    tests, own = settings["NAME"], f"{settings['NAME']}_own_{os.getpid()}"
    connection.close()
    server = {
        "host": settings["HOST"],
        "port": settings["PORT"] or 5432,
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "dbname": "postgres",
    }
    with psycopg.connect(**server, autocommit=True) as admin:
        names = {"own": sql.Identifier(own), "tests": sql.Identifier(tests)}
        admin.execute(sql.SQL("CREATE DATABASE {own} TEMPLATE {tests}").format(**names))
        host = quote(settings["HOST"], safe="")
        user = f"{quote(settings['USER'])}:{quote(settings['PASSWORD'])}"
        port = f"&port={settings['PORT']}" if settings["PORT"] else ""
        url = f"postgresql://{user}@/{{}}?host={host}{port}"
        try:
            yield OwnDatabase(
                own, url=url.format(own), home=folder, admin_url=url.format("postgres")
            )
        finally:
            with suppress(psycopg.Error):
                admin.execute(sql.SQL("DROP DATABASE {own} WITH (FORCE)").format(**names))
