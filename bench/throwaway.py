"""A database of its own for a measurement, and the machine's speed at that moment.

On SQLite a file in a temporary folder; with ANLAN_DATABASE_URL naming PostgreSQL a database that
is made on that server and dropped afterwards.
"""

import os
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlparse


def loop_s() -> float:
    """Return the CPU seconds of ten million additions: what this machine does just now."""
    begin = time.process_time()
    total = 0
    for number in range(10_000_000):
        total += number
    return time.process_time() - begin


def peak_mb() -> float:
    """Return the most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def vendor() -> str:
    """Return the name of the database under measurement."""
    url = os.environ.get("ANLAN_DATABASE_URL", "")
    return "postgresql" if url.startswith("postgres") else "sqlite"


@contextmanager
def own_database() -> Iterator[Path]:
    """Set Django up on an empty, migrated database and give its folder; then delete it."""
    home = Path(tempfile.mkdtemp(prefix="anlan-bench-"))
    os.environ["ANLAN_HOME"] = str(home)
    os.environ["ANLAN_LOG_LEVEL"] = "WARNING"
    made = _make_on_server() if vendor() == "postgresql" else ""
    try:
        from anlan.cli import environment

        environment.prepare()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        yield home
        connection.close()
    finally:
        if made:
            _drop_on_server(made)
        shutil.rmtree(home, ignore_errors=True)


def _server() -> tuple[str, str]:
    url = urlparse(os.environ["ANLAN_DATABASE_URL"])
    return url._replace(path="/postgres").geturl(), url.path.lstrip("/")


def _make_on_server() -> str:
    import psycopg

    address, name = _server()
    own = f"{name}_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{own}"')
    url = urlparse(os.environ["ANLAN_DATABASE_URL"])
    os.environ["ANLAN_DATABASE_URL"] = url._replace(path=f"/{own}").geturl()
    return own


def _drop_on_server(name: str) -> None:
    import psycopg
    from django.db import connections

    connections.close_all()
    address, _name = _server()
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
