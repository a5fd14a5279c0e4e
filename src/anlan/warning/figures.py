"""The figures of a warning, as words and pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from anlan.monitoring.data import Crossing
from anlan.registry.data import Colour, Hazard


@dataclass(frozen=True)
class Telling:
    """What there is to tell of one warning. `people` live at risk; `from_above` are the villages
    where nobody is answerable. `worst` is the crossing behind it, None when somebody wrote it."""

    hazard: Hazard
    colour: Colour
    town: str
    villages: tuple[str, ...]
    sender: str
    issued_at: datetime
    onset_at: datetime | None = None
    expires_at: datetime | None = None
    worst: Crossing | None = None
    people: int = 0
    shelter: str = ""
    from_above: tuple[str, ...] = field(default=())


def moment(at: datetime) -> str:
    """Return a moment as words show it, in local time."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def field_of(at: datetime | None) -> str:
    """Return a moment as a field of date and time holds it, in local time."""
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}" if at else ""


def figures_of(telling: Telling) -> Mapping[str, str]:
    """Return the figures by the names that a text gives them; empty where there is none."""
    worst = telling.worst
    return {
        "town": telling.town,
        "villages": "、".join(telling.villages),
        "hazard": str(telling.hazard.label),
        "colour": str(telling.colour.label),
        "people": str(telling.people) if telling.people else "",
        "shelter": telling.shelter,
        "sender": telling.sender,
        "issued": moment(telling.issued_at),
        "onset": moment(telling.onset_at or telling.issued_at),
        "expiry": moment(telling.expires_at) if telling.expires_at else "",
        "station": worst.station_name if worst else "",
        "value": f"{worst.value:g}" if worst else "",
        "limit": f"{worst.threshold:g}" if worst else "",
        "unit": (worst.unit or "mm") if worst else "",
        "hours": f"{worst.window_min / 60:g}" if worst and worst.window_min else "",
    }
