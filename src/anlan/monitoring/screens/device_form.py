"""The form of a device model: what somebody typed, and the mapping that it means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from anlan.monitoring.gateways.mqtt.checking import MOST_VALUES
from anlan.monitoring.gateways.mqtt.examples import Example
from anlan.monitoring.gateways.mqtt.times import PLAIN_FORM, TimeKind
from anlan.monitoring.models import DeviceModel

EMPTY_ROWS: Final = 3
ROW_FIELDS: Final = ("path", "element", "scale", "offset")
TIME_KINDS: Final = {
    "": _("none: the time of receipt"),
    TimeKind.MILLISECONDS: _("milliseconds since 1970"),
    TimeKind.SECONDS: _("seconds since 1970"),
    TimeKind.ISO: _("ISO 8601, such as 2024-07-15T20:00:00+08:00"),
    TimeKind.LOCAL: _("local date and time, in the form beside"),
}


@dataclass
class ValueRow:
    """One value as typed: texts, and whether it may be left out."""

    path: str = ""
    element: str = ""
    scale: str = ""
    offset: str = ""
    is_optional: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is typed."""
        return not (self.path or self.element)

    def stored(self) -> dict[str, Any]:
        """Return the row as a mapping holds it."""
        found: dict[str, Any] = {"path": self.path, "element": self.element}
        for name, plain in (("scale", 1), ("offset", 0)):
            text = getattr(self, name)
            if text and number_or_text(text) != plain:
                found[name] = number_or_text(text)
        return found | ({"optional": True} if self.is_optional else {})


@dataclass
class DeviceForm:
    """A device model as typed."""

    name: str = ""
    topic: str = ""
    address_way: str = "topic"
    address_part: str = "2"
    address_path: str = ""
    time_kind: str = ""
    time_path: str = ""
    time_form: str = PLAIN_FORM
    each: str = ""
    rows: list[ValueRow] = field(default_factory=list)
    sample_topic: str = ""
    sample: str = ""

    def mapping(self) -> dict[str, Any]:
        """Return the mapping that is meant, right or wrong."""
        found: dict[str, Any] = {"address": self._address()}
        if self.time_kind:
            found["time"] = {"path": self.time_path, "as": self.time_kind}
            if self.time_kind == TimeKind.LOCAL:
                found["time"]["form"] = self.time_form
        if self.each:
            found["each"] = self.each
        found["values"] = [row.stored() for row in self.rows if not row.is_empty]
        return found

    def with_room(self) -> "DeviceForm":
        """Return the form with empty rows at its end, to be filled in."""
        kept = [row for row in self.rows if not row.is_empty]
        room = min(EMPTY_ROWS, MOST_VALUES - len(kept))
        self.rows = kept + [ValueRow() for _number in range(max(room, 0))]
        return self

    def _address(self) -> dict[str, Any]:
        if self.address_way == "path":
            return {"path": self.address_path}
        return {"topic": number_or_text(self.address_part)}


def form_of(
    name: str, topic: str, mapping: Mapping[str, Any], *, sample: tuple[str, str] = ("", "")
) -> DeviceForm:
    """Return the form of a model as it is kept, with a topic and payload to try it on."""
    address, time = mapping.get("address", {}), mapping.get("time") or {}
    return DeviceForm(
        name=name,
        topic=topic,
        address_way="path" if "path" in address else "topic",
        address_part=str(address.get("topic", 2)),
        address_path=str(address.get("path", "")),
        time_kind=str(time.get("as", TimeKind.ISO)) if time else "",
        time_path=str(time.get("path", "")),
        time_form=str(time.get("form") or PLAIN_FORM),
        each=str(mapping.get("each", "")),
        rows=[_row(each) for each in mapping.get("values", ())],
        sample_topic=sample[0],
        sample=sample[1],
    )


def form_of_model(model: DeviceModel) -> DeviceForm:
    """Return the form of a model that is kept."""
    return form_of(model.name, model.topic, model.mapping)


def form_of_example(example: Example) -> DeviceForm:
    """Return the form of an example, ready to be tried."""
    sample = (example.sample_topic, example.sample)
    return form_of(example.name, example.topic, example.mapping, sample=sample)


def form_typed(typed: QueryDict) -> DeviceForm:
    """Return the form as somebody sent it."""
    paths, elements, scales, offsets = (
        [text.strip() for text in typed.getlist(name)] for name in ROW_FIELDS
    )
    optional = set(typed.getlist("optional"))
    rows = [
        ValueRow(path, element, scale, offset, is_optional=str(number) in optional)
        for number, (path, element, scale, offset) in enumerate(
            zip(paths, elements, scales, offsets, strict=False)
        )
    ]
    texts = {
        name: typed.get(name, "").strip()
        for name in DeviceForm.__dataclass_fields__
        if name not in ("rows", "sample")
    }
    return DeviceForm(**texts, rows=rows[: MOST_VALUES + 1], sample=typed.get("sample", ""))


def number_or_text(text: str) -> int | float | str:
    """Return the number that a text says, or the text where it says none."""
    for kind in (int, float):
        try:
            return kind(text.replace(",", "."))
        except (ValueError, OverflowError):
            continue
    return text


def _row(stored: Mapping[str, Any]) -> ValueRow:
    return ValueRow(
        path=str(stored.get("path", "")),
        element=str(stored.get("element", "")),
        scale=str(stored.get("scale", "")),
        offset=str(stored.get("offset", "")),
        is_optional=bool(stored.get("optional", False)),
    )
