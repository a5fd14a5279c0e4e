"""What a look at every limit changes in what stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from anlan.monitoring.core.limits import HOLD, Hit, Key, Standing


@dataclass(frozen=True)
class Changes:
    """What one evaluation changes."""

    raised: tuple[tuple[Hit, Standing | None], ...]
    sinking: tuple[int, ...]
    recovered: tuple[int, ...]
    ended: tuple[int, ...]


def changes_of(
    higher: Mapping[Key, Hit],
    still_up: set[Key],
    *,
    standing: Mapping[Key, Standing],
    now: datetime,
    waits: Mapping[Key, float] | None = None,
) -> Changes:
    """Return what to raise, what begins to sink, what recovers and what has ended.

    `higher` are the hits above what stands. A colour only rises; an exceedance ends when every
    condition has stayed below, less the hysteresis, for the holding time; `waits` are the times in
    seconds of keys that have another one.
    """
    order = sorted(
        higher.items(), key=lambda item: (item[0].station_id, item[0].hazard, item[0].village)
    )
    raised = tuple((hit, standing.get(key)) for key, hit in order)
    fallen = {key: x for key, x in standing.items() if key not in still_up and key not in higher}
    waits = waits or {}

    def has_ended(key: Key, one: Standing) -> bool:
        wait = waits.get(key, HOLD.total_seconds())
        return not wait or (
            one.below_since is not None and (now - one.below_since).total_seconds() >= wait
        )

    ended = {key for key, one in fallen.items() if has_ended(key, one)}
    return Changes(
        raised=raised,
        sinking=tuple(
            x.id for key, x in fallen.items() if x.below_since is None and key not in ended
        ),
        recovered=tuple(
            x.id
            for key, x in standing.items()
            if key in still_up and x.below_since is not None and key not in higher
        ),
        ended=tuple(fallen[key].id for key in fallen if key in ended),
    )
