"""`anlan`: the program from the command line, one module a verb group."""

import sys
from typing import Any

from anlan.cli import decode

if sys.argv[1:2] == ["decode"]:  # it needs no Django, whose start takes a second
    decode.run(sys.argv[2:])

import typer
from django.db import Error

from anlan.cli import environment

environment.prepare()

from anlan.cli import (  # noqa: E402  they need Django set up
    accounts,
    database,
    demo,
    figures,
    gateway,
    journal,
    keys,
    mqtt,
    registry,
    serve,
    simulate,
    station,
    warning,
)


class Program(typer.Typer):
    """The commands; a database that cannot be used ends in a sentence, not in a trace."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command line."""
        try:
            return super().__call__(*args, **kwargs)
        except Error as error:
            typer.echo(f"The database cannot be used: {error}.", err=True)
            typer.echo("Make it with `anlan migrate`, or the demo's with `make demo`.", err=True)
            raise SystemExit(1) from None


app = Program(
    name="anlan",
    help="Anlan (安澜): county emergency management.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("work")(serve.work)
app.command("figures")(figures.figures)
app.command("migrate")(database.migrate)
app.command("gateway")(gateway.gateway)
app.command("mqtt")(mqtt.mqtt)
app.add_typer(accounts.app, name="accounts")
app.add_typer(decode.app, name="decode")
app.add_typer(journal.app, name="journal")
app.add_typer(keys.app, name="keys")
app.add_typer(registry.app, name="registry")
app.add_typer(simulate.app, name="simulate")
app.add_typer(station.app, name="station")
app.add_typer(warning.app, name="warning")
