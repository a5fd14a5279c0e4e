"""What stands in a letter that somebody holds in their hand: its calls, or its test."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from anlan.kernel import scope
from anlan.registry.api import names_of
from anlan.warning.data import Purpose, WarningState
from anlan.warning.models import Delivery, Summons
from anlan.warning.queries.calls import CallRow, call_rows

ASKS: Final = (Purpose.CALL, Purpose.REASK, Purpose.TEST)
# After this time a link opens nothing any more, whatever became of its warning.
LINK_LASTS: Final = timedelta(days=3)


class LetterGone(LookupError):
    """A letter that there is not, or whose time is over."""


@dataclass(frozen=True)
class LetterOpened:
    """A letter with what can be answered in it; `is_over` tells that its warnings have ended."""

    name: str
    person_id: int
    person: str
    channel: str
    calls: tuple[CallRow, ...]
    test_calls: tuple[int, ...]
    text: str
    title: str
    is_over: bool


def open_letter(name: str, *, now: datetime) -> LetterOpened:
    """Return a letter by its name; raise LetterGone for none, or one whose time is over.

    Whoever holds the link sees the villages of this letter and nothing else.
    """
    with scope.everywhere("a letter is opened by its signed link"):
        rows = list(
            Delivery.objects.filter(letter=name, purpose__in=ASKS, person__isnull=False)
            .select_related("summons__warning", "test_call__test")
            .order_by("pk")
        )
        if not rows or rows[0].claimed_at is None or rows[0].claimed_at + LINK_LASTS <= now:
            raise LetterGone(name)
        return _opened(name, rows, now=now)


def _opened(name: str, rows: Sequence[Delivery], *, now: datetime) -> LetterOpened:
    person = rows[0].person_id or 0
    summonses = [row.summons_id for row in rows if row.summons_id is not None]
    calls = call_rows(Summons.objects.filter(pk__in=summonses).order_by("-warning__colour", "pk"))
    tests = tuple(row.test_call_id for row in rows if row.test_call_id is not None)
    states = {row.summons.warning.state for row in rows if row.summons is not None}
    ends = [
        row.test_call.test.ended_at or row.test_call.test.ends_at for row in rows if row.test_call
    ]
    return LetterOpened(
        name=name,
        person_id=person,
        person=names_of([person]).get(person, ""),
        channel=rows[0].channel,
        calls=tuple(calls),
        test_calls=tests,
        text=rows[0].text,
        title=rows[0].title,
        is_over=(bool(states) and WarningState.OPEN not in states)
        or (bool(ends) and max(ends) <= now),
    )
