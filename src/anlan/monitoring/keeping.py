"""What a person says of a station, a threshold or an address, and why it is not taken."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from anlan.monitoring.data import Measure, Protocol, RainFrom, StationKind
from anlan.registry.data import Colour, Hazard

LONGEST_ADDRESS: Final = 64
LONGEST_NAME: Final = 60
LONGEST_SOURCE: Final = 120
DAY_MIN: Final = 1_440
SHORTEST_WINDOW_MIN, LONGEST_WINDOW_MIN = 5, 4_320
TEN_HEX: Final = re.compile(r"[0-9A-F]{10}")
FOUR_HEX: Final = re.compile(r"[0-9A-Fa-f]{4}")
PLAIN: Final = re.compile(r"[^\x00-\x20\x7f]+")
WITHOUT_WINDOW: Final = frozenset({Measure.LAST, Measure.ANTECEDENT})


@dataclass(frozen=True)
class StationFacts:
    """What a person says of a station; see the model for what each means."""

    address: str
    protocol: Protocol
    name: str
    kind: StationKind
    division: str
    lon: float
    lat: float
    interval_min: int
    password: str
    place_id: int | None = None
    base_m: float | None = None
    rain_from: RainFrom = RainFrom.PN05
    device_model_id: int | None = None
    is_active: bool = True

    @property
    def seen(self) -> str:
        """Return a short text that changes with any of the facts."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:20]


@dataclass(frozen=True)
class ThresholdFacts:
    """What a person says of a plain threshold of a station; `element` is a code."""

    hazard: Hazard
    measure: Measure
    element: str
    window_min: int
    colour: Colour
    value: float
    source: str
    effective_from: date
    season_from: str = ""
    season_until: str = ""


class Refused(ValueError):
    """What a person said is not taken: sentences by the field that each is about."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(" ".join(self.faults.values()))


class ChangedMeanwhile(RuntimeError):
    """Somebody else has changed the same in the meantime."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has changed it in the meantime; look at it again, then change it.")
        )


def check_station(facts: StationFacts) -> None:
    """Raise Refused with a sentence for every field of a station that cannot be right."""
    if faults := dict(_station_faults(facts)):
        raise Refused(faults)


def check_threshold(facts: ThresholdFacts) -> None:
    """Raise Refused with a sentence for every field of a threshold that cannot be right."""
    if faults := dict(_threshold_faults(facts)):
        raise Refused(faults)


def _station_faults(facts: StationFacts) -> Iterator[tuple[str, str]]:
    yield from _address_faults(facts)
    for field, says in _RULES.items():
        if sentence := says(facts):
            yield field, sentence


def _address_faults(facts: StationFacts) -> Iterator[tuple[str, str]]:
    if facts.protocol in (Protocol.SL651, Protocol.SZY206) and not TEN_HEX.fullmatch(facts.address):
        yield (
            "address",
            _("“%(value)s” is no address of %(protocol)s: write ten digits or letters A to F.")
            % {"value": facts.address, "protocol": facts.protocol.label},
        )
    elif len(facts.address) > LONGEST_ADDRESS or not PLAIN.fullmatch(facts.address):
        yield (
            "address",
            _("“%(value)s” is no address: write 1 to %(most)s signs without spaces.")
            % {"value": facts.address[:LONGEST_ADDRESS], "most": LONGEST_ADDRESS},
        )


def _name_fault(facts: StationFacts) -> str:
    if 0 < len(facts.name) <= LONGEST_NAME and facts.name.isprintable():
        return ""
    return _("Give the station a name of 1 to %(most)s signs.") % {"most": LONGEST_NAME}


def _interval_fault(facts: StationFacts) -> str:
    if 1 <= facts.interval_min <= DAY_MIN:
        return ""
    return _("%(n)s minutes is no interval: give 1 to 1,440 minutes.") % {"n": facts.interval_min}


def _password_fault(facts: StationFacts) -> str:
    if facts.protocol != Protocol.SL651 or FOUR_HEX.fullmatch(facts.password):
        return ""
    return _("The password of an SL 651 station is four digits or letters A to F.")


def _longitude_fault(facts: StationFacts) -> str:
    if 73.0 <= facts.lon <= 136.0:
        return ""
    return _("%(value)s is no longitude in China: give 73 to 136 degrees.") % {"value": facts.lon}


def _latitude_fault(facts: StationFacts) -> str:
    if 3.0 <= facts.lat <= 54.0:
        return ""
    return _("%(value)s is no latitude in China: give 3 to 54 degrees.") % {"value": facts.lat}


_RULES: Final[Mapping[str, Callable[[StationFacts], str]]] = {
    "name": _name_fault,
    "interval_min": _interval_fault,
    "password": _password_fault,
    "lon": _longitude_fault,
    "lat": _latitude_fault,
}


def _threshold_faults(facts: ThresholdFacts) -> Iterator[tuple[str, str]]:
    least, most = SHORTEST_WINDOW_MIN, LONGEST_WINDOW_MIN
    if facts.measure in WITHOUT_WINDOW and facts.window_min:
        yield (
            "window_min",
            _("“%(measure)s” has no window; leave it empty.") % {"measure": facts.measure.label},
        )
    elif facts.measure not in WITHOUT_WINDOW and (
        not least <= facts.window_min <= most or facts.window_min % least
    ):
        yield (
            "window_min",
            _("%(n)s minutes is no window: give %(least)s to %(most)s minutes in steps of 5.")
            % {"n": facts.window_min, "least": least, "most": most},
        )
    if facts.value <= 0 and facts.measure in (Measure.SUM, Measure.ANTECEDENT):
        yield (
            "value",
            _("%(value)s can never be a threshold of rain: give more than 0.")
            % {"value": f"{facts.value:g}"},
        )
    if not 0 < len(facts.source.strip()) <= LONGEST_SOURCE:
        yield "source", _("Say where the threshold comes from: a document or a decision.")
    if bool(facts.season_from) != bool(facts.season_until):
        yield "season_until", _("A season has a first and a last day; give both or none.")
