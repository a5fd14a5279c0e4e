"""The moving part of the map: levels and counts at each step of the slider."""

from datetime import datetime, timedelta
from typing import Any

from anlan.monitoring.api import level_spans, mapped_stations
from anlan.registry.api import mapped_divisions
from anlan.relief.api import move_spans
from anlan.warning.api import area_spans, call_spans
from anlan.web.core import STEP, levels_by_step, standing_by_step, steps_of, without_repeats
from anlan.web.screens.map_layers import VILLAGE_KINDS

LIVE_WITHIN = timedelta(hours=6)


def replay(
    *, county_code: str, since: datetime, closed_at: datetime | None, now: datetime
) -> dict[str, Any]:
    """Return an incident step by step, in the order of the layers' gauges and villages.

    g, w: one string a step with a digit (0 none, 1 blue … 4 red) for each gauge and village,
    empty when equal to the step before. c: [calls, answered, people to move, at shelters].
    An incident that nobody closed ends for the slider half an hour after its last news.
    """
    county, span = county_code[:6], {"since": since, "until": closed_at or now}
    levels = level_spans(county, **span)
    areas = area_spans(county, **span)
    calls = call_spans(county, **span)
    moves = move_spans(county, **span)
    news: list[datetime | None] = [time for s in levels for time in (s.start, s.end)]
    news += [time for area in areas for time in (area.start, area.end)]
    news += [time for call in calls for time in (call.asked_at, call.answered_at)]
    news += [time for m in moves for time in (m.ordered_at, m.sheltered_at, m.ended_at)]
    last = max((time for time in news if time is not None), default=since)
    until = closed_at or min(now, max(last, since) + STEP)
    steps = steps_of(since, until)
    counts = zip(
        standing_by_step(((1, call.asked_at, None) for call in calls), steps=steps),
        standing_by_step(((1, call.answered_at, None) for call in calls), steps=steps),
        standing_by_step(((m.people, m.ordered_at, m.ended_at) for m in moves), steps=steps),
        standing_by_step(((m.people, m.sheltered_at, m.ended_at) for m in moves), steps=steps),
        strict=True,
    )
    gauges = levels_by_step(
        ((s.station_id, s.colour, s.start, s.end) for s in levels),
        order=[station.id for station in mapped_stations()],
        steps=steps,
    )
    villages = levels_by_step(
        ((s.division_code, s.colour, s.start, s.end) for s in areas),
        order=[row.code for row in mapped_divisions() if row.kind in VILLAGE_KINDS],
        steps=steps,
    )
    return {
        "start": steps[0].isoformat(),
        "end": until.isoformat(),
        "live": closed_at is None and now - until < LIVE_WITHIN,
        "minutes": (steps[1] - steps[0]).total_seconds() / 60,
        "g": without_repeats(gauges),
        "w": without_repeats(villages),
        "c": [list(row) for row in counts],
    }
