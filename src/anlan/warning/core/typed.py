"""A warning as somebody types it, and where it belongs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from anlan.kernel.codes import Level, ancestor_of
from anlan.registry.data import Colour, Hazard
from anlan.warning.core.drawn import Ring


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
