"""Show a frame as a plain document, for logs, for the simulator and for comparison."""

from datetime import datetime
from typing import Any, Final

from .body import LEVEL_GUIDES, RAIN_GUIDE
from .codes import ELEMENT_FUNCTIONS, PUMP_QUERY, UNIFORM_FUNCTIONS
from .elements import CODES
from .values import DownFrame, Element, Encoding, Frame, Observation, UpFrame

_TEXT_CODE: Final = "F2"
_BLOB_CODES: Final = frozenset(("F3", "FD"))
_SERIES_KEYS: Final = {
    CODES[RAIN_GUIDE]: "values_mm",
    **{CODES[guide]: "values_m" for guide in LEVEL_GUIDES},
}
# Answers about pump motors hold elements, but the document shows commands and answers as sent.
_SHOWN_AS_ELEMENTS: Final = ELEMENT_FUNCTIONS - {PUMP_QUERY}

Document = dict[str, Any]


def as_document(frame: Frame) -> Document:
    """Return the fields of a frame as JSON objects, times as local text.

    `rest` holds, in hex, the bytes after the send time that no table names.
    """
    document = _header(frame)
    if frame.serial is None or frame.sent_at is None:
        document["fragment_len"] = len(frame.body)
        return document
    document["serial"] = frame.serial
    document["send_time"] = frame.sent_at.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(frame, UpFrame) and frame.function in _SHOWN_AS_ELEMENTS and frame.observations:
        document |= _observations(frame)
    elif frame.rest:
        document["rest"] = frame.rest.hex().upper()
    return document


def _header(frame: Frame) -> Document:
    document: Document = {"crc_ok": True}
    if frame.encoding == "ASCII":
        document = {"encoding": "ASCII", "crc_ok": True}
    if isinstance(frame, DownFrame):
        document |= {"direction": "down", "station": frame.station, "center": frame.center}
    else:
        document |= {"direction": "up", "center": frame.center, "station": frame.station}
    document |= {
        "password": frame.password,
        "func": CODES[frame.function],
        "length": frame.length,
    }
    if frame.encoding == "HEX":
        document |= {"start": CODES[frame.start], "end": CODES[frame.end]}
    if frame.packets is not None:
        document |= {"packets": frame.packets, "seq": frame.number}
    return document


def _observations(frame: UpFrame) -> Document:
    first = frame.observations[0]
    shown = _station(first, encoding=frame.encoding)
    if frame.function in UNIFORM_FUNCTIONS and first.step is not None:
        return shown | _uniform(first)
    elements: list[Document] = []
    named = (first.station, first.station_class)
    for observation in frame.observations:
        station = (observation.station, observation.station_class)
        if station != named:
            elements.append({"body_station": station[0], "class": station[1]})
            named = station
        if observation.observed_at is not None:
            elements.append({"obs_time": _minute(observation.observed_at)})
        elements += [_element(element, encoding=frame.encoding) for element in observation.elements]
    return shown | {"elements": elements}


def _station(observation: Observation, *, encoding: Encoding) -> Document:
    """Return the station of the body, where the body names one."""
    if observation.station_class is None:
        return {}
    if encoding == "ASCII":
        return {"class": observation.station_class}
    return {"body_station": observation.station, "class": observation.station_class}


def _uniform(observation: Observation) -> Document:
    """Return a series of one element at a uniform step."""
    element = observation.elements[0]
    shown: Document = {"step_dhm": observation.step, "element": element.code, "name": element.name}
    if observation.observed_at is not None:
        shown["obs_time"] = _minute(observation.observed_at)
    shown[_SERIES_KEYS.get(element.code, "values")] = list(element.values or ())
    return shown


def _element(element: Element, *, encoding: Encoding) -> Document:
    if element.code == _TEXT_CODE or element.code in _BLOB_CODES:
        text = None
        if element.code == _TEXT_CODE:
            text = element.raw.decode("gb18030", errors="replace")
        return {"id": element.name, "raw_len": len(element.raw), "text": text}
    shown: Document = {"name": element.name}
    # An ASCII-coded frame names its elements, and carries no guide bytes but a vendor's own word.
    if encoding == "HEX" or element.name is None:
        shown = {"code": element.code, "name": element.name}
    if element.values is not None:
        return shown | {_SERIES_KEYS.get(element.code, "values"): list(element.values)}
    if element.name is None:
        return shown | {"raw": element.raw.hex().upper(), "bcd": element.value}
    return shown | {"value": element.value}


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
