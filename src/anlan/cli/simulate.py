"""`anlan simulate`: stations that report over real sockets, and whether all they told is there."""

import asyncio
import contextlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from anlan.cli.gateway import SL651_PORT, allow_many_files
from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.codes import UnknownDivision
from anlan.kernel.scope import everywhere
from anlan.monitoring.actions.register_stations import register_stations
from anlan.monitoring.data import Protocol, StationKind, StationPoint
from anlan.monitoring.queries.stations import wired_stations
from anlan.monitoring.simulator.checking import compare
from anlan.monitoring.simulator.ledger import Ledger, read_ledger
from anlan.monitoring.simulator.plan import Impairments, Plan, SimulatedPoint, Tally
from anlan.monitoring.simulator.run import simulate as play

app = typer.Typer(help="Stations that do not exist, reporting over real sockets.")
TELL_EVERY_S = 5.0
PASSWORD = "A651"  # noqa: S105 - of stations that do not exist

Share = Annotated[float, typer.Option(help="Share of the frames, 0 to 1.", min=0, max=1)]


@app.callback(invoke_without_command=True)
def simulate(
    context: typer.Context,
    stations: Annotated[int, typer.Option(help="How many stations.", min=1)] = 100,
    host: Annotated[str, typer.Option(help="Where the gateway listens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Its port.")] = SL651_PORT,
    seconds: Annotated[float, typer.Option(help="How long.", min=0.1)] = 60,
    rate: Annotated[
        float, typer.Option(help="Reports a second over all; 0: as fast as confirmed.", min=0)
    ] = 0,
    interval: Annotated[
        float, typer.Option(help="Seconds between a station's reports; sets the rate.", min=0)
    ] = 0,
    step: Annotated[float, typer.Option(help="Minutes between observations.", min=1)] = 5,
    elements: Annotated[int, typer.Option(help="Elements of a report.", min=1, max=5)] = 5,
    window: Annotated[int, typer.Option(help="Reports unconfirmed at once.", min=1)] = 1,
    stations_per_link: Annotated[int, typer.Option(help="Stations on a link.", min=1)] = 1,
    frames_per_link: Annotated[
        int, typer.Option(help="Frames until a link is opened anew; 0: never.", min=0)
    ] = 0,
    loss: Share = 0,
    damage: Share = 0,
    duplicates: Share = 0,
    reconnects: Share = 0,
    delay: Annotated[float, typer.Option(help="Longest delay of a frame, in s.", min=0)] = 0,
    timeout: Annotated[float, typer.Option(help="Seconds until sent again.", min=0.1)] = 10,
    clock_off: Annotated[float, typer.Option(help="Seconds the clocks are ahead.")] = 0,
    seed: Annotated[int, typer.Option(help="What chance is drawn from.")] = 651,
    from_database: Annotated[
        bool, typer.Option("--stations-from-database", help="Play registered stations.")
    ] = False,
    make_stations: Annotated[
        str, typer.Option(help="Register the stations played, in this division.")
    ] = "",
    ledger: Annotated[
        Path | None, typer.Option(help="Write what is confirmed into this file.")
    ] = None,
) -> None:
    """Play stations that report, and print what came of it as JSON."""
    if context.invoked_subcommand:
        return
    points = registered(stations) if from_database else made_up(stations)
    if make_stations:
        register(points, division_code=make_stations)
    plan = Plan(
        host=host,
        port=port,
        stations=tuple(points),
        seconds=seconds,
        rate=stations / interval if interval else rate,
        elements=elements,
        window=window,
        step=timedelta(minutes=step),
        stations_per_link=stations_per_link,
        frames_per_link=frames_per_link,
        timeout_s=timeout,
        clock_off_s=clock_off,
        seed=seed,
        wire=Impairments(loss, damage, duplicates, reconnects, delay),
    )
    allow_many_files()
    print(json.dumps(asyncio.run(watched(plan, ledger=ledger)).as_document()))


@app.command("check")
def check(
    ledger: Annotated[Path, typer.Option(help="The file of an earlier simulation.")],
) -> None:
    """Hold what was confirmed against the database, and fail where it is not there once."""
    with everywhere("anlan simulate check"):
        found = compare(read_ledger(ledger))
    print(
        f"{found.confirmed:,} confirmed, {found.stored:,} stored once, {found.aside:,} kept aside, "
        f"{found.missing:,} missing, {found.other:,} other, {found.doubled:,} doubled"
    )
    if not found.is_whole:
        raise typer.Exit(1)


async def watched(plan: Plan, *, ledger: Path | None) -> Tally:
    """Play a plan, telling every few seconds how it goes."""
    tally = Tally()
    book = Ledger(ledger) if ledger else None
    telling = asyncio.get_running_loop().create_task(tell(tally))
    try:
        return await play(plan, ledger=book, tally=tally)
    finally:
        telling.cancel()
        if book is not None:
            book.close()


async def tell(tally: Tally) -> None:
    """Print the count now and then."""
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            await asyncio.sleep(TELL_EVERY_S)
            typer.echo(
                f"{tally.confirmed:,} of {tally.reports:,} reports confirmed, "
                f"{tally.resent:,} sent again",
                err=True,
            )


def made_up(count: int) -> list[SimulatedPoint]:
    """Return stations that no county has: county code 990651, numbers from 1 on."""
    return [
        SimulatedPoint(f"990651{number:04X}", PASSWORD, "PHK"[number % 3])
        for number in range(1, count + 1)
    ]


def registered(most: int) -> list[SimulatedPoint]:
    """Return registered stations on SL 651."""
    with everywhere("anlan simulate"):
        points = wired_stations(Protocol.SL651, most=most)
    if not points:
        typer.echo("No station on SL 651 is registered.", err=True)
        raise typer.Exit(1)
    letters = "PHKZMG"
    return [
        SimulatedPoint(x.address, x.password, x.kind.value if x.kind.value in letters else "P")
        for x in points
    ]


def register(points: list[SimulatedPoint], *, division_code: str) -> None:
    """Register the stations played."""
    wanted = [
        StationPoint(
            address=point.address,
            password=point.password,
            kind=StationKind(point.station_class),
            name=f"simulated {point.address[6:]}",
            lon=107.0,
            lat=33.0,
            place_id=None,
        )
        for point in points
    ]
    with everywhere("anlan simulate"):
        try:
            register_stations(
                wanted,
                division_code=division_code,
                by=the_program("simulate"),
                now=clock.now(),
            )
        except UnknownDivision as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None
