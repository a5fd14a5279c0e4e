"""`anlan registry limits` and `anlan registry limit`: the numbers by which gaps are judged."""

from datetime import date
from typing import Annotated

import typer
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.codes import InvalidDivisionCode, UnknownDivision
from anlan.kernel.scope import everywhere
from anlan.registry.actions.set_limit import set_limit
from anlan.registry.checks.limits import DEFAULT_FROM, DEFAULTS, DESIGN
from anlan.registry.data import LimitName
from anlan.registry.models import RegisterLimit


def limits() -> None:
    """List the limits: the program's own values, and those that a county has set over them."""
    table = Table("name", "value", "county", "from", "source", "meaning")
    for name, value in DEFAULTS.items():
        meaning = str(name.label)
        table.add_row(name.value, str(value), "", DEFAULT_FROM.isoformat(), DESIGN, meaning)
    rows = RegisterLimit.objects.order_by("name", "division_id", "effective_from")
    for row in rows:
        since = row.effective_from.isoformat()
        table.add_row(row.name, str(row.value), row.division_id or "all", since, row.source, "")
    Console().print(table)


def limit(
    name: Annotated[LimitName, typer.Argument(help="Which limit.")],
    value: Annotated[int, typer.Argument(help="Its value; days of the year as 601.", min=0)],
    source: Annotated[str, typer.Option(help="Which document sets it.")],
    county: Annotated[str, typer.Option(help="Only for the county with this code.")] = "",
    since: Annotated[str, typer.Option(help="From which day; today by default.")] = "",
) -> None:
    """Set a limit for one county, or for all, from a day on."""
    now = clock.now()
    try:
        day = date.fromisoformat(since) if since else timezone.localdate(now)
    except ValueError:
        raise typer.BadParameter(f"{since!r} is no day; write 2026-06-01") from None
    with everywhere("anlan registry limit"):
        try:
            set_limit(
                name,
                value=value,
                county=county or None,
                source=source,
                effective_from=day,
                by=the_program("anlan registry limit"),
                now=now,
            )
        except (InvalidDivisionCode, UnknownDivision) as error:
            raise typer.BadParameter(str(error)) from None
    typer.echo(f"{name.value} is {value} from {day}.")
