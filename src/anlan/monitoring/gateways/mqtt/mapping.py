"""Read JSON payloads by a mapping: which number stands where, and what it measures.

A mapping is data of a device model:

    {"address": {"topic": 2} or {"path": "dev"},
     "time": {"path": "ts", "as": "epoch_ms"},
     "each": "$.records",
     "values": [{"path": "rain", "element": "PN05", "scale": 0.1, "offset": 0, "optional": true}]}

`topic` counts the parts of the topic from 1. Without `time` a value is of the time of receipt.
With `each` the payload holds a list of records, and paths start at each of them; a path that
begins with `$` starts at the payload. A value is the number there times `scale` plus `offset`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final

from anlan.monitoring.gateways.mqtt.numbers import number_of
from anlan.monitoring.gateways.mqtt.paths import Path
from anlan.monitoring.gateways.mqtt.refusals import PayloadRefused, Reason
from anlan.monitoring.gateways.mqtt.times import TimeKind, moment_in
from anlan.monitoring.gateways.sl651.values import RawReading

MOST_BYTES: Final = 128 * 1024
MOST_READINGS: Final = 5_000
LONGEST_ADDRESS: Final = 64
_DIGITS: Final = 12  # a product of decimal numbers, without the noise of binary ones


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")


_DECODER: Final = json.JSONDecoder(parse_constant=_no_number)


@dataclass(frozen=True)
class AddressRule:
    """Where the station's address stands: in a part of the topic (from 1), or in the payload."""

    part: int = 0
    path: Path | None = None


@dataclass(frozen=True)
class TimeRule:
    """Where the time of a value stands and how it is written."""

    path: Path
    kind: TimeKind
    form: str


@dataclass(frozen=True)
class ValueRule:
    """Where a value stands, what it measures, and how it becomes the element's unit."""

    path: Path
    element: str
    scale: float
    offset: float
    is_optional: bool


@dataclass(frozen=True)
class PayloadMapping:
    """How the payloads of one device model are read."""

    address: AddressRule
    time: TimeRule | None
    each: Path | None
    values: tuple[ValueRule, ...]


def payload_of(content: bytes) -> Any:
    """Return the JSON of a payload; raise PayloadRefused for what is none, or is too long."""
    if len(content) > MOST_BYTES:
        raise PayloadRefused(Reason.TOO_LONG, value=f"{len(content):,}")
    try:
        return _DECODER.decode(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        shown = content[:40].decode("utf-8", errors="replace")
        raise PayloadRefused(Reason.NOT_JSON, value=shown) from None


def readings_in(
    content: bytes, mapping: PayloadMapping, *, topic: str, received_at: datetime, zone: tzinfo
) -> list[RawReading]:
    """Return the readings of a payload; raise PayloadRefused when anything of it is not right.

    A payload is taken whole or not at all. What is null in it, or left out where the mapping
    allows it, is no reading.
    """
    payload = payload_of(content)
    found: list[RawReading] = []
    for record in _records(payload, mapping.each):
        station = _station(mapping.address, payload, record, topic=topic)
        at = _moment(mapping.time, payload, record, received_at=received_at, zone=zone)
        found += _values(mapping, payload, record, station=station, at=at)
        if len(found) > MOST_READINGS:
            raise PayloadRefused(Reason.TOO_MANY, path=_each(mapping), value=f"{MOST_READINGS:,}")
    return found


def _station(rule: AddressRule, payload: Any, record: Any, *, topic: str) -> str:
    if rule.path is not None:
        return _address(rule.path.value_in(payload, record), path=rule.path.text)
    parts = topic.split("/")
    if rule.part > len(parts):
        raise PayloadRefused(Reason.NO_TOPIC_PART, path=str(rule.part), value=topic)
    return _address(parts[rule.part - 1], path=f"topic {rule.part}")


def _address(value: Any, *, path: str) -> str:
    is_text = isinstance(value, str | int) and not isinstance(value, bool)
    text = str(value).strip() if is_text else ""
    if not 1 <= len(text) <= LONGEST_ADDRESS or not text.isprintable():
        raise PayloadRefused(Reason.BAD_ADDRESS, path=path, value=value)
    return text


def _records(payload: Any, each: Path | None) -> list[Any]:
    if each is None:
        return [payload]
    found = each.value_in(payload, payload)
    if not isinstance(found, list):
        raise PayloadRefused(Reason.NOT_A_LIST, path=each.text, value=found)
    if len(found) > MOST_READINGS:
        raise PayloadRefused(Reason.TOO_MANY, path=each.text, value=f"{len(found):,}")
    return found


def _each(mapping: PayloadMapping) -> str:
    return mapping.each.text if mapping.each else ""


def _moment(
    rule: TimeRule | None, payload: Any, record: Any, *, received_at: datetime, zone: tzinfo
) -> datetime:
    if rule is None:
        return received_at
    value = rule.path.value_in(payload, record)
    return moment_in(value, kind=rule.kind, form=rule.form, zone=zone, path=rule.path.text)


def _values(
    mapping: PayloadMapping, payload: Any, record: Any, *, station: str, at: datetime
) -> Iterator[RawReading]:
    for rule in mapping.values:
        try:
            value = rule.path.value_in(payload, record)
        except PayloadRefused:
            if not rule.is_optional:
                raise
            continue
        if value is not None:
            number = _scaled(number_of(value, path=rule.path.text), rule)
            yield RawReading(station, rule.element, at, number, "")


def _scaled(number: float, rule: ValueRule) -> float:
    if rule.scale == 1 and rule.offset == 0:
        return number
    found = number * rule.scale + rule.offset
    return number_of(float(f"{found:.{_DIGITS}g}"), path=rule.path.text)
