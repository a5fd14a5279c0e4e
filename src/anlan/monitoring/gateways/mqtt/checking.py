"""Check what somebody declares of a device model, field by field."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from anlan.monitoring.gateways.mqtt.mapping import (
    AddressRule,
    PayloadMapping,
    TimeRule,
    ValueRule,
)
from anlan.monitoring.gateways.mqtt.paths import BadPath, Path, path_of
from anlan.monitoring.gateways.mqtt.refusals import MappingFault, MappingRefused, Wrong, shown
from anlan.monitoring.gateways.mqtt.times import PLAIN_FORM, TimeKind, is_form
from anlan.monitoring.gateways.mqtt.topics import is_filter

MOST_VALUES: Final = 60
MOST_PARTS: Final = 30
LARGEST: Final = 1e9
_ELEMENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,23}", re.ASCII)
_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset({"address", "time", "each", "values"}),
    "address": frozenset({"topic", "path"}),
    "time": frozenset({"path", "as", "form"}),
    "values": frozenset({"path", "element", "scale", "offset", "optional"}),
}
Fault = Callable[[str, Wrong, Any], None]


def check_mapping(stored: Any, *, topic: str = "") -> None:
    """Raise MappingRefused with every field that is wrong, of a mapping and its topic filter."""
    faults = _faults(stored)
    if topic and not is_filter(topic):
        faults.append(MappingFault("topic", Wrong.BAD_TOPIC, shown(topic)))
    if faults:
        raise MappingRefused(faults)


def mapping_of(stored: Any) -> PayloadMapping:
    """Return the mapping that is stored as JSON; raise MappingRefused when it is none."""
    check_mapping(stored)
    time = stored.get("time")
    each = stored.get("each")
    return PayloadMapping(
        address=_address(stored["address"]),
        time=_time(time) if time else None,
        each=path_of(each) if each else None,
        values=tuple(_value(row) for row in stored["values"]),
    )


def _address(stored: Mapping[str, Any]) -> AddressRule:
    if "path" in stored:
        return AddressRule(path=path_of(stored["path"]))
    return AddressRule(part=int(stored["topic"]))


def _time(stored: Mapping[str, Any]) -> TimeRule:
    return TimeRule(
        path=path_of(stored["path"]),
        kind=TimeKind(stored.get("as", TimeKind.ISO)),
        form=stored.get("form") or PLAIN_FORM,
    )


def _value(stored: Mapping[str, Any]) -> ValueRule:
    return ValueRule(
        path=path_of(stored["path"]),
        element=stored["element"],
        scale=float(stored.get("scale", 1)),
        offset=float(stored.get("offset", 0)),
        is_optional=stored.get("optional", False),
    )


def _faults(stored: Any) -> list[MappingFault]:
    found: list[MappingFault] = []

    def add(where: str, wrong: Wrong, value: Any) -> None:
        found.append(MappingFault(where, wrong, shown(value)))

    if not _is_object(stored, "mapping", kind="", add=add):
        return found
    _look_at_address(stored.get("address"), add=add)
    if stored.get("time"):
        _look_at_time(stored["time"], add=add)
    if stored.get("each") and _path(stored["each"]) is None:
        add("each", Wrong.BAD_PATH, stored["each"])
    _look_at_values(stored.get("values"), add=add)
    return found


def _is_object(stored: Any, where: str, *, kind: str, add: Fault) -> bool:
    if not isinstance(stored, dict):
        add(where, Wrong.NOT_AN_OBJECT, stored)
        return False
    for name in sorted(set(map(str, stored)) - _FIELDS[kind]):
        add(f"{where}.{name}" if kind else name, Wrong.UNKNOWN_FIELD, stored.get(name))
    return True


def _look_at_address(stored: Any, *, add: Fault) -> None:
    if not stored or not isinstance(stored, dict) or len(stored) != 1:
        add("address", Wrong.NO_ADDRESS, stored)
        return
    if not _is_object(stored, "address", kind="address", add=add):
        return
    if "path" in stored and _path(stored["path"]) is None:
        add("address.path", Wrong.BAD_PATH, stored["path"])
    part = stored.get("topic", 1)
    if isinstance(part, bool) or not isinstance(part, int) or not 1 <= part <= MOST_PARTS:
        add("address.topic", Wrong.BAD_PART, part)


def _look_at_time(stored: Any, *, add: Fault) -> None:
    if not _is_object(stored, "time", kind="time", add=add):
        return
    if _path(stored.get("path")) is None:
        add("time.path", Wrong.BAD_PATH, stored.get("path", ""))
    kind = stored.get("as", TimeKind.ISO)
    if not isinstance(kind, str) or kind not in set(TimeKind):
        add("time.as", Wrong.BAD_TIME_KIND, kind)
    form = stored.get("form") or PLAIN_FORM
    if kind == TimeKind.LOCAL and not (isinstance(form, str) and is_form(form)):
        add("time.form", Wrong.BAD_TIME_FORM, form)


def _look_at_values(stored: Any, *, add: Fault) -> None:
    if not isinstance(stored, list) or not stored:
        add("values", Wrong.NO_VALUES, stored)
        return
    if len(stored) > MOST_VALUES:
        add("values", Wrong.TOO_MANY_VALUES, len(stored))
        return
    met: set[str] = set()
    for number, row in enumerate(stored, start=1):
        where = f"values.{number}"
        if not _is_object(row, where, kind="values", add=add):
            continue
        for name, wrong in _wrong_in_value(row):
            add(f"{where}.{name}", wrong, row.get(name, ""))
        element = str(row.get("element"))
        if element in met:
            add(f"{where}.element", Wrong.ELEMENT_TWICE, element)
        met.add(element)


def _wrong_in_value(row: Mapping[str, Any]) -> Iterator[tuple[str, Wrong]]:
    if _path(row.get("path")) is None:
        yield "path", Wrong.BAD_PATH
    if not isinstance(row.get("element"), str) or not _ELEMENT.fullmatch(row["element"]):
        yield "element", Wrong.BAD_ELEMENT
    for name, plain in (("scale", 1), ("offset", 0)):
        if not _is_number(row.get(name, plain)):
            yield name, Wrong.BAD_NUMBER
    if _is_number(row.get("scale", 1)) and row.get("scale", 1) == 0:
        yield "scale", Wrong.ZERO_SCALE
    if not isinstance(row.get("optional", False), bool):
        yield "optional", Wrong.NOT_YES_OR_NO


def _is_number(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) <= LARGEST  # false also for NaN


def _path(text: Any) -> Path | None:
    try:
        return path_of(text)
    except BadPath:
        return None
