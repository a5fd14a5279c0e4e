"""Numbers in JSON: as such, or as text, as many devices write them."""

import re
from math import isfinite
from typing import Any

from anlan.monitoring.gateways.mqtt.refusals import PayloadRefused, Reason

_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,3})?", re.ASCII)


def number_of(value: Any, *, path: str) -> float:
    """Return a number; raise PayloadRefused for what is none, or is beyond all bounds."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PayloadRefused(Reason.NOT_A_NUMBER, path=path, value=value)
    try:
        found = float(value)
    except OverflowError:
        raise PayloadRefused(Reason.NOT_FINITE, path=path, value=value) from None
    if not isfinite(found):
        raise PayloadRefused(Reason.NOT_FINITE, path=path, value=value)
    return found
