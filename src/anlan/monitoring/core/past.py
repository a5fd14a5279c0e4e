"""What stood over at a moment that has passed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from anlan.monitoring.core.limits import Key, Standing


@dataclass
class Episode:
    """A key stood over from a moment until another; `colour` is the worst it reached."""

    since: datetime
    until: datetime
    colour: int


def stood_at(moment: datetime, episodes: Mapping[Key, Sequence[Episode]]) -> dict[Key, Standing]:
    """Return the worst colour of the episodes that were going on at a moment, by key."""
    found: dict[Key, Standing] = {}
    for key, ones in episodes.items():
        colours = [one.colour for one in ones if one.since <= moment <= one.until]
        if colours:
            found[key] = Standing(id=0, colour=max(colours), below_since=None)
    return found
