"""Read the element groups of a HEX/BCD body."""

import struct
from typing import Final

from .bcd import SCALES, read_minute, read_number
from .codes import STATION_CLASSES, UNIFORM_FUNCTIONS
from .elements import CODES, NAMES
from .errors import BadBcd, BadElement, BadLength, FrameError
from .gathering import Gathering
from .values import Element, Observation

TIME_GUIDE: Final = 0xF0
STATION_GUIDE: Final = 0xF1
RAIN_GUIDE: Final = 0xF4
LEVEL_GUIDES: Final = range(0xF5, 0xFD)
STEP_GUIDE: Final = 0x04
STATUS_GUIDE: Final = 0x45
VENDOR_GUIDES: Final = range(0x76, 0xF0)
USER_GUIDE: Final = 0xFF
# The rest of the body is theirs: manual text, picture, velocity batch.
_RAW_TAILS: Final = {0xF2: 0xF2, 0xF3: 0xF3, 0xFD: 0xF6}
_STEP_DEFINITION: Final = 0x18
_ORDINARY: Final = tuple(
    guide not in (0, STEP_GUIDE, STATUS_GUIDE) and guide < 0x76 for guide in range(256)
)
_RAIN_MM: Final = (*(tenths / 10 for tenths in range(255)), None)
_LEVELS: Final = struct.Struct(">12H")


def read_series(guide: int, *, raw: bytes) -> tuple[float | None, ...]:
    """Return the values of F4 (12 bytes an hour, mm) or F5..FC (24 bytes an hour, m)."""
    if guide == RAIN_GUIDE:
        return tuple([_RAIN_MM[byte] for byte in raw])
    return tuple(
        [
            None if level == 0xFFFF else level / 100
            for hour in _LEVELS.iter_unpack(raw)
            for level in hour
        ]
    )


def read_observations(
    data: bytes, *, start: int, end: int, function: int, station: str
) -> tuple[Observation, ...]:
    """Return what the element groups in data[start:end] say, one Observation a time stamp.

    `station` answers for groups before the first F1F1. Raises FrameError for a group that the
    standard does not allow, or that runs over the end.
    """
    return _BodyReader(data, end=end, function=function, station=station).read(start)


def read_status(data: bytes, *, start: int, end: int) -> tuple[Observation, ...]:
    """Return the alarm word that answers function 46, or nothing for another form."""
    body = data[start:end]
    if len(body) != 13 or body[:2] != b"\xf1\xf1" or body[7:9] != b"\x45\x20":
        return ()
    word = Element("45", "ZT", float(int.from_bytes(body[9:], "big")), None, body[9:])
    return (Observation(body[2:7].hex().upper(), None, None, None, (word,)),)


