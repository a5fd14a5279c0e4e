"""Text messages: what is ordered of a gateway, and the receipts and replies that it calls back."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from anlan.warning.gateways.ordering import (
    Kind,
    Unsendable,
    callback_of,
    name_in,
    rows_of,
    text_in,
)
from anlan.warning.gateways.plain import is_mobile, link_of, one_line, phone_number, whole_text
from anlan.warning.gateways.provider import Callback, Heard, HeardKind, Outgoing, ProviderSettings
from anlan.warning.gateways.signing import opened

ONE_PART: Final = 70
"""Signs that fit into one message, counted in UTF-16 as the networks count."""
EACH_PART: Final = 67
MOST_PARTS: Final = 10
USUAL_PARTS: Final = 5
_CUT: Final = "…"
DELIVERED: Final = "DELIVRD"
UNDECIDED: Final = frozenset(("ENROUTE", "ACCEPTD", "SCHEDULED", "UNKNOWN"))


def length_of(text: str) -> int:
    """Return how many signs of a text message a text takes: two for one beyond the basic plane."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def parts_of(text: str) -> int:
    """Return in how many parts a text goes."""
    length = length_of(text)
    return 1 if length <= ONE_PART else -(-length // EACH_PART)


def text_of(message: Outgoing, settings: ProviderSettings) -> str:
    """Return the text that goes: signature, title and text, and the link after a blank.

    What is longer than the most parts allow is cut in the text, never in the signature or link.
    """
    sign = one_line(settings.options.get("sign_name", "")).strip("【】")
    begin = f"【{sign}】" if sign else ""
    link = link_of(message)
    end = f" {link} " if link else ""
    said = whole_text(message)
    told = settings.options.get("most_parts", "")
    parts = min(int(told), MOST_PARTS) if told.isdigit() and int(told) else USUAL_PARTS
    room = ONE_PART if parts == 1 else parts * EACH_PART
    room -= length_of(begin) + length_of(end)
    if length_of(said) > room:
        said = _cut(said, room=room - len(_CUT)) + _CUT
    if room < len(_CUT) or not said:
        raise Unsendable("too-long" if said else "no-text")
    return begin + said + end.rstrip()


def _cut(text: str, *, room: int) -> str:
    kept, length = [], 0
    for sign in text:
        length += length_of(sign)
        if length > room:
            break
        kept.append(sign)
    return "".join(kept)


def item_of(message: Outgoing, settings: ProviderSettings) -> dict[str, Any]:
    """Return a message as it stands in an order; raise Unsendable for a number that is none."""
    mobile = phone_number(message.to)
    if not is_mobile(mobile):
        raise Unsendable("bad-number")
    return {"extId": message.key, "mobile": mobile, "text": text_of(message, settings)}


KIND: Final = Kind(items="messages", number="extId", most=100, item=item_of)


def read_callback(
    settings: ProviderSettings, *, headers: Mapping[str, str], body: bytes, now: datetime
) -> Callback:
    """Return the receipts and replies of a signed callback; raise CallbackRefused."""
    found = opened(settings, headers=headers, body=body, now=now)
    return callback_of(found, [*_receipts(found.document), *_replies(found.document)])


def _receipts(document: Mapping[str, Any]) -> Iterator[Heard]:
    for row in rows_of(document, "reports"):
        status = name_in(row, "status").upper()
        key, reference = name_in(row, "extId"), name_in(row, "msgId")
        if status and status not in UNDECIDED and (key or reference):
            is_delivered = status == DELIVERED
            reason = "" if is_delivered else status
            yield Heard(
                HeardKind.RECEIPT,
                key=key,
                reference=reference,
                sender=phone_number(name_in(row, "mobile")),
                is_delivered=is_delivered,
                reason=reason,
            )


def _replies(document: Mapping[str, Any]) -> Iterator[Heard]:
    for row in rows_of(document, "replies"):
        sender = phone_number(name_in(row, "mobile"))
        if sender:
            yield Heard(
                HeardKind.REPLY,
                key=name_in(row, "extId"),  # not `msgId`: that is the number of the reply itself
                sender=sender,
                text=text_in(row, "text"),
            )
