"""The last value of every series and the last word of every station, as the rules walk along."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection

from anlan.monitoring.core.columns import Columns
from anlan.monitoring.data import EXCLUDED_FROM
from anlan.monitoring.store.writing import stamps

_LATEST = """
INSERT INTO monitoring_latestreading (station_id, element, observed_at, value, quality)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (station_id, element) DO UPDATE
SET observed_at = excluded.observed_at, value = excluded.value, quality = excluded.quality
WHERE monitoring_latestreading.observed_at <= excluded.observed_at
"""
_CONTACT = """
INSERT INTO monitoring_stationcontact (station_id, heard_at, peer) VALUES (%s, %s, '')
ON CONFLICT (station_id) DO UPDATE SET heard_at = excluded.heard_at
WHERE monitoring_stationcontact.heard_at < excluded.heard_at
"""


def keep_latest(rows: Columns, *, batches: Sequence[tuple[int, datetime]]) -> None:
    """Bring the last values and contacts up to these rows, which came with these batches."""
    rows = rows.at(rows.quality < EXCLUDED_FROM)
    if not len(rows) or not batches:
        return
    codes = rows.codes
    order = np.lexsort((rows.micros, codes))
    codes = codes[order]
    last = rows.at(order[np.append(codes[1:] != codes[:-1], [True])])
    stamp = stamps(last.micros)
    values = [
        (station, element, stamp[micros], value, quality)
        for station, element, micros, value, quality in zip(
            last.stations.tolist(),
            last.elements.tolist(),
            last.micros.tolist(),
            last.values.tolist(),
            last.quality.tolist(),
            strict=True,
        )
    ]
    heard = connection.ops.adapt_datetimefield_value(max(at for _pk, at in batches))
    contacts: list[tuple[Any, ...]] = [
        (station, heard) for station in np.unique(last.stations).tolist()
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_LATEST, values)
        cursor.executemany(_CONTACT, contacts)
