"""What somebody types: a warning, and where it belongs; words; rules of issuing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from anlan.kernel.codes import Level, ancestor_of
from anlan.registry.data import Colour, Hazard, Role
from anlan.warning.core.drawn import Ring
from anlan.warning.data import Audience


@dataclass(frozen=True)
class TypedWarning:
    """What a person says of a warning to draft.

    `home` is the county or town whose places are meant; of those, `areas` are codes of divisions,
    `places` uuids. An empty title, text or instruction means the
    words of the county; `follows` is the family that it updates, `upper_uuid` what it is drawn
    from. Without `expires_at` it stands until somebody ends it.
    """

    home: str
    hazard: Hazard
    colour: Colour
    areas: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    polygons: Sequence[Ring] = ()
    onset_at: datetime | None = None
    expires_at: datetime | None = None
    title: str = ""
    text: str = ""
    instruction: str = ""
    upper_uuid: str = ""
    follows: str = ""


def home_of(villages: Iterable[str]) -> str:
    """Return the town that holds all of these villages, else their county; nothing across two."""
    codes = set(villages)
    for level in (Level.TOWN, Level.COUNTY):
        found = {ancestor_of(code, level=level) for code in codes}
        if len(found) == 1:
            return found.pop()
    return ""


@dataclass(frozen=True)
class TypedText:
    """Words that somebody keeps for a county; an empty hazard or no colour means every one."""

    county: str
    audience: Audience
    hazard: str = ""
    colour: int | None = None
    title: str = ""
    text: str = ""


@dataclass(frozen=True)
class TypedRule:
    """Who issues a colour of a hazard in a county, and how; an empty hazard means every one."""

    county: str
    colour: Colour
    is_automatic: bool
    roles: frozenset[Role]
    decide_minutes: int
    valid_hours: int
    source: str
    hazard: str = ""
