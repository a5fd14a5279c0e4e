"""`anlan figures`: what the district has, row by row."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from anlan.assessment.api import essay_figures
from anlan.kernel.scope import everywhere


def figures(
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows as JSON.")] = False,
) -> None:
    """Print the essay's figures S1 to S10, counted from the database."""
    with everywhere("figures"):
        rows = essay_figures()
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    table = Table("row", "figure", "value")
    for row, found in rows.items():
        for number, (name, value) in enumerate(found.items()):
            table.add_row("" if number else row, name.replace("_", " "), f"{value:,}")
    Console().print(table)
