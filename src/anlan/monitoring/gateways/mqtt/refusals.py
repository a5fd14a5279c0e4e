"""Name every way in which a mapping, or a payload read by it, is refused."""

from collections.abc import Sequence
from enum import StrEnum
from json import dumps
from typing import Any, NamedTuple

LONGEST_SHOWN = 60


class Reason(StrEnum):
    """Why a payload is refused: stable codes for logs, counters and the table of faults."""

    TOO_LONG = "too-long"
    NOT_JSON = "not-json"
    NO_SUCH_PATH = "no-such-path"
    NOT_A_LIST = "not-a-list"
    TOO_MANY = "too-many"
    NOT_A_NUMBER = "not-a-number"
    NOT_FINITE = "not-finite"
    NOT_A_TIME = "not-a-time"
    TIME_OUT_OF_RANGE = "time-out-of-range"
    NO_TOPIC_PART = "no-topic-part"
    BAD_ADDRESS = "bad-address"
    NO_MODEL = "no-model"
    NOT_TAKEN = "not-taken"


class Wrong(StrEnum):
    """What is wrong with one field of a mapping."""

    NOT_AN_OBJECT = "not-an-object"
    UNKNOWN_FIELD = "unknown-field"
    NO_ADDRESS = "no-address"
    BAD_PART = "bad-part"
    BAD_PATH = "bad-path"
    BAD_TIME_KIND = "bad-time-kind"
    BAD_TIME_FORM = "bad-time-form"
    NO_VALUES = "no-values"
    TOO_MANY_VALUES = "too-many-values"
    BAD_ELEMENT = "bad-element"
    ELEMENT_TWICE = "element-twice"
    BAD_NUMBER = "bad-number"
    ZERO_SCALE = "zero-scale"
    NOT_YES_OR_NO = "not-yes-or-no"
    BAD_TOPIC = "bad-topic"


class PayloadRefused(ValueError):
    """A payload of which nothing may be used; names the path and the value that stood there."""

    def __init__(self, reason: Reason, *, path: str = "", value: Any = "") -> None:
        super().__init__(f"{reason} at {path or '$'}: {shown(value)}")
        self.reason = reason
        self.path = path
        self.value = shown(value)


class MappingFault(NamedTuple):
    """What is wrong with a field of a mapping: `where` names it, `value` is what stood there."""

    where: str
    wrong: Wrong
    value: str


class MappingRefused(ValueError):
    """A mapping by which no payload can be read; `faults` tell every field that is wrong."""

    def __init__(self, faults: Sequence[MappingFault]) -> None:
        super().__init__("; ".join(f"{x.where}: {x.wrong} {x.value}" for x in faults))
        self.faults = tuple(faults)


def shown(value: Any) -> str:
    """Return a value as JSON writes it, cut to what fits into a sentence."""
    try:
        text = value if isinstance(value, str) else dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = type(value).__name__
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
