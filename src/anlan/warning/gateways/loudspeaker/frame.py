"""Broadcast messages for loudspeakers, and what a device tells of one.

A message carries the whole CAP, for devices and platforms that keep it, and beside it what a plain
device needs: the text to speak, the level 1 (red, first) to 4 (blue), and how often it is read.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from anlan.warning.gateways.cap.frame import CapError, decode
from anlan.warning.gateways.cap.levels import level_of
from anlan.warning.gateways.ordering import Kind, Unsendable, callback_of, name_in, rows_of
from anlan.warning.gateways.plain import spoken_text
from anlan.warning.gateways.provider import (
    Callback,
    CallbackRefused,
    Heard,
    HeardKind,
    Outgoing,
    ProviderSettings,
)
from anlan.warning.gateways.signing import LONGEST_BODY, document_in, opened

LONGEST_TEXT: Final = 1_000
MOST_REPEATS: Final = 20
USUAL_REPEATS: Final = 3
USUAL_LEVEL: Final = 2
PLAYED: Final = "played"
UNPLAYED: Final = frozenset(("failed", "refused", "offline", "expired"))
_DEVICE: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}", re.ASCII)


def item_of(message: Outgoing, settings: ProviderSettings) -> dict[str, Any]:
    """Return a broadcast for one device.

    Raises Unsendable for a device whose name is none, for no text, and for a CAP that is none.
    """
    if not _DEVICE.fullmatch(message.to):
        raise Unsendable("bad-device")
    text = spoken_text(message)[:LONGEST_TEXT]
    if not text:
        raise Unsendable("no-text")
    return {
        "id": message.key,
        "device": message.to,
        "level": _level(message, settings),
        "repeat": _number(settings, "repeat", usual=USUAL_REPEATS, most=MOST_REPEATS),
        "text": text,
        "cap": message.cap.decode("utf-8", "replace"),
    }


def _level(message: Outgoing, settings: ProviderSettings) -> int:
    usual = _number(settings, "level", usual=USUAL_LEVEL, most=4)
    if not message.cap:
        return usual
    try:
        colour = level_of(decode(message.cap).infos)
    except CapError:
        raise Unsendable("bad-cap") from None
    return usual if colour is None else 5 - colour


def _number(settings: ProviderSettings, name: str, *, usual: int, most: int) -> int:
    told = settings.options.get(name, "")
    return min(int(told), most) if told.isdigit() and int(told) else usual


KIND: Final = Kind(items="broadcasts", number="id", most=50, item=item_of)


def broadcast_of(message: Outgoing, settings: ProviderSettings) -> bytes:
    """Return the broadcast for one device as it is published; raise Unsendable."""
    item = item_of(message, settings)
    return json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode()


def topic_of(message: Outgoing, settings: ProviderSettings) -> str:
    """Return the topic of a device; raise Unsendable for one whose name is none."""
    if not _DEVICE.fullmatch(message.to):
        raise Unsendable("bad-device")
    return settings.options.get("topic", "anlan/loudspeaker/{device}").replace(
        "{device}", message.to
    )


def read_receipt(payload: bytes) -> Heard:
    """Return what a device publishes of a broadcast; raise CallbackRefused when it is nothing."""
    if len(payload) > LONGEST_BODY:
        raise CallbackRefused("too-large")
    for heard in _heard({"reports": [document_in(payload)]}):
        return heard
    raise CallbackRefused("unreadable")


def read_callback(
    settings: ProviderSettings, *, headers: Mapping[str, str], body: bytes, now: datetime
) -> Callback:
    """Return what a platform tells of its devices, by a signed callback; raise CallbackRefused."""
    found = opened(settings, headers=headers, body=body, now=now)
    return callback_of(found, _heard(found.document))


def _heard(document: Mapping[str, Any]) -> Iterator[Heard]:
    for row in rows_of(document, "reports"):
        key, status = name_in(row, "id"), name_in(row, "status")
        if key and (status == PLAYED or status in UNPLAYED):
            is_played = status == PLAYED
            yield Heard(
                HeardKind.RECEIPT,
                key=key,
                reference=name_in(row, "msgId"),
                sender=name_in(row, "device"),
                is_delivered=is_played,
                reason="" if is_played else name_in(row, "reason") or status,
            )
