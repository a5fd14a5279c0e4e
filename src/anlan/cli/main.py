"""`anlan`: the program from the command line, one module a verb group."""

import typer

from anlan.cli import environment

environment.prepare()

from anlan.cli import database, demo, figures, journal, serve  # noqa: E402  they need Django set up

app = typer.Typer(
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
app.add_typer(journal.app, name="journal")
