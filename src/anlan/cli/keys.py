"""`anlan keys …`: the keys that encrypt personal numbers."""

from typing import Annotated

import typer
from cryptography.fernet import Fernet
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from anlan.kernel import clock, rotation
from anlan.kernel.actors import the_program

app = typer.Typer(help="The keys that encrypt personal numbers.", no_args_is_help=True)
console = Console()
BY = the_program("command line")


@app.command()
def make() -> None:
    """Print a new key, for the variable ANLAN_ENCRYPTION_KEYS; nothing else is changed."""
    print(Fernet.generate_key().decode())


@app.command()
def rotate(
    retire: Annotated[
        bool, typer.Option("--retire", help="Then take the old keys out of use.")
    ] = False,
) -> None:
    """Encrypt everything under a new key while the program runs; may be stopped and run again."""
    try:
        if not retire and rotation.add_key(by=BY, now=clock.now()):
            console.print("A new key is in use; every running process writes with it from now on.")
        _encrypt_anew()
        if retire:
            count = rotation.retire_old_keys(by=BY, now=clock.now())
            console.print(f"{count} old keys retired; one key is in use.")
        else:
            console.print("Later run `anlan keys rotate --retire` to end the use of the old key.")
    except (rotation.KeysFromEnvironment, rotation.OldKeyNeeded) as error:
        console.print(str(error))
        raise typer.Exit(1) from None


def _encrypt_anew() -> None:
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,} rows")
    with Progress(*columns, console=console) as bar:
        tasks: dict[str, TaskID] = {}

        def told(table: str, done: int, total: int) -> None:
            if table not in tasks:
                tasks[table] = bar.add_task(table)
            bar.update(tasks[table], completed=done, total=total)

        found = rotation.encrypt_anew(by=BY, now=clock.now(), progress=told)
    console.print(f"{found.values:,} values were encrypted anew.")
    if found.unreadable:
        console.print(f"{found.unreadable:,} values are opened by no key that is here.")
