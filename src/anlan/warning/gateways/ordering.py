"""The house's way of ordering over HTTP, for text messages, calls and loudspeakers alike: frames.

An order is JSON with a list of items, signed; the answer has a code for the whole and one for each
item, matched by the item's own number and never by its place. What a provider says twice, in two
ways, or not at all, is not known.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from anlan.warning.gateways.answers import Answer
from anlan.warning.gateways.plain import one_line, plain_text
from anlan.warning.gateways.provider import (
    Callback,
    CallbackRefused,
    Heard,
    Outcome,
    Outgoing,
    ProviderSettings,
    Sent,
)
from anlan.warning.gateways.signing import Opened

MOST_HEARD: Final = 1_000
LONGEST_TEXT: Final = 500
LONGEST_NAME: Final = 64
_BY_FIRST_DIGIT: Final = {"1": Outcome.REFUSED, "2": Outcome.LATER, "3": Outcome.DOWN}
_CODES_IN_OPTIONS: Final = (
    ("taken_codes", Outcome.TAKEN),
    ("refused_codes", Outcome.REFUSED),
    ("later_codes", Outcome.LATER),
    ("down_codes", Outcome.DOWN),
)


class Unsendable(ValueError):
    """A message that no provider of this kind can take; the text says why in one word."""


@dataclass(frozen=True)
class Kind:
    """A kind of order: the names of its list and of an item's number, and how an item is made.

    `item` raises Unsendable. `most` items go into an order.
    """

    items: str
    number: str
    most: int
    item: Callable[[Outgoing, ProviderSettings], dict[str, Any]]


def order_of(kind: Kind, items: Sequence[Mapping[str, Any]], *, head: Mapping[str, str]) -> bytes:
    """Return the body of an order."""
    document = {**head, kind.items: list(items)}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def outcome_of(code: Any, *, options: Mapping[str, str]) -> Outcome:
    """Return what a code means: 0 taken, 1xx this one refused, 2xx later, 3xx nothing goes.

    The options name codes of providers that count otherwise. An unknown code is UNKNOWN.
    """
    said = _word(code)
    for name, outcome in _CODES_IN_OPTIONS:
        if said and said in options.get(name, "").replace(",", " ").split():
            return outcome
    if said.isdigit() and not int(said):
        return Outcome.TAKEN
    if len(said) == 3 and said.isdigit():
        return _BY_FIRST_DIGIT.get(said[0], Outcome.UNKNOWN)
    return Outcome.UNKNOWN


def answers_in(
    answer: Answer, *, kind: Kind, numbers: Sequence[str], options: Mapping[str, str]
) -> list[Sent] | Sent:
    """Return what an answer with a good status says of each item, in the order given.

    Where the order as a whole was not taken, what is said of that is returned alone.
    """
    document = _object_in(answer.body)
    code = document.get("code")
    whole = outcome_of(code, options=options)
    if whole is not Outcome.TAKEN:
        return Sent(whole, reason=_reason(code))
    said: dict[str, Sent] = {}
    for row in _rows(document, "results"):
        number, found = _word(row.get(kind.number)), _sent(row, options=options)
        if said.setdefault(number, found).outcome is not found.outcome:
            said[number] = Sent(Outcome.UNKNOWN, reason="said-twice")
    return [said.get(number, Sent(Outcome.UNKNOWN, reason="not-said")) for number in numbers]


def _sent(row: Mapping[str, Any], *, options: Mapping[str, str]) -> Sent:
    outcome = outcome_of(row.get("code"), options=options)
    reason = "" if outcome is Outcome.TAKEN else _reason(row.get("code"))
    return Sent(outcome, reference=name_in(row, "msgId"), reason=reason)


def callback_of(found: Opened, heard: Iterable[Heard]) -> Callback:
    """Return a callback; raise CallbackRefused when it tells more than anybody has to say."""
    told: list[Heard] = []
    for each in heard:
        told.append(each)
        if len(told) > MOST_HEARD:
            raise CallbackRefused("too-large")
    return Callback(found.nonce, found.at, tuple(told))


def rows_of(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return the objects of a list in a callback; raise CallbackRefused when it is no such list."""
    found = document.get(name, [])
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise CallbackRefused("unreadable")
    return found


def name_in(row: Mapping[str, Any], field: str) -> str:
    """Return a short text or number in an object, in one line, "" when there is none."""
    return one_line(_word(row.get(field)))[:LONGEST_NAME]


def text_in(row: Mapping[str, Any], field: str) -> str:
    """Return what a person wrote, as plain text, cut where nobody reads on."""
    found = row.get(field)
    return plain_text(found)[:LONGEST_TEXT] if isinstance(found, str) else ""


def _rows(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = document.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _object_in(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _word(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1e18
    return str(value) if is_number else ""


def _reason(code: Any) -> str:
    said = one_line(_word(code))[:20]
    return f"code {said}" if said else "unreadable"
