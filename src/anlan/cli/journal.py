"""`anlan journal …`: the chain of what happened."""

from typing import Annotated

import typer
from rich.console import Console

from anlan.kernel import clock, journal

app = typer.Typer(help="The journal: what happened, chained by hash.", no_args_is_help=True)
console = Console()


@app.command()
def verify(
    head: Annotated[str, typer.Option(help="A digest noted down earlier.")] = "",
) -> None:
    """Walk the whole chain; name the first entry that was changed or is missing."""
    found = journal.verify(expected_head=head)
    if found.fault is not None:
        what = {
            "changed": "entry {seq} was changed after it was sealed",
            "missing": "entry {seq} is missing",
            "seal": "the seal over entry {seq} does not hold",
        }[found.fault.kind].format(seq=found.fault.seq)
        console.print(f"[red]The journal does not hold:[/red] {what}.")
        raise typer.Exit(1)
    console.print(
        f"The journal holds: {found.checked:,} sealed entries, {found.unsealed:,} not yet sealed."
    )
    console.print(f"Head: {found.head}")


@app.command()
def seal() -> None:
    """Close all open entries into the chain now."""
    count = journal.seal(now=clock.now())
    console.print(f"{count:,} entries sealed.")
