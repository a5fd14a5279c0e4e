"""Read the data segment of a message: its header fields and its data area.

Source: HJ 212-2017 chapters 6.3.2 and 6.3.3.
"""

import re
from datetime import datetime
from typing import Final

from anlan.monitoring.gateways.sl651.codes import BEIJING

from .codes import INTERACTION_SYSTEM, PACKET_BIT
from .errors import BadField, BadText, BadTime
from .values import Field, Frame

_AREA: Final = "CP=&&"
_CONTROL: Final = re.compile("[\x00-\x1f\x7f]")
_SYSTEM: Final = re.compile(r"[0-9A-Z]{2}")
_COMMAND: Final = re.compile(r"[0-9]{4}")
_STATION: Final = re.compile(r"[!-~]{1,32}")
_COUNT: Final = re.compile(r"[0-9]{1,4}")
_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,39}")
# A log text stands between // and //, and may hold any sign.
_SEPARATED: Final = {mark: re.compile(rf"(?:=\s*//.*?//|[^{mark}])+") for mark in (";", ",")}
_TIME: Final = re.compile(r"[0-9]{14}(?:[0-9]{3})?")
_KNOWN: Final = frozenset(("QN", "ST", "CN", "PW", "MN", "Flag", "PNUM", "PNO"))


def read_segment(data: bytes) -> Frame:
    """Return the message that a data segment holds.

    Raises BadText, BadField or BadTime.
    """
    text = _as_text(data)
    head, mark, area = text.partition(_AREA)
    if not mark or not area.endswith("&&"):
        raise BadField("no data area between CP=&& and &&", data=data[-16:])
    if head and not head.endswith(";"):
        raise BadField("no semicolon before the data area", data=head.encode()[-16:])
    fields = _read_head(head)
    packets, number = _packet_numbers(fields)
    return Frame(
        request=fields.get("QN"),
        system=_required(fields, "ST", pattern=_SYSTEM),
        command=int(_required(fields, "CN", pattern=_COMMAND)),
        password=fields.get("PW", ""),
        station=_station(fields),
        flag=_flag(fields),
        packets=packets,
        number=number,
        items=_read_area(area[:-2]),
        extras=tuple(Field(name, value) for name, value in fields.items() if name not in _KNOWN),
        length=len(data),
    )


def read_time(text: str) -> datetime:
    """Return a time of 14 digits, or 17 with milliseconds, as Beijing time; else raise BadTime."""
    if not _TIME.fullmatch(text):
        raise BadTime("a time has 14 or 17 digits", data=text.encode())
    month, day, hour, minute, second = (int(text[at : at + 2]) for at in range(4, 14, 2))
    micros = int(text[14:] or 0) * 1000
    try:
        return datetime(int(text[:4]), month, day, hour, minute, second, micros, tzinfo=BEIJING)
    except ValueError as error:
        raise BadTime("no time of the calendar", data=text.encode()) from error


def check_items(items: tuple[tuple[Field, ...], ...]) -> None:
    """Raise BadTime for a bad DataTime, BadField where one record says a field twice.

    A data area may hold several records; each begins at its DataTime.
    """
    said: set[str] = set()
    for item in items:
        if any(field.name == "DataTime" for field in item):
            said.clear()
        for name, value in item:
            if name in said:
                raise BadField("one record says a field twice", data=name.encode())
            said.add(name)
            if name == "DataTime":
                read_time(value)


def _as_text(data: bytes) -> str:
    """Return the segment as text: ASCII, and UTF-8 or GB 18030 in log texts."""
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if found := _CONTROL.search(text):
            raise BadText("a control character", data=found.group().encode())
        return text
    raise BadText("neither UTF-8 nor GB 18030", data=data[:16])


def _read_head(head: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for part in head.split(";"):
        if not part:
            continue
        name, mark, value = part.partition("=")
        if not mark or not _NAME.fullmatch(name) or "&" in value:
            raise BadField("no header field", data=part.encode())
        if name in fields:
            raise BadField("a header field stands twice", data=part.encode())
        fields[name] = value
    return fields


def _required(fields: dict[str, str], name: str, *, pattern: re.Pattern[str]) -> str:
    value = fields.get(name, "")
    if not pattern.fullmatch(value):
        raise BadField(f"{name} is missing or malformed", data=value.encode())
    return value


def _station(fields: dict[str, str]) -> str:
    """Return the device's mark; an answer of the 2005 form may go without."""
    if fields.get("ST") == INTERACTION_SYSTEM and not fields.get("MN"):
        return ""
    return _required(fields, "MN", pattern=_STATION)


def _flag(fields: dict[str, str]) -> int | None:
    if "Flag" not in fields:
        return None
    flag = int(_required(fields, "Flag", pattern=_COUNT))
    if flag > 0xFF:
        raise BadField("Flag is no byte", data=fields["Flag"].encode())
    return flag


def _packet_numbers(fields: dict[str, str]) -> tuple[int | None, int | None]:
    """Return count and number of the packets.

    Devices also send both without the bit that announces them; the bit without both is refused.
    """
    if "PNUM" not in fields and "PNO" not in fields:
        if (_flag(fields) or 0) & PACKET_BIT:
            raise BadField("Flag announces packet numbers that are not there")
        return None, None
    packets = int(_required(fields, "PNUM", pattern=_COUNT))
    number = int(_required(fields, "PNO", pattern=_COUNT))
    if not 1 <= number <= packets:
        raise BadField("no such packet number", data=fields["PNO"].encode())
    return packets, number


def _read_area(area: str) -> tuple[tuple[Field, ...], ...]:
    items = []
    for part in _SEPARATED[";"].findall(area):
        item = tuple(_field(text) for text in _SEPARATED[","].findall(part) if text.strip())
        if item:
            items.append(item)
    check_items(tuple(items))
    return tuple(items)


def _field(text: str) -> Field:
    name, mark, value = text.partition("=")
    name, value = name.strip(), value.strip()
    if not mark or not _NAME.fullmatch(name) or "&&" in value:
        raise BadField("no field of the data area", data=text.strip().encode())
    if "=" in value and not value.startswith("//"):
        raise BadField("a value holds an equals sign", data=text.strip().encode())
    return Field(name, value)
