"""`anlan gateway`: stations that report over TCP, stored and confirmed."""

import asyncio
import gc
import logging
import os
import resource
import signal
import sys
from collections.abc import Mapping
from typing import Annotated, Final

import typer

from anlan.cli.keeping import die_with_parent
from anlan.kernel.codes import InvalidDivisionCode, check_code
from anlan.monitoring.data import Protocol
from anlan.monitoring.gateways.tcp.gateway import Gateway
from anlan.monitoring.gateways.tcp.limits import Limits

log = logging.getLogger(__name__)
SL651_PORT: Final = 6510
# The thread that stores and the loop that listens share one interpreter: neither may keep it long.
SWITCH_S: Final = 0.001
COLLECTED_AFTER: Final = (50_000, 20, 50)
Listening = Mapping[Protocol, tuple[str, int]]


def gateway(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port of SL 651.", min=0)] = SL651_PORT,
    szy206_port: Annotated[int, typer.Option(help="The port of SZY 206; 0: none.", min=0)] = 0,
    hj212_port: Annotated[int, typer.Option(help="The port of HJ 212; 0: none.", min=0)] = 0,
    divisions: Annotated[
        list[str] | None, typer.Option(help="Only stations of these divisions, by 12-digit code.")
    ] = None,
    clock_limit: Annotated[
        float, typer.Option(help="Seconds a station's clock may be off.", min=1)
    ] = Limits.clock_limit_s,
    let_go: Annotated[
        bool, typer.Option("--let-go", help="Confirm with EOT: stations leave after a report.")
    ] = False,
    silent: Annotated[
        list[str] | None,
        typer.Option(help="Stations in mode M1, which get no answer, by how their address begins."),
    ] = None,
) -> None:
    """Listen to stations, store what they report, and confirm it when it is durable."""
    for code in divisions or ():
        try:
            check_code(code)
        except InvalidDivisionCode as error:
            raise typer.BadParameter(str(error)) from None
    listening = {Protocol.SL651: (host, port)}
    if szy206_port:
        listening[Protocol.SZY206] = (host, szy206_port)
    if hj212_port:
        listening[Protocol.HJ212] = (host, hj212_port)
    die_with_parent()
    limits = Limits(
        clock_limit_s=clock_limit,
        stay_online=not let_go,
        silent=tuple(each.upper() for each in silent or ()),
    )
    prepare_for_load()
    house = Gateway(limits=limits, divisions=divisions or ())
    try:
        asyncio.run(serve(house, listening))
    except OSError as error:
        typer.echo(f"The gateway cannot listen: {error.strerror or error}.", err=True)
        raise typer.Exit(1) from None
    if house.is_stuck:
        typer.echo("The database does not answer; what was not confirmed stays unsaid.", err=True)
        # The thread that waits for it would keep the process for ever.
        os._exit(1)


async def serve(house: Gateway, listening: Listening) -> None:
    """Run a gateway until the process is told to stop."""
    await house.start(listening)
    for wire, port in house.ports.items():
        print(f"Listening to {wire.value} on {listening[wire][0]}:{port}.", flush=True)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    work = loop.create_task(house.run())
    waiting = loop.create_task(stopped.wait())
    await asyncio.wait((work, waiting), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    await house.stop()
    if work.done() and not work.cancelled() and (error := work.exception()):
        raise error


def prepare_for_load() -> None:
    """Set the process up for many links and many short-lived values."""
    allow_many_files()
    sys.setswitchinterval(SWITCH_S)
    # Reports leave no cycles behind; the collector would walk over them, and the whole program,
    # dozens of times a second, which costs as much as decoding and storing them.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


def allow_many_files() -> None:
    """Let the process open as many links as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or soft < hard:
        wanted = 65_536 if hard == resource.RLIM_INFINITY else hard
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
