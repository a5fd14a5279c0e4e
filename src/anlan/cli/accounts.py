"""`anlan accounts …`: accounts from the command line, for a county's first administrator."""

from collections.abc import Iterator
from contextlib import contextmanager
from secrets import choice
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.codes import InvalidDivisionCode, UnknownDivision
from anlan.kernel.scope import everywhere
from anlan.registry.actions.close_account import close_account
from anlan.registry.actions.grant_authority import grant_authority
from anlan.registry.actions.open_account import open_account
from anlan.registry.actions.reopen_account import reopen_account
from anlan.registry.actions.reset_password import reset_password
from anlan.registry.actions.reset_second_factor import reset_second_factor
from anlan.registry.data import Role
from anlan.registry.models import Account
from anlan.registry.queries.accounts import account_rows
from anlan.registry.queries.managing import kept_in
from anlan.registry.refusals import Refusal

app = typer.Typer(help="Accounts: who can log in.", no_args_is_help=True)
console = Console()
BY = the_program("command line")
User = Annotated[str, typer.Argument(help="The user name.")]


@contextmanager
def told() -> Iterator[None]:
    """See every division; a refusal ends in its sentence."""
    try:
        with everywhere("command line"):
            yield
    except (Refusal, UnknownDivision, InvalidDivisionCode, LookupError) as error:
        console.print(str(error))
        raise typer.Exit(1) from None


@app.command("open")
def open_one(
    user: User,
    role: Annotated[Role, typer.Option(help="What the account is for.")],
    division: Annotated[str, typer.Option(help="The 12-digit code of its division.")],
    office: Annotated[str, typer.Option(help="For a clerk: the one office.")] = "",
) -> None:
    """Open an account; prints a password for the first login."""
    password = _password()
    with told():
        open_account(
            user,
            password=password,
            role=role,
            division_code=division,
            office=office,
            person_id=None,
            by=BY,
            now=clock.now(),
        )
    console.print(f"{user} is open. Password for one login: {password}", highlight=False)


@app.command("list")
def list_all(
    division: Annotated[str, typer.Option(help="Only those kept by it or within it.")] = "",
) -> None:
    """List the accounts with what they may."""
    table = Table("user", "kept by", "may act as", "second factor", "state")
    with told():
        rows = Account.objects.order_by("username")
        if division:
            rows = rows.filter(kept_in([division]))
        for row in account_rows(rows, at=clock.now()):
            held = "\n".join(f"{each.role.value} {each.division}" for each in row.held)
            state = "open" if row.is_open else "closed"
            table.add_row(row.username, row.division, held, "on" if row.has_factor else "", state)
    console.print(table)


@app.command()
def grant(
    user: User,
    role: Annotated[Role, typer.Option(help="The role to give.")],
    division: Annotated[str, typer.Option(help="The 12-digit code of the division.")],
) -> None:
    """Give an account a role over a division."""
    with told():
        key = _key(user)
        grant_authority(key, role=role, division_code=division, by=BY, now=clock.now())
    console.print(f"{user} is {role.value} of {division}.")


@app.command("new-password")
def new_password(user: User) -> None:
    """Give an account a new password for one login and end its lock-out."""
    password = _password()
    with told():
        reset_password(_key(user), new=password, by=BY, now=clock.now())
    console.print(f"Password of {user} for one login: {password}", highlight=False)


@app.command("reset-second-factor")
def take_factor(user: User) -> None:
    """Take the second factor off an account whose phone is lost."""
    with told():
        had = reset_second_factor(_key(user), by=BY, now=clock.now())
    console.print(f"The second factor of {user} is off." if had else f"{user} had none.")


@app.command("close")
def close_one(user: User) -> None:
    """Close an account."""
    with told():
        close_account(_key(user), by=BY, now=clock.now())
    console.print(f"{user} is closed.")


@app.command("reopen")
def reopen_one(user: User) -> None:
    """Let a closed account in again."""
    with told():
        reopen_account(_key(user), by=BY, now=clock.now())
    console.print(f"{user} is open again.")


def _key(user: str) -> int:
    found = Account.objects.filter(username=user).values_list("pk", flat=True).first()
    if found is None:
        raise LookupError(f"There is no account {user}; `anlan accounts list` shows all.")
    return found


def _password() -> str:
    """Return a password that fits the rules, in groups that can be read out."""
    signs = [choice(kind) for kind in (ascii_uppercase, ascii_lowercase, digits)]
    rest = [choice(ascii_lowercase + digits) for _ in range(9)]
    text = "".join((*signs, *rest))
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))
