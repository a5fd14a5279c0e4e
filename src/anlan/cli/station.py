"""`anlan station …`: what is asked of stations."""

import json
import time
from typing import Annotated, Final

import typer

from anlan.kernel import clock
from anlan.kernel.actors import Actor
from anlan.kernel.scope import everywhere
from anlan.monitoring.actions.ask_station import ask_station
from anlan.monitoring.data import CannotAsk, CommandState, Question, StationOutOfSight
from anlan.monitoring.queries.commands import command_state, station_with

app = typer.Typer(help="Stations: what they are asked.", no_args_is_help=True)
OPERATOR = Actor(label="operator:command line")
LOOK_EVERY_S: Final = 0.25
OVER = (CommandState.ANSWERED, CommandState.FAILED, CommandState.CANCELLED)
WORDS: Final = {question.value.replace("_", "-"): question for question in Question}


@app.callback()
def stations() -> None:
    """Ask stations, or set something in them."""


@app.command("ask")
def ask(
    address: Annotated[str, typer.Argument(help="The station's address on its wire.")],
    question: Annotated[str, typer.Argument(help=f"What: {', '.join(WORDS)}.")],
    what: Annotated[
        str, typer.Argument(help="Minutes of an interval, or elements as Z,PN05,VT.")
    ] = "",
    wait: Annotated[int, typer.Option(help="Wait so many seconds for the answer.", min=0)] = 0,
) -> None:
    """Leave a question or setting for a station; the gateway sends it when the station calls."""
    asked = WORDS.get(question)
    if asked is None:
        raise typer.BadParameter(f"{question!r} is none of {', '.join(WORDS)}")
    elements = [each.strip() for each in what.split(",")] if asked is Question.ELEMENTS else []
    minutes = int(what) if asked is Question.INTERVAL and what.isdecimal() else None
    with everywhere("anlan station ask"):
        try:
            command_id = ask_station(
                station_with(address),
                question=asked,
                elements=elements,
                minutes=minutes,
                by=OPERATOR,
                now=clock.now(),
            )
        except StationOutOfSight:
            typer.echo(f"No station has the address {address}.", err=True)
            raise typer.Exit(1) from None
        except CannotAsk as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None
        tell(command_id, wait_s=wait)


def tell(command_id: int, *, wait_s: float) -> None:
    """Print how a command ends, or that it waits."""
    until = time.monotonic() + wait_s
    state, answer = command_state(command_id)
    while state not in OVER and time.monotonic() < until:
        time.sleep(LOOK_EVERY_S)
        state, answer = command_state(command_id)
    if state not in OVER:
        typer.echo(f"Command {command_id} waits for the station.")
        return
    typer.echo(json.dumps({"state": state.value, **answer}, ensure_ascii=False))
    if state is not CommandState.ANSWERED:
        raise typer.Exit(1)
