"""Broadcasts put where they leave from: each once, whoever puts it out."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, ancestor_of
from anlan.warning.core.broadcasts import broadcast_of
from anlan.warning.data import Purpose
from anlan.warning.models import Delivery
from anlan.warning.steps import deliver_what_waits


def put_out_broadcasts(rows: Sequence[Delivery], *, act: str, by: Actor, now: datetime) -> int:
    """Keep those broadcasts that are not there yet, let them leave, and return how many.

    The database holds each once: of two who put out the same at once one does.
    """
    known = set(
        Delivery.objects.filter(
            purpose=Purpose.BROADCAST, reference_code__in=[row.reference_code for row in rows]
        ).values_list("warning_id", "reference_code")
    )
    fresh = [row for row in rows if (row.warning_id, row.reference_code) not in known]
    if not fresh:
        return 0
    Delivery.objects.bulk_create(fresh, ignore_conflicts=True)
    deliver_what_waits()
    journal.record_all(_notes(fresh, act=act), by=by, now=now)
    return len(fresh)


def _notes(rows: Sequence[Delivery], *, act: str) -> list[journal.Note]:
    """Return an entry for each warning and town: to how many loudspeakers it was given."""
    counted = Counter(
        (
            f"warning:{_warning_of(row)}",
            ancestor_of(row.division_id, level=Level.TOWN),
        )
        for row in rows
    )
    return [
        journal.Note(
            act=act,
            subject=warning,
            division_code=town,
            cause=warning,
            detail={"loudspeakers": count},
        )
        for (warning, town), count in sorted(counted.items())
    ]


def _warning_of(row: Delivery) -> str:
    if row.warning is not None:
        return str(row.warning.uuid)
    return broadcast_of(row.reference_code).over
