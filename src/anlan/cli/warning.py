"""`anlan warning …`: warnings for other programs, from the command line."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from anlan.cli.scopes import seeing
from anlan.warning.core.cap_out import OutgoingWarning, alert_of, cancel_of
from anlan.warning.data import WarningOutOfSight
from anlan.warning.gateways.cap.errors import CapError
from anlan.warning.gateways.cap.signing import UnusableKey
from anlan.warning.gateways.cap.values import Alert
from anlan.warning.gateways.cap.writing import write_alert
from anlan.warning.publishing import county_signer
from anlan.warning.queries.cap_out import access_outgoing, newest_outgoing

app = typer.Typer(help="Warnings for other programs.", no_args_is_help=True)


@app.callback()
def warning() -> None:
    """Keep `cap` a verb of its own, with others to come beside it."""


@app.command()
def cap(
    file: Annotated[str, typer.Argument(help="Where to write the message; - is the screen.")],
    number: Annotated[str, typer.Option(help="The warning's number; the newest in force.")] = "",
    cancel: Annotated[bool, typer.Option(help="The message that ends it.")] = False,
    county: Annotated[str, typer.Option(help="The 12-digit code of a county.")] = "",
) -> None:
    """Write a warning as a CAP 1.2 message, signed when the county has a key."""
    with seeing(county):
        alert = _message(number, is_end=cancel)
    try:
        data = write_alert(alert)
        signer = county_signer()
        signed = data if signer is None else signer.sign(data)
    except CapError as error:
        _fail(f"The warning cannot be said in CAP: {error}.")
    except UnusableKey as error:
        _fail(f"The message cannot be signed: {error}.", "See ANLAN_CAP_KEY and its certificate.")
    if file == "-":
        sys.stdout.buffer.write(signed)
        sys.stdout.buffer.flush()
    else:
        try:
            Path(file).write_bytes(signed)
        except OSError as error:
            _fail(f"{file} cannot be written: {error.strerror}.")
    how = "unsigned" if signer is None else "signed"
    what = f"{alert.msg_type} {alert.identifier} of {alert.sent.isoformat()}"
    typer.echo(f"{what}, {alert.status}, {how}, {len(signed):,} bytes.", err=file == "-")


def _message(number: str, *, is_end: bool) -> Alert:
    """Return the message asked for, or end with a sentence."""
    found = _warning(number)
    if not is_end:
        return alert_of(found)
    end = cancel_of(found)
    if end is None:
        _fail(
            f"The warning {found.number} was not lifted: it is {found.state.label}.",
            "Only a warning that was lifted has a message that ends it.",
        )
    return end


def _warning(number: str) -> OutgoingWarning:
    if number:
        try:
            return access_outgoing(number)[0]
        except WarningOutOfSight:
            _fail(f"There is no warning with the number {number}.")
    newest = newest_outgoing()
    if newest is None:
        _fail("No warning is in force.", "Name one that has ended with --number.")
    return newest


def _fail(*sentences: str) -> NoReturn:
    for sentence in sentences:
        typer.echo(sentence, err=True)
    raise typer.Exit(1)
