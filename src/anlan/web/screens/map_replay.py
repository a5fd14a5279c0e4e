"""The moving part of the map: levels and counts at each step of the slider."""

from datetime import datetime
from typing import Any

from anlan.monitoring.api import level_spans, mapped_stations
from anlan.registry.api import mapped_divisions
from anlan.relief.api import move_spans
from anlan.warning.api import area_spans, call_spans
from anlan.web.core import levels_by_step, standing_by_step, steps_of, without_repeats
from anlan.web.screens.map_layers import VILLAGE_KINDS


def replay(*, county_code: str, since: datetime, until: datetime) -> dict[str, Any]:
    """Return the steps between two instants, in the order of the layers' gauges and villages.

    g, w: one string a step with a digit (0 none, 1 blue … 4 red) for each gauge and village,
    empty when equal to the step before. c: [calls, answered, people to move, at shelters].
    """
    county = county_code[:6]
    steps = steps_of(since, until)
    span = {"since": steps[0], "until": steps[-1]}
    stations = [station.id for station in mapped_stations()]
    villages = [row.code for row in mapped_divisions() if row.kind in VILLAGE_KINDS]
    gauges = [(s.station_id, s.colour, s.start, s.end) for s in level_spans(county, **span)]
    areas = [(s.division_code, s.colour, s.start, s.end) for s in area_spans(county, **span)]
    calls = call_spans(county, **span)
    moves = move_spans(county, **span)
    counts = zip(
        standing_by_step(((1, call.asked_at, None) for call in calls), steps=steps),
        standing_by_step(((1, call.answered_at, None) for call in calls), steps=steps),
        standing_by_step(((m.people, m.ordered_at, m.ended_at) for m in moves), steps=steps),
        standing_by_step(((m.people, m.sheltered_at, m.ended_at) for m in moves), steps=steps),
        strict=True,
    )
    return {
        "start": steps[0].isoformat(),
        "end": until.isoformat(),
        "minutes": (steps[1] - steps[0]).total_seconds() / 60,
        "g": without_repeats(levels_by_step(gauges, order=stations, steps=steps)),
        "w": without_repeats(levels_by_step(areas, order=villages, steps=steps)),
        "c": [list(row) for row in counts],
    }
