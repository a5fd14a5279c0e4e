"""Calls: what is ordered of a platform, and what it calls back of each."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from anlan.warning.gateways.ordering import Kind, Unsendable, callback_of, name_in, rows_of
from anlan.warning.gateways.plain import is_phone, one_line, phone_number, spoken_text
from anlan.warning.gateways.provider import Callback, Heard, HeardKind, Outgoing, ProviderSettings
from anlan.warning.gateways.signing import opened

LONGEST_TEXT: Final = 600
"""Signs: about two and a half minutes of speech; nobody listens on."""
ANSWERED: Final = "answered"
UNANSWERED: Final = frozenset(("no-answer", "busy", "rejected", "unreachable", "failed"))
KEYS: Final = frozenset("0123456789*#")


def item_of(message: Outgoing, settings: ProviderSettings) -> dict[str, Any]:
    """Return a call as it stands in an order; raise Unsendable for a number that is none.

    The person is asked for a key where an answer is asked for, that is where there is a link; the
    link itself is not read aloud.
    """
    number = phone_number(message.to)
    if not is_phone(number):
        raise Unsendable("bad-number")
    text = spoken_text(message)
    if not text:
        raise Unsendable("no-text")
    prompt = one_line(settings.options.get("prompt", "")) if message.link else ""
    return {"callId": message.key, "to": number, "text": text[:LONGEST_TEXT], "prompt": prompt}


KIND: Final = Kind(items="calls", number="callId", most=50, item=item_of)


def read_callback(
    settings: ProviderSettings, *, headers: Mapping[str, str], body: bytes, now: datetime
) -> Callback:
    """Return what became of calls, by a signed callback; raise CallbackRefused."""
    found = opened(settings, headers=headers, body=body, now=now)
    return callback_of(found, _heard(found.document))


def _heard(document: Mapping[str, Any]) -> Iterator[Heard]:
    for row in rows_of(document, "calls"):
        key, reference = name_in(row, "callId"), name_in(row, "msgId")
        if not key and not reference:
            continue
        sender = phone_number(name_in(row, "to"))
        result, pressed = name_in(row, "result"), name_in(row, "key")
        is_answered = result == ANSWERED
        if is_answered or result in UNANSWERED:
            yield Heard(
                HeardKind.RECEIPT,
                key=key,
                reference=reference,
                sender=sender,
                is_delivered=is_answered,
                reason="" if is_answered else result,
            )
        if pressed in KEYS:
            yield Heard(HeardKind.KEY, key=key, reference=reference, sender=sender, text=pressed)
