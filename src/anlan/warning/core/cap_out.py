"""A warning of ours as a CAP 1.2 message: plain values in, an Alert out.

What a machine acts on is chosen here: how bad, how soon, how sure, what to do. The colours map to
severities as usual in China (domain notes, section 3.1). How soon and how sure are design values:
a red or orange warning asks for deeds now; what gauges measure is observed, what rain or weather
may bring about is likely. Areas name their villages by code, so that a reader with the register
finds the very villages; polygons are what somebody drew, else the villages' outlines.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from anlan.registry.data import Colour, Hazard
from anlan.warning.data import WarningOrigin, WarningState
from anlan.warning.gateways.cap.chinese import BEIJING
from anlan.warning.gateways.cap.events import event_types
from anlan.warning.gateways.cap.fields import FEWEST_PAIRS, is_on_earth
from anlan.warning.gateways.cap.values import (
    Alert,
    Area,
    Category,
    Certainty,
    Info,
    MsgType,
    Named,
    Polygon,
    Reference,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)

EVENT_CODES: Final = "12379"  # the national platform's
DIVISION_CODES: Final = "GB2260"
COLOURS: Final = "colour"
_AHEAD: Final = timedelta(hours=1)

_SEVERITIES: Final = {
    Colour.BLUE: Severity.MINOR,
    Colour.YELLOW: Severity.MODERATE,
    Colour.ORANGE: Severity.SEVERE,
    Colour.RED: Severity.EXTREME,
}
_URGENCIES: Final = {
    Colour.BLUE: Urgency.FUTURE,
    Colour.YELLOW: Urgency.EXPECTED,
    Colour.ORANGE: Urgency.IMMEDIATE,
    Colour.RED: Urgency.IMMEDIATE,
}
_CATEGORIES: Final = {
    Hazard.RAINSTORM: Category.MET,
    Hazard.FLASH_FLOOD: Category.MET,
    Hazard.GEOHAZARD: Category.GEO,
    Hazard.RIVER_FLOOD: Category.MET,
    Hazard.RESERVOIR: Category.INFRA,
    Hazard.FOREST_FIRE: Category.FIRE,
    Hazard.EARTHQUAKE: Category.GEO,
}
_MEASURED: Final = (Hazard.RAINSTORM, Hazard.RIVER_FLOOD, Hazard.RESERVOIR, Hazard.EARTHQUAKE)
# What the words of a warning ask for; a hazard without its own has those of water and slopes.
_RESPONSES: Final = {
    Colour.BLUE: ResponseType.MONITOR,
    Colour.YELLOW: ResponseType.PREPARE,
    Colour.ORANGE: ResponseType.EVACUATE,
    Colour.RED: ResponseType.EVACUATE,
}
_OWN_RESPONSES: Final = {
    (Hazard.RAINSTORM, Colour.ORANGE): ResponseType.SHELTER,
    (Hazard.RAINSTORM, Colour.RED): ResponseType.SHELTER,
    (Hazard.FOREST_FIRE, Colour.ORANGE): ResponseType.AVOID,
}


@dataclass(frozen=True)
class Words:
    """What a warning says in one language; `area` names the place, `event` what threatens."""

    language: str
    event: str
    headline: str
    description: str
    instruction: str
    area: str


@dataclass(frozen=True)
class OutgoingWarning:
    """A warning as it leaves for others.

    `villages` are codes, `rings` what is drawn of them, in [lon, lat]. `replaces` are the warnings
    that end as this one begins, each by number and time of issue. `words` say it while it stands,
    `last_words` when it is lifted. `excerpt` is empty, or says that villages are left out.
    """

    number: str
    hazard: Hazard
    colour: Colour
    state: WarningState
    origin: WarningOrigin
    event_code: str
    sender: str
    sender_name: str
    issued_at: datetime
    onset_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None
    villages: tuple[str, ...]
    rings: tuple[Sequence[Sequence[float]], ...]
    replaces: tuple[tuple[str, datetime], ...]
    words: tuple[Words, ...]
    last_words: tuple[Words, ...]
    is_exercise: bool = False
    excerpt: str = ""


def alert_of(warning: OutgoingWarning) -> Alert:
    """Return the message by which a warning is made known: an update where it replaces others."""
    references = [
        Reference(warning.sender, number, in_cap(issued_at))
        for number, issued_at in warning.replaces
    ]
    return Alert(
        identifier=warning.number,
        sender=warning.sender,
        sent=in_cap(warning.issued_at),
        status=Status.EXERCISE if warning.is_exercise else Status.ACTUAL,
        msg_type=MsgType.UPDATE if references else MsgType.ALERT,
        scope=Scope.PUBLIC,
        note=warning.excerpt,
        references=tuple(references),
        infos=_infos(warning, warning.words),
    )


def cancel_of(warning: OutgoingWarning) -> Alert | None:
    """Return the message that ends a warning; None of one that was not lifted.

    What a higher one replaced is ended by that one's update, what ran out by its own last hour.
    """
    if warning.state is not WarningState.LIFTED or warning.ended_at is None:
        return None
    first = Reference(warning.sender, warning.number, in_cap(warning.issued_at))
    infos = [
        replace(
            info,
            response_types=(ResponseType.ALL_CLEAR,),
            urgency=Urgency.PAST,
            severity=Severity.MINOR,
            certainty=Certainty.OBSERVED,
            effective=in_cap(warning.ended_at),
            onset=None,
            expires=None,
            parameters=(),
        )
        for info in _infos(warning, warning.last_words)
    ]
    return replace(
        alert_of(warning),
        identifier=cancel_number(warning.number),
        sent=in_cap(warning.ended_at),
        msg_type=MsgType.CANCEL,
        references=(first,),
        infos=tuple(infos),
    )


def cancel_number(number: str) -> str:
    """Return the number of the message that ends a warning: the same with the next serial."""
    return f"{number[:-1]}1" if number.endswith("_0") else f"{number}_1"


def first_numbers(number: str) -> tuple[str, ...]:
    """Return the numbers of the warnings that a message under this number may end."""
    if not number.endswith("_1"):
        return ()
    return f"{number[:-1]}0", number[:-2]


def in_cap(moment: datetime) -> datetime:
    """Return a time as CAP can say it: in whole seconds, in the zone of the country."""
    return moment.astimezone(BEIJING).replace(microsecond=0)


def event_code_for(hazard: Hazard) -> str:
    """Return the platform's code for a hazard, the first of several; nothing where it has none."""
    found = (each.code for each in event_types().values() if each.hazard == hazard)
    return next(found, "")


