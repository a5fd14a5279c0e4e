"""`anlan serve` and `anlan work`: the program running."""

import subprocess
import sys
from typing import Annotated

import typer
from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces

from anlan.kernel import clock, heartbeat
from anlan.kernel.scope import everywhere

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on.")]


def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve the pages and run the background work beside them."""
    call_command("migrate", interactive=False, verbosity=0)
    worker = subprocess.Popen([sys.executable, "-m", "anlan", "work"])
    try:
        serve_pages(host=host, port=port)
    finally:
        worker.terminate()
        worker.wait(timeout=10)


def serve_pages(*, host: str, port: int) -> None:
    """Serve the pages until the process is told to stop."""
    Granian(
        "anlan.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=4,
        log_access=False,
    ).serve()


def work() -> None:
    """Run the background work: start the heartbeats that have stopped, then work off the queue."""
    with everywhere("worker start"):
        heartbeat.start_late_sweeps(now=clock.now())
    call_command("db_worker", interval=0.5, startup_delay=False, reload=False)