class _BodyReader(Gathering):
    """Walk over the element groups of one body."""

    __slots__ = ("data", "end", "function")

    def __init__(self, data: bytes, *, end: int, function: int, station: str) -> None:
        super().__init__(station)
        self.data = data
        self.end = end
        self.function = function

    def read(self, position: int) -> tuple[Observation, ...]:
        """Return the observations from the position to the end."""
        data, end = self.data, self.end
        while position < end:
            guide = data[position]
            if not _ORDINARY[guide]:
                position = self._read_special(guide, position)
                continue
            definition = data[position + 1]
            stop = position + 2 + (definition >> 3)
            if stop > end or self.observed_at is None:
                raise self._misplaced(position, stop)
            raw = data[position + 2 : stop]
            try:
                value: float | None = int(raw.hex()) / SCALES[definition & 7]
            except ValueError:
                value = read_number(raw, decimals=definition & 7, offset=position + 2)
            self.elements.append(Element(CODES[guide], NAMES[guide], value, None, raw))
            position = stop
        self.close_group()
        return tuple(self.observations)

    def _read_special(self, guide: int, position: int) -> int:
        """Read one group whose second byte, value or length has a rule of its own."""
        if guide == TIME_GUIDE:
            return self._read_time(position)
        if guide == STATION_GUIDE:
            return self._read_station(position)
        if guide in _RAW_TAILS:
            return self._read_tail(guide, position)
        if guide == STEP_GUIDE and self.function in UNIFORM_FUNCTIONS:
            return self._read_uniform(position)
        if guide == RAIN_GUIDE or guide in LEVEL_GUIDES:
            raw, stop = self._take_raw(position + 1)
            if len(raw) != (12 if guide == RAIN_GUIDE else 24):
                raise BadLength("not an hour of values", offset=position, data=raw)
            self._add(guide, values=read_series(guide, raw=raw), raw=raw)
            return stop
        if guide == USER_GUIDE or guide in VENDOR_GUIDES:
            return self._read_vendor(guide, position)
        raw, stop = self._take_raw(position + 1)
        if guide == STATUS_GUIDE:
            self._add(guide, value=float(int.from_bytes(raw, "big")), raw=raw)
        elif guide == STEP_GUIDE:
            self._add(guide, value=read_number(raw, decimals=0, offset=position + 2), raw=raw)
        else:
            raise BadElement("reserved guide byte", offset=position, data=self.data[position:stop])
        return stop

    def _read_time(self, position: int) -> int:
        self._expect_pair(position, TIME_GUIDE, size=7)
        self.open_time(read_minute(self.data, offset=position + 2))
        return position + 7

    def _read_station(self, position: int) -> int:
        self._expect_pair(position, STATION_GUIDE, size=8)
        letter = chr(self.data[position + 7])
        if letter not in STATION_CLASSES:
            where = self.data[position : position + 8]
            raise BadElement("no such station class", offset=position + 7, data=where)
        station = self.data[position + 2 : position + 7].hex().upper()
        self.open_station(station, station_class=letter)
        return position + 8

    def _read_tail(self, guide: int, position: int) -> int:
        self._expect_pair(position, _RAW_TAILS[guide], size=2)
        raw = self.data[position + 2 : self.end]
        self.elements.append(Element(CODES[guide], NAMES[guide], None, None, raw))
        return self.end

    def _read_uniform(self, position: int) -> int:
        """Read a time step and the one element whose values fill the rest of the body."""
        self._expect_pair(position, _STEP_DEFINITION, size=7)
        step = self.data[position + 2 : position + 5].hex()
        if not step.isdecimal():
            raise BadBcd("not a time step", offset=position + 2, data=self.data[position:][:5])
        self.step = step
        guide, definition = self.data[position + 5], self.data[position + 6]
        code, start = CODES[guide], position + 7
        if guide == USER_GUIDE:
            code, definition, start = f"FF{definition:02X}", self.data[position + 7], position + 8
        size, raw = definition >> 3, self.data[start : self.end]
        if not size or start > self.end or len(raw) % size:
            raise BadLength("values do not fill the body", offset=start, data=raw)
        if self.observed_at is None:
            raise BadElement("values before their time", offset=position, data=raw)
        if guide == RAIN_GUIDE or guide in LEVEL_GUIDES:
            if size != (12 if guide == RAIN_GUIDE else 24):
                raise BadLength("not an hour of values", offset=position, data=raw)
            values = read_series(guide, raw=raw)
        else:
            values = tuple(
                read_number(raw[at : at + size], decimals=definition & 7, offset=start + at)
                for at in range(0, len(raw), size)
            )
        self.elements.append(Element(code, NAMES[guide], None, values, raw))
        return self.end

    def _read_vendor(self, guide: int, position: int) -> int:
        """Skip a vendor's or user's group by its length, and keep its bytes."""
        code, definition_at = CODES[guide], position + 1
        if guide == USER_GUIDE:
            code, definition_at = f"FF{self.data[position + 1]:02X}", position + 2
        raw, stop = self._take_raw(definition_at)
        value: float | None
        try:
            value = read_number(raw, decimals=self.data[definition_at] & 7, offset=definition_at)
        except FrameError:
            # Vendors put floats and texts here too: the bytes are kept, no number is made up.
            value = None
        self.elements.append(Element(code, None, value, None, raw))
        return stop

    def _add(
        self,
        guide: int,
        *,
        raw: bytes,
        value: float | None = None,
        values: tuple[float | None, ...] | None = None,
    ) -> None:
        self.elements.append(Element(CODES[guide], NAMES[guide], value, values, raw))

    def _take_raw(self, definition_at: int) -> tuple[bytes, int]:
        """Return the data behind a definition byte, and where it stops."""
        stop = definition_at + 1 + (self.data[definition_at] >> 3)
        if stop > self.end or self.observed_at is None:
            raise self._misplaced(definition_at - 1, stop)
        return self.data[definition_at + 1 : stop], stop

    def _misplaced(self, position: int, stop: int) -> FrameError:
        """Return the error for a group that runs over the end or stands before its time."""
        shown = self.data[position : self.end]
        if stop > self.end:
            return BadLength("an element runs over the end", offset=position, data=shown)
        return BadElement("an element before its time", offset=position, data=shown)

    def _expect_pair(self, position: int, second: int, *, size: int) -> None:
        """Raise unless the byte after the guide is the fixed one and the whole group is there."""
        shown = self.data[position : self.end]
        if position + size > self.end:
            raise BadLength("an element runs over the end", offset=position, data=shown)
        if self.data[position + 1] != second:
            raise BadElement("half of a double identifier", offset=position, data=shown)
