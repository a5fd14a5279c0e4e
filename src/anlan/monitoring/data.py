"""What crosses monitoring's door."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.monitoring.gateways.sl651.encode import ReportElement, Sender
from anlan.monitoring.gateways.sl651.values import RawReading
from anlan.registry.data import Colour


class StationKind(TextChoices):
    """The SL 651 station class, by its letter; W and F are not of the standard."""

    RAIN = "P", _("rain gauge")
    RIVER = "H", _("river gauge")
    RESERVOIR = "K", _("reservoir gauge")
    GATE = "Z", _("gate or dam gauge")
    SOIL = "M", _("soil moisture station")
    GROUNDWATER = "G", _("groundwater station")
    WEATHER = "W", _("weather station")
    OTHER = "F", _("other sensor")


class Protocol(TextChoices):
    """How a station's readings come in."""

    SL651 = "sl651", _("SL 651-2014 over TCP")
    SZY206 = "szy206", _("SZY 206-2016 over TCP")
    HJ212 = "hj212", _("HJ 212-2017 over TCP")
    MQTT = "mqtt", _("MQTT")
    HTTP = "http", _("HTTP push")
    HAND = "hand", _("read by eye")
    DERIVED = "derived", _("computed here")


class RainFrom(TextChoices):
    """The element from which a station's five-minute rain is taken."""

    PN05 = "PN05", _("five-minute rain")
    P1 = "P1", _("hourly rain")
    PJ = "PJ", _("rain since eight in the morning")
    PT = "PT", _("running total")


class Verdict(TextChoices):
    """Why a reading stays out of the table of readings."""

    REPEATED = "repeated", _("sent twice with another value")
    TOO_OLD = "too_old", _("older than what is kept")
    FUTURE = "future", _("in the future")
    UNKNOWN_STATION = "unknown_station", _("unknown station")
    WRONG_PASSWORD = "wrong_password", _("wrong password")
    WRONG_CLOCK = "wrong_clock", _("the station's clock is wrong")


class Quality(IntegerChoices):
    """What is known of a stored value; from `EXCLUDED_FROM` on it enters no sum and no rule."""

    GOOD = 0, _("good")
    ACCEPTED = 1, _("accepted by a person")
    LATE = 2, _("came late")
    RATE = 10, _("changed too fast")
    STUCK = 11, _("stands still")
    NEIGHBOUR = 12, _("unlike its neighbours")
    IMPOSSIBLE = 20, _("outside the possible range")
    REJECTED = 21, _("struck out by a person")


DOUBTFUL_FROM: Final = 10
EXCLUDED_FROM: Final = 20


class RuleState(TextChoices):
    """Where a version of a rule stands."""

    DRAFT = "draft", _("draft")
    LIVE = "live", _("in force")
    RETIRED = "retired", _("retired")


class Measure(TextChoices):
    """What a threshold is held against."""

    SUM = "sum", _("sum over a window")
    LAST = "last", _("last value")
    RISE = "rise", _("rise within a window")
    FALL = "fall", _("fall within a window")
    MEAN = "mean", _("mean over a window")
    ANTECEDENT = "antecedent", _("effective antecedent rain")


class SilenceLevel(IntegerChoices):
    """How far a silence has been taken up."""

    NOTED = 1, _("noted")
    TOWN_TOLD = 2, _("town told")
    COUNTY_TOLD = 3, _("county told")


class CommandState(TextChoices):
    """Where a command to a station stands."""

    WAITING = "waiting", _("waits for the station")
    SENT = "sent", _("sent")
    ANSWERED = "answered", _("answered")
    FAILED = "failed", _("no answer")
    CANCELLED = "cancelled", _("cancelled")


class MacroKind(TextChoices):
    """What a macro-observation station looks at (地震宏观观测), a line of each a day."""

    WATER = "water", _("well and spring water")
    ANIMAL = "animal", _("animals")
    GAS = "gas", _("ground gas")
    GEOPHYSICS = "geophysics", _("ground sound and light")
    OTHER = "other", _("other")


class MacroSign(TextChoices):
    """What struck the observer most; which belong to which kind stands in core/macro.py."""

    ROSE = "rose", _("level rose suddenly")
    FELL = "fell", _("level fell suddenly")
    DRY = "dry", _("ran dry")
    GUSHED = "gushed", _("gushed out")
    MUDDY = "muddy", _("turned muddy")
    BUBBLING = "bubbling", _("bubbles")
    COLOURED = "coloured", _("changed colour")
    TASTE = "taste", _("changed taste or smell")
    WARM = "warm", _("temperature changed")
    FRIGHTENED = "frightened", _("frightened")
    LISTLESS = "listless", _("listless")
    UNSEASONAL = "unseasonal", _("out at the wrong time")
    MOVING = "moving", _("moving away together")
    SMELL = "smell", _("smell from the ground")
    MIST = "mist", _("mist or steam from the ground")
    SOUND = "sound", _("sound from the ground")
    LIGHT = "light", _("light from the ground")
    RADIO = "radio", _("radio, television or compass disturbed")
    PLANTS = "plants", _("plants out of season")
    ELSE = "else", _("something else")


