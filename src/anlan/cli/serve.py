"""`anlan serve` and `anlan work`: the program running."""

import signal
import threading
from types import FrameType
from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces

from anlan.cli.keeping import Work, die_with_parent, keep_running
from anlan.kernel import clock, heartbeat
from anlan.kernel.queue import requeue_tasks_of_dead, worker_name
from anlan.kernel.scope import everywhere
from anlan.monitoring.api import walk_along

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on.")]
Part = Annotated[
    str,
    typer.Option(
        help="One part alone, as another machine may do it: default, wires or rules.",
    ),
]
GatewayPort = Annotated[
    int, typer.Option(help="Listen to SL 651 stations on this port too; 0: not.")
]
QUEUES = ("default", "wires")
RULES = "rules"


def serve(host: Host = "127.0.0.1", port: Port = 8000, gateway_port: GatewayPort = 0) -> None:
    """Serve the pages and run the background work beside them, and the wires that are asked for."""
    call_command("migrate", interactive=False, verbosity=0)
    works = _parts()
    if gateway_port:
        works.append(Work("gateway", ("gateway", "--host", host, "--port", str(gateway_port))))
    if settings.ANLAN_MQTT["url"]:
        works.append(Work("mqtt", ("mqtt",)))
    stop = threading.Event()
    keeper = threading.Thread(target=keep_running, args=(works,), kwargs={"stop": stop})
    keeper.start()
    try:
        serve_pages(host=host, port=port)
    finally:
        stop.set()
        keeper.join()


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


def work(part: Part = "") -> None:
    """Run the background work: the queues and the rules, each in a process that is kept running."""
    if not part:
        signal.signal(signal.SIGTERM, _stop)
        keep_running(_parts())
        return
    die_with_parent()
    if part == RULES:
        walk_along()
    elif part in QUEUES:
        with everywhere("worker start"):
            requeue_tasks_of_dead(part, now=clock.now())
            heartbeat.start_late_sweeps(now=clock.now())
        call_command(
            "db_worker",
            queue_name=part,
            worker_id=worker_name(part),
            interval=0.5,
            startup_delay=False,
            reload=False,
        )
    else:
        raise typer.BadParameter(f"{part}: say default, wires or rules.", param_hint="--part")


def _parts() -> list[Work]:
    return [Work(part, ("work", "--part", part)) for part in (*QUEUES, RULES)]


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
