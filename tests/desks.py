"""A watch at the duty desk, for its tests: who is there, what it was sent, what is done at it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anlan.kernel import clock, journal
from anlan.kernel.actors import the_program
from anlan.registry.models import Account
from anlan.warning.api import issue_warnings
from anlan.warning.models import HazardWarning, Summons
from anlan.warning.screens.desk_words import FIELDS
from tests.cast import Cast, crossed
from tests.entrance import logged_in
from tests.evening import QUICK_HASH, account, draw_outlines
from tests.weather import pass_time

BY = the_program("tests")
Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Watch:
    """An evening at the desk: three villages of the upper town stand under a warning."""

    cast: Cast
    warning: HazardWarning
    accounts: dict[str, Account]

    def call_of(self, person: str) -> Summons:
        """Return the call made to a person."""
        found: Summons = Summons.objects.get(person_id=self.cast.people[person])
        return found


@pytest.fixture
def evening(cast: Cast, settings: Any) -> Watch:
    settings.PASSWORD_HASHERS = QUICK_HASH
    draw_outlines()
    issue_warnings([crossed(cast)], by=BY, now=clock.now())
    pass_time(0)
    names = ("duty", "upper", "lower", "slope", "reader", "clerk")
    return Watch(
        cast=cast,
        warning=HazardWarning.objects.get(),
        accounts={name: account(cast, name) for name in names},
    )


@pytest.fixture
def visit(evening: Watch) -> Callable[[str], Client]:
    return lambda name: logged_in(evening.accounts[name], language="en")


def warn_lower(evening: Watch) -> None:
    """Issue a warning over the lower town too."""
    issue_warnings([crossed(evening.cast, gauge="lower rain")], by=BY, now=clock.now())
    pass_time(0)


def rows_in(sent: dict[str, Any]) -> Rows:
    """Return what a desk was sent, by call."""
    found = [dict(zip(FIELDS, values, strict=True)) for values in sent["rows"]]
    return {row["id"]: row for row in found}


def desk(client: Client) -> tuple[Rows, str]:
    """Return every row of a desk, and where it stands."""
    sent = client.get(reverse("desk_rows")).json()
    return rows_in(sent), sent["cursor"]


def told(client: Client, cursor: str) -> dict[str, str]:
    """Return what the events say after a cursor, by field."""
    answer = client.get(reverse("desk_events"), headers={"Last-Event-ID": cursor})
    assert answer["Content-Type"] == "text/event-stream"
    assert answer["Cache-Control"] == "no-store"
    text = answer.content.decode()
    assert text.endswith("\n\n")
    return dict(line.split(": ", 1) for line in text.splitlines() if line)


def act(client: Client, what: str, call: Summons, **form: object) -> dict[str, Any]:
    """Do something with a call and return what the desk is told."""
    answer = client.post(reverse(f"desk_{what}", args=[call.uuid]), form)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def asked(client: Client, address: str, **query: str) -> int:
    """Return how many queries an address takes."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(address), query).status_code == 200
    return len(queries)


def uuid_of(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def note(call: Summons) -> None:
    """Write that a call went up one rung."""
    journal.record(
        "summons.escalated",
        by=BY,
        now=clock.now(),
        subject=f"summons:{call.uuid}",
        division_code=call.division_id,
    )
