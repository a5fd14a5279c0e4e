"""The part of OData that is understood: ranges of phenomenonTime, a series, an order."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from anlan.monitoring.http.names import NotAName, Series, series_named
from anlan.monitoring.http.refusing import ReadingsRefused, Refusal, refused_for
from anlan.monitoring.http.rows import moment_sent

LONGEST_SPAN: Final = timedelta(hours=24)
STEP: Final = timedelta(microseconds=1)
_CLAUSE = re.compile(
    r"(?P<field>[\w/@.]+) +(?P<sign>gt|ge|lt|le|eq) +(?P<value>'(?:[^']|'')*'|\S+)"
)
_AND = re.compile(r" +and +")
_ORDER = re.compile(r"phenomenonTime(?: +(asc|desc))?")
_STREAM = ("Datastream/id", "Datastream/@iot.id")
_THING = ("Datastream/Thing/id", "Datastream/Thing/@iot.id")


@dataclass
class Wanted:
    """Which readings: from an instant until another, both of them in, of a series or a station."""

    since: datetime | None = None
    until: datetime | None = None
    series: Series | None = None
    address: str = ""

    @property
    def is_of_one(self) -> bool:
        """Tell whether it is about one series or one station."""
        return self.series is not None or bool(self.address)


def wanted_by(text: str | None, *, now: datetime) -> Wanted:
    """Return what a `$filter` asks for; raise ReadingsRefused for one that is not understood."""
    found, rest = Wanted(), (text or "").strip()
    while rest:
        clause = _CLAUSE.match(rest)
        joint = clause and _AND.match(rest, clause.end())
        if clause is None or not (joint or clause.end() == len(rest)):
            raise _not_understood(rest)
        _narrow(found, clause, now=now)
        rest = rest[joint.end() :] if joint else ""
        if joint and not rest:
            raise _not_understood(text or "")
    return found


def check_span(wanted: Wanted) -> None:
    """Raise ReadingsRefused when readings of all stations are wanted for more than a day."""
    if wanted.is_of_one:
        return
    since, until = wanted.since, wanted.until
    if since is None or until is None or until - since > LONGEST_SPAN:
        sentence = _(
            "Readings of all stations are given for at most 24 hours: add a $filter with "
            "“phenomenonTime ge … and phenomenonTime lt …”, or name a Datastream."
        )
        raise refused_for(Refusal(422, "$filter", sentence))


def is_descending(text: str | None) -> bool:
    """Tell whether an `$orderby` wants the latest first; raise ReadingsRefused for others."""
    if not text or not text.strip():
        return False
    found = _ORDER.fullmatch(text.strip())
    if found is None:
        sentence = _("Readings are ordered by phenomenonTime asc or phenomenonTime desc.")
        raise refused_for(Refusal(422, "$orderby", sentence))
    return found[1] == "desc"


def _narrow(wanted: Wanted, clause: re.Match[str], *, now: datetime) -> None:
    field, sign, value = clause["field"], clause["sign"], clause["value"]
    is_text = value.startswith("'")
    plain = value[1:-1].replace("''", "'") if is_text else value
    if field == "phenomenonTime":
        try:
            # In an address a bare plus stands for a blank.
            _bound(wanted, sign, moment_sent(plain.replace(" ", "+"), now=now))
        except (ValueError, OverflowError):
            raise _not_understood(clause[0]) from None
    elif field in _STREAM and sign == "eq" and is_text:
        try:
            wanted.series = series_named(plain)
        except NotAName:
            raise _not_understood(clause[0]) from None
    elif field in _THING and sign == "eq" and is_text:
        wanted.address = plain
    else:
        raise _not_understood(clause[0])


def _bound(wanted: Wanted, sign: str, at: datetime) -> None:
    if sign in ("gt", "ge", "eq"):
        since = at + STEP if sign == "gt" else at
        wanted.since = max(since, wanted.since or since)
    if sign in ("lt", "le", "eq"):
        until = at - STEP if sign == "lt" else at
        wanted.until = min(until, wanted.until or until)


def _not_understood(text: str) -> ReadingsRefused:
    sentence = _(
        "This part of $filter is not understood: “%(text)s”. Compare phenomenonTime with gt, ge, "
        "lt, le or eq to a moment, or Datastream/id with eq to a name in quotes, and join by “and”."
    ) % {"text": text[:80]}
    return refused_for(Refusal(422, "$filter", sentence))