class MacroResult(TextChoices):
    """What a line of the daily report says; nothing unusual is a report too (零报告)."""

    NORMAL = "normal", _("nothing unusual")
    ANOMALY = "anomaly", _("anomaly")


class MacroState(TextChoices):
    """How far a report of an anomaly has been looked into."""

    REPORTED = "reported", _("reported")
    VERIFIED = "verified", _("anomaly verified")
    DISMISSED = "dismissed", _("explained, no anomaly")


class HandSubject(TextChoices):
    """What a spreadsheet of things seen by eye holds."""

    STAFF = "staff", _("staff gauge readings")
    MACRO = "macro", _("macro-observation reports")


@dataclass(frozen=True)
class StaffLevel:
    """A water level read by eye: whole centimetres in m, when, and whether a leap is confirmed."""

    station_id: int
    level_m: float
    at: datetime
    is_confirmed: bool = False


@dataclass(frozen=True)
class MacroEntry:
    """One line of a macro-observation station's daily report; level in m, temperature in °C."""

    place_id: int
    day: date
    kind: MacroKind
    is_anomaly: bool = False
    sign: str = ""
    description: str = ""
    animals: int | None = None
    water_level_m: float | None = None
    temperature_c: float | None = None


@dataclass(frozen=True)
class MacroAttendance:
    """How a macro-observation station reported in some days: in time, later, or not at all.

    A day counts when every kind was reported, in time when that was on the day itself.
    """

    place_id: int
    name: str
    division_code: str
    in_time: int
    late: int
    missed: tuple[date, ...]


class Question(TextChoices):
    """What may be asked of a station, or set in it."""

    PRESENT = "present", _("present values")
    ELEMENTS = "elements", _("present values of named elements")
    PICTURE = "picture", _("a picture")
    CLOCK = "clock", _("its clock")
    VERSION = "version", _("its software version")
    STATUS = "status", _("its status and alarms")
    INTERVAL = "interval", _("set the report interval")
    SET_CLOCK = "set_clock", _("set its clock")


class CannotAsk(ValueError):
    """A question that this station cannot be asked; says what to change."""

    @classmethod
    def over_this_wire(cls) -> "CannotAsk":
        """Return the error for a station that takes no commands."""
        return cls(gettext("Only a station on SL 651 takes commands; this one has another wire."))

    @classmethod
    def with_interval(cls, minutes: int | None) -> "CannotAsk":
        """Return the error for an interval that no station can keep."""
        return cls(
            gettext(
                "The interval is %(minutes)s minutes; give 1 to 59, or full hours up to 1440"
                " minutes."
            )
            % {"minutes": minutes}
        )

    @classmethod
    def for_elements(cls, names: str) -> "CannotAsk":
        """Return the error for elements that no station knows."""
        return cls(
            gettext("No elements of SL 651: %(names)s; name some as Z, PN05 or VT.")
            % {"names": names or "-"}
        )


class StationOutOfSight(LookupError):
    """No station in sight has this key or address."""


@dataclass(frozen=True)
class Crossing:
    """An exceedance as the rooms above see it."""

    id: int
    hazard: str
    colour: Colour
    station_name: str
    element: str
    measure: Measure
    window_min: int
    value: float
    threshold: float
    at: datetime
    villages: tuple[str, ...]
    unit: str = ""
    is_doubtful: bool = False


@dataclass(frozen=True)
class Ingest:
    """What one batch of frames or readings came to.

    `stored` rows are new in the table, `late` of them older than the station's last value;
    `doubtful` and `excluded` of them carry such a quality. `repeated` were there already with
    the same value, `refused` were set aside with a verdict.
    """

    frames: int
    stored: int
    repeated: int
    refused: int
    faults: int
    late: int = 0
    doubtful: int = 0
    excluded: int = 0


@dataclass(frozen=True)
class VerifiedAnomaly:
    """A macro anomaly that the county has verified."""

    report_id: int
    place: str
    division_code: str
    kind: MacroKind
    day: date
    description: str


@dataclass(frozen=True)
class SilentStation:
    """A station that is silent, and how far that has been taken up."""

    silence_id: int
    station_id: int
    name: str
    division_code: str
    since: datetime
    level: SilenceLevel


@dataclass(frozen=True)
class StationPoint:
    """A station as the wire and the map know it."""

    address: str
    password: str
    kind: StationKind
    name: str
    lon: float
    lat: float
    place_id: int | None


__all__ = [
    "DOUBTFUL_FROM",
    "EXCLUDED_FROM",
    "CannotAsk",
    "CommandState",
    "Crossing",
    "HandSubject",
    "Ingest",
    "MacroAttendance",
    "MacroEntry",
    "MacroKind",
    "MacroResult",
    "MacroSign",
    "MacroState",
    "Measure",
    "Protocol",
    "Quality",
    "Question",
    "RainFrom",
    "RawReading",
    "ReportElement",
    "RuleState",
    "Sender",
    "SilenceLevel",
    "SilentStation",
    "StaffLevel",
    "StationKind",
    "StationOutOfSight",
    "StationPoint",
    "Verdict",
    "VerifiedAnomaly",
]
