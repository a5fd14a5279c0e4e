from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anlan.kernel.actors import Actor
from anlan.kernel.codes import prefix_of
from anlan.kernel.scope import within
from anlan.monitoring.actions._rules import today
from anlan.monitoring.actions.draft_rule import draft_rule
from anlan.monitoring.core.rules import Condition, RuleText
from anlan.monitoring.data import Measure, StationKind
from anlan.monitoring.elements import FORECAST_LEVEL, names_of
from anlan.monitoring.models import Station
from anlan.registry.api import MarkKind, flood_season, level_marks
from anlan.registry.data import Colour, Hazard

LEVEL_CODE = "Z"
FALLS_BY_M = 0.1


@transaction.atomic
def draft_season_limits(
    division_code: str, *, name: str, with_forecast: bool = False, by: Actor, now: datetime
) -> str:
    """Draft a rule on the reservoirs of a division from the register's levels; return its uuid.

    In the flood season of the county a pool is blue at its flood-season limit level and yellow
    half-way from there to its design level; all the year it is orange at its design level and red
    at its check level. With the forecast it is blue already when the next six hours will pass the
    limit level. Raises what `draft_rule` raises; without a reservoir that has a station the rule
    has no condition.
    """
    season = flood_season(division_code, day=today(now))
    stations = dict(
        Station.objects.filter(
            within("division_id", [prefix_of(division_code)]),
            kind=StationKind.RESERVOIR,
            is_active=True,
            place_id__isnull=False,
        )
        .order_by("name", "pk")
        .values_list("pk", "place_id")
    )
    marks = level_marks(stations.values())
    levels = {
        station: {mark.kind: mark.level_m for mark in marks.get(place, ())}
        for station, place in stations.items()
    }
    conditions = [
        row
        for station, of_station in levels.items()
        for row in _conditions(station, of_station, season=season, with_forecast=with_forecast)
    ]
    text = RuleText(
        source=_("characteristic levels of the register"),
        conditions=tuple(conditions),
        falls_by=FALLS_BY_M,
    )
    return draft_rule(
        text, name=name, hazard=Hazard.RESERVOIR, division_code=division_code, by=by, now=now
    )


def _conditions(
    station: int,
    levels: Mapping[MarkKind, float],
    *,
    season: tuple[str, str],
    with_forecast: bool,
) -> Iterator[Condition]:
    limit, design = levels.get(MarkKind.FLOOD_LIMIT), levels.get(MarkKind.DESIGN)
    check = levels.get(MarkKind.CHECK)
    if limit is None or design is None or check is None or not limit < design < check:
        return
    whole_year = ("", "")
    rows = [
        (Colour.BLUE, LEVEL_CODE, limit, season),
        (Colour.YELLOW, LEVEL_CODE, (limit + design) / 2, season),
        (Colour.ORANGE, LEVEL_CODE, design, whole_year),
        (Colour.RED, LEVEL_CODE, check, whole_year),
    ]
    if with_forecast:
        rows.append((Colour.BLUE, names_of([FORECAST_LEVEL])[FORECAST_LEVEL], limit, season))
    for colour, element, value, (first, last) in rows:
        yield Condition(
            colour=colour,
            measure=Measure.LAST,
            element=element,
            value=round(value, 2),
            station_id=station,
            season_from=first,
            season_until=last,
        )
