"""What each process remembers of the series that it takes in."""

from collections.abc import Collection
from functools import partial

from django.db import connection, transaction

from anlan.monitoring.core.columns import Columns, Ints, parts_of
from anlan.monitoring.core.intake import Bounds, Memory
from anlan.monitoring.core.ranges import POSSIBLE_RANGES
from anlan.monitoring.elements import names_of
from anlan.monitoring.models import QualityLimit
from anlan.monitoring.store import partitions
from anlan.monitoring.store.reading import last_values

_memories: dict[str, Memory] = {}


def memory_for(rows: Columns) -> Memory:
    """Return this process's memory, with every series of these rows in it."""
    name = str(connection.settings_dict["NAME"])
    memory = _memories.setdefault(name, Memory())
    unknown = memory.unknown(rows.codes)
    if unknown.size:
        memory.learn(last_values(unknown.tolist()), _bounds_of(unknown))
    return memory


def remember(rows: Columns) -> None:
    """Take note of rows once their transaction is committed; until then they may be lost."""
    memory = _memories[str(connection.settings_dict["NAME"])]
    memory.expect(rows)
    transaction.on_commit(partial(memory.remember, rows))


def forget() -> None:
    """Drop what is remembered; the next intake asks the store."""
    _memories.clear()
    partitions.forget()


def _bounds_of(codes: Ints) -> dict[int, Bounds]:
    """Return the bounds of series: the station's own, else the element's, else the house's."""
    parts = {code: parts_of(code) for code in codes.tolist()}
    names = names_of(element for _station, element in parts.values())
    rows = _limit_rows(names.values(), {station for station, _element in parts.values()})
    found = {}
    for code, (station, element) in parts.items():
        name = names.get(element, "")
        row = rows.get((name, station)) or rows.get((name, None))
        low, high = POSSIBLE_RANGES.get(name, (None, None))
        found[code] = (
            Bounds(low=low, high=high)
            if row is None
            else Bounds(
                low=low if row.low is None else row.low,
                high=high if row.high is None else row.high,
                step=row.step,
                step_s=row.step_min * 60,
                stuck_s=None if row.stuck_min is None else row.stuck_min * 60,
            )
        )
    return found


def _limit_rows(
    elements: Collection[str], stations: Collection[int]
) -> dict[tuple[str, int | None], QualityLimit]:
    rows = QualityLimit.objects.filter(element__in=list(elements))
    return {
        (row.element, row.station_id): row
        for row in rows
        if row.station_id is None or row.station_id in stations
    }