def cap_polygon(ring: Sequence[Sequence[float]]) -> Polygon:
    """Return a ring of [lon, lat] as CAP has it: latitude first, and closed; nothing of no ring."""
    pairs = [(float(lat), float(lon)) for lon, lat, *_height in ring]
    if pairs and pairs[0] != pairs[-1]:
        pairs.append(pairs[0])
    is_ring = len(pairs) >= FEWEST_PAIRS and all(is_on_earth(*pair) for pair in pairs)
    return tuple(pairs) if is_ring else ()


def _infos(warning: OutgoingWarning, texts: Sequence[Words]) -> tuple[Info, ...]:
    code = warning.event_code or event_code_for(warning.hazard)
    polygons = tuple(filter(None, map(cap_polygon, warning.rings)))
    geocodes = tuple(Named(DIVISION_CODES, village) for village in warning.villages)
    areas = {words.area: (Area(words.area, polygons, geocodes=geocodes),) for words in texts}
    return tuple(
        Info(
            categories=(_CATEGORIES[warning.hazard],),
            event=words.event,
            urgency=_urgency(warning),
            severity=_SEVERITIES[warning.colour],
            certainty=_certainty(warning),
            language=words.language,
            response_types=(_response(warning),),
            event_codes=(Named(EVENT_CODES, code),) if code else (),
            effective=in_cap(warning.issued_at),
            onset=in_cap(warning.onset_at) if warning.onset_at else None,
            expires=in_cap(warning.expires_at) if warning.expires_at else None,
            sender_name=warning.sender_name,
            headline=words.headline,
            description=words.description,
            instruction=words.instruction,
            parameters=(Named(COLOURS, warning.colour.name.lower()),),
            # The same object in every language, so that it is written once.
            areas=areas[words.area],
        )
        for words in texts
    )


def _urgency(warning: OutgoingWarning) -> Urgency:
    """Return how soon to act: what begins later than an hour on can be expected at most."""
    found = _URGENCIES[warning.colour]
    is_ahead = bool(warning.onset_at and warning.onset_at - warning.issued_at > _AHEAD)
    return Urgency.EXPECTED if is_ahead and found is Urgency.IMMEDIATE else found


def _certainty(warning: OutgoingWarning) -> Certainty:
    is_measured = warning.origin is WarningOrigin.RULE and warning.hazard in _MEASURED
    return Certainty.OBSERVED if is_measured else Certainty.LIKELY


def _response(warning: OutgoingWarning) -> ResponseType:
    own = _OWN_RESPONSES.get((warning.hazard, warning.colour))
    return own or _RESPONSES[warning.colour]
