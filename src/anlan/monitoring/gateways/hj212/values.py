"""Give the plain values that a decoded message is made of."""

from datetime import datetime
from typing import NamedTuple

from anlan.monitoring.gateways.sl651.values import RawReading

from .codes import ANSWER_BIT, NORMAL, VERSION_SHIFT, Span


class Field(NamedTuple):
    """One name and its value, both as sent."""

    name: str
    value: str


class Frame(NamedTuple):
    """One message of either direction: the wire does not say which.

    `request` is QN, the number both ends know an exchange by; `system` ST, `command` CN,
    `password` PW, `station` MN ("" where an answer names none). `flag`, `packets` and `number`
    are None where the message has none. `items` are the parts of the data area between
    semicolons, each of the fields between its commas. `extras` are header fields that the
    standard does not know. `length` is the size of the data segment in bytes.
    """

    request: str | None
    system: str
    command: int
    password: str
    station: str
    flag: int | None
    packets: int | None
    number: int | None
    items: tuple[tuple[Field, ...], ...]
    extras: tuple[Field, ...]
    length: int

    @property
    def asks_answer(self) -> bool:
        """Tell whether the sender waits for an answer."""
        return bool((self.flag or 0) & ANSWER_BIT)

    @property
    def version(self) -> int:
        """Return the version bits: 0 for HJ/T 212-2005, 1 for HJ 212-2017, more for later ones."""
        return (self.flag or 0) >> VERSION_SHIFT


class Reading(NamedTuple):
    """One number that a station reported, with the flag of its instrument.

    `element` is the factor as sent, with its kind unless that is a real-time value: "w01018",
    "a34004-Avg". `value` is None where no number was sent. `observed_at` is the moment of the
    value, or the beginning of its period (`span`).
    """

    station: str
    element: str
    observed_at: datetime
    value: float | None
    unit: str
    flag: str | None
    span: Span

    @property
    def is_valid(self) -> bool:
        """Tell whether the instrument was working normally when it measured."""
        return self.flag in (None, NORMAL)

    @property
    def raw(self) -> RawReading:
        """Return the reading as the room takes it in, without a number unless it is valid.

        A period gives its name to the element ("a34004-Avg/hour"), because minute, hour and day
        values of one factor begin at the same times.
        """
        name = self.element
        if self.span in ("hour", "day"):
            name = f"{name}/{self.span}"
        value = self.value if self.is_valid else None
        return RawReading(self.station, name, self.observed_at, value, self.unit)
