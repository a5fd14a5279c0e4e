from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from anlan.kernel.actors import Actor
from anlan.monitoring.core.arrivals import Contact

_NOTE = """
INSERT INTO monitoring_stationcontact (station_id, heard_at, drift_s, peer) {rows}
ON CONFLICT (station_id) DO UPDATE SET
heard_at = CASE WHEN monitoring_stationcontact.heard_at < excluded.heard_at
    THEN excluded.heard_at ELSE monitoring_stationcontact.heard_at END,
drift_s = COALESCE(excluded.drift_s, monitoring_stationcontact.drift_s),
peer = excluded.peer
"""
_UNNESTED = "SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::float8[], %s::text[])"


@transaction.atomic
def note_contacts(contacts: Sequence[Contact], *, by: Actor, now: datetime) -> None:
    """Write when stations were last heard, from where, and how far their clocks were off."""
    del by, now  # hundreds a second: the row itself is the record
    adapt = connection.ops.adapt_datetimefield_value
    # In one order everywhere, so that two gateways do not wait for each other.
    rows = sorted(contacts, key=lambda each: each.station_id)
    values = [(each.station_id, adapt(each.heard_at), each.drift_s, each.peer) for each in rows]
    if not values:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                _NOTE.format(rows=_UNNESTED), [list(x) for x in zip(*values, strict=True)]
            )
        else:
            cursor.executemany(_NOTE.format(rows="VALUES (%s, %s, %s, %s)"), values)
