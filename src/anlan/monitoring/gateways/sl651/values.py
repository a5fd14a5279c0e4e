"""Give the plain values that a decoded frame is made of."""

from datetime import datetime
from typing import Literal, NamedTuple

Encoding = Literal["HEX", "ASCII"]


class Element(NamedTuple):
    """One element group: `code` is its guide in hex, `name` its ASCII code.

    `name` is None for elements of the vendor or user area; their `value` is the BCD reading of
    `raw`, or None where `raw` is no BCD. `values` holds a series; `value` is None for "no data".
    """

    code: str
    name: str | None
    value: float | None
    values: tuple[float | None, ...] | None
    raw: bytes


class Observation(NamedTuple):
    """The elements of one station at one time; `step` is the d, h, m digits of a uniform series."""

    station: str
    station_class: str | None
    observed_at: datetime | None
    step: str | None
    elements: tuple[Element, ...]


class UpFrame(NamedTuple):
    """A frame from a station to its centre.

    `packets` and `number` are None for a single-packet frame; `serial` and `sent_at` are None in
    every packet but the first. `body` is everything between the start of body (and the packet
    numbers) and the end character.
    """

    encoding: Encoding
    center: int
    station: str
    password: str
    function: int
    length: int
    start: int
    end: int
    packets: int | None
    number: int | None
    serial: int | None
    sent_at: datetime | None
    observations: tuple[Observation, ...]
    body: bytes

    @property
    def rest(self) -> bytes:
        """Return the body after serial number and send time; the whole body of a later packet."""
        return _rest(self.encoding, self.serial, self.body)


class DownFrame(NamedTuple):
    """A frame from the centre to a station; `rest` holds the parameters of a command as sent."""

    encoding: Encoding
    station: str
    center: int
    password: str
    function: int
    length: int
    start: int
    end: int
    packets: int | None
    number: int | None
    serial: int
    sent_at: datetime
    body: bytes

    @property
    def rest(self) -> bytes:
        """Return the body after serial number and send time."""
        return _rest(self.encoding, self.serial, self.body)


class RawReading(NamedTuple):
    """One number that a station reported; `value` is None where it said "no data".

    `element` is the ASCII code of the standard ("PN05", "Z"), or the hex code of a vendor's
    element ("7A", "FFA0"), whose unit is "".
    """

    station: str
    element: str
    observed_at: datetime
    value: float | None
    unit: str


Frame = UpFrame | DownFrame


def _rest(encoding: Encoding, serial: int | None, body: bytes) -> bytes:
    """Return the body without the serial number and send time that open it."""
    if serial is None:
        return body
    return body[8:] if encoding == "HEX" else body[16:]
