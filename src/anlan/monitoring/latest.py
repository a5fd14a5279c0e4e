"""The last value of every series and the last word of every station, as the rules walk along."""

from collections.abc import Sequence
from datetime import datetime
from time import perf_counter

import numpy as np
from django.db import connection

from anlan.monitoring.core.columns import EMPTY, Columns, joined
from anlan.monitoring.data import EXCLUDED_FROM
from anlan.monitoring.store.writing import stamps

_UPDATE = """
ON CONFLICT (station_id, element) DO UPDATE
SET observed_at = excluded.observed_at, value = excluded.value, quality = excluded.quality
WHERE monitoring_latestreading.observed_at <= excluded.observed_at
"""
_INTO = "INSERT INTO monitoring_latestreading (station_id, element, observed_at, value, quality) "
_LATEST = {
    "postgresql": f"""{_INTO} SELECT * FROM unnest(
        %s::bigint[], %s::smallint[], %s::timestamptz[], %s::double precision[], %s::smallint[]
    ) {_UPDATE}""",
    "sqlite": f"{_INTO} VALUES (%s, %s, %s, %s, %s) {_UPDATE}",
}
_HEARD = """
ON CONFLICT (station_id) DO UPDATE SET heard_at = excluded.heard_at
WHERE monitoring_stationcontact.heard_at < excluded.heard_at
"""
_CONTACT = {
    "postgresql": f"""INSERT INTO monitoring_stationcontact (station_id, heard_at, peer)
        SELECT station, %s, '' FROM unnest(%s::bigint[]) AS station {_HEARD}""",
    "sqlite": f"""INSERT INTO monitoring_stationcontact (heard_at, station_id, peer)
        VALUES (%s, %s, '') {_HEARD}""",
}
AT_ONCE = 1_000  # so many rows are written with what the rules found
SECONDS_BETWEEN = 2.0  # more of them wait for this long, so that a flood is not written twice


class Latest:
    """Rows whose last values are still to be written."""

    def __init__(self) -> None:
        self._rows = EMPTY
        self._heard: datetime | None = None
        self._written_s = 0.0

    def keep(self, rows: Columns, *, batches: Sequence[tuple[int, datetime]]) -> None:
        """Bring the last values and contacts up to these rows, which came with these batches."""
        rows = rows.at(rows.quality < EXCLUDED_FROM)
        if len(rows) and batches:
            self._rows = _last_of(joined((self._rows, rows)))
            self._heard = max(at for _pk, at in batches)
        if self._heard is None:
            return
        if len(rows) > AT_ONCE and perf_counter() - self._written_s < SECONDS_BETWEEN:
            return
        _write(self._rows, heard=self._heard)
        self._rows, self._heard, self._written_s = EMPTY, None, perf_counter()


def _last_of(rows: Columns) -> Columns:
    """Return the last row of each series."""
    codes = rows.codes
    order = np.lexsort((rows.micros, codes))
    codes = codes[order]
    return rows.at(order[np.append(codes[1:] != codes[:-1], [True])])


def _write(rows: Columns, *, heard: datetime) -> None:
    stamp = stamps(rows.micros)
    columns = [
        rows.stations.tolist(),
        rows.elements.tolist(),
        [stamp[each] for each in rows.micros.tolist()],
        rows.values.tolist(),
        rows.quality.tolist(),
    ]
    moment = connection.ops.adapt_datetimefield_value(heard)
    stations = np.unique(rows.stations).tolist()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_LATEST["postgresql"], columns)
            cursor.execute(_CONTACT["postgresql"], [moment, stations])
        else:
            cursor.executemany(_LATEST["sqlite"], list(zip(*columns, strict=True)))
            cursor.executemany(_CONTACT["sqlite"], [(moment, each) for each in stations])
