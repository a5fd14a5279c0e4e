"""The batches in which readings came, along which the rules walk."""

from datetime import datetime

import psycopg
from django.db import connection

from anlan.monitoring.core.columns import Columns

_APPEND = """
INSERT INTO monitoring_readingbatch (received_at, frames, stored, content) VALUES (%s, %s, %s, %s)
"""


def append_batch(rows: Columns, *, frames: int, now: datetime) -> None:
    """Write what was stored as one batch, in the transaction of its readings."""
    values = [connection.ops.adapt_datetimefield_value(now), frames, len(rows), rows.pack()]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Django's cursor would write the bytes into the statement as text.
            psycopg.Cursor(cursor.connection).execute(_APPEND, values, prepare=True)
        else:
            cursor.execute(_APPEND, values)
