"""By what a broadcast is known: the loudspeaker, and of an all-clear the warning that is over."""

from typing import NamedTuple

_KIND, _OVER = "loudspeaker", "over"


class Broadcast(NamedTuple):
    """Which loudspeaker is spoken to; `over` is the uuid of the warning that has ended, or ""."""

    loudspeaker: int
    over: str = ""


def reference_of(loudspeaker: int, *, over: str = "") -> str:
    """Return the reference of a broadcast; of an all-clear, with the warning's uuid."""
    return f"{_KIND}:{loudspeaker}:{_OVER}:{over}" if over else f"{_KIND}:{loudspeaker}"


def broadcast_of(reference: str) -> Broadcast:
    """Return what a reference means; raise ValueError for that of something else."""
    kind, _colon, rest = reference.partition(":")
    number, _colon, over = rest.partition(f":{_OVER}:")
    if kind != _KIND or not (number.isascii() and number.isdigit()):
        raise ValueError(reference)
    return Broadcast(int(number), over)
