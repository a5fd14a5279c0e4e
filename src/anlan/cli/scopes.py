"""What a command sees: everything, or one county."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from anlan.kernel.codes import InvalidDivisionCode, check_code
from anlan.kernel.scope import everywhere, limited_to


@contextmanager
def seeing(county: str) -> Iterator[None]:
    """See one division and what lies in it, or everything when none is named."""
    if not county:
        with everywhere("command line"):
            yield
        return
    try:
        check_code(county)
    except InvalidDivisionCode as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    with limited_to([county]):
        yield
