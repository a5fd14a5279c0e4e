from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.core.columns import Columns, columns_of
from anlan.monitoring.core.intake import micros_of
from anlan.monitoring.data import EXCLUDED_FROM, Quality
from anlan.monitoring.models import LatestReading, Overruling, Reading, Station
from anlan.monitoring.store.batches import append_batch
from anlan.monitoring.tasks.judging import follow_batches

ALLOWED = (Quality.ACCEPTED, Quality.REJECTED)


class CannotOverrule(ValueError):
    """A reading's quality cannot be changed in this way; the words say why and what to do."""


@transaction.atomic
def overrule_reading(
    *,
    station_id: int,
    element: int,
    observed_at: datetime,
    quality: Quality,
    reason: str,
    by: Actor,
    now: datetime,
) -> None:
    """Accept a reading that was doubted or excluded, or strike one out; the value stays as it came.

    The rules see the change like a batch: what it added to a sum is taken away, or comes in.
    Raises CannotOverrule when there is no such reading in sight, when it stands so already, or
    when somebody else was quicker; and for a reason that is missing.
    """
    if quality not in ALLOWED:
        raise CannotOverrule(_("Quality: choose accepted or struck out."))
    if not reason.strip():
        raise CannotOverrule(_("Reason: it is missing. Say in a few words what you found."))
    station = Station.objects.filter(pk=station_id).first()
    rows = Reading.objects.filter(station_id=station_id, element=element, observed_at=observed_at)
    row = rows.first() if station else None
    if station is None or row is None:
        raise CannotOverrule(_("There is no such reading, or it is not in your divisions."))
    if row.quality == quality:
        raise CannotOverrule(
            _("The reading is already marked %(quality)s.") % {"quality": quality.label}
        )
    if rows.filter(quality=row.quality).update(quality=quality) != 1:
        raise CannotOverrule(_("Somebody else has just changed this reading. Look at it again."))
    Overruling.objects.create(
        station=station,
        element=element,
        observed_at=observed_at,
        value=row.value,
        before=row.quality,
        after=quality,
        reason=reason.strip()[:200],
        made_by=by.label,
        made_at=now,
    )
    _tell_rules(row, quality=quality, now=now)
    _keep_latest(station_id, element)
    journal.record(
        "reading.overruled",
        by=by,
        now=now,
        subject=f"station:{station_id}",
        division_code=station.division_id,
        detail={
            "element": element,
            "observed_at": observed_at.isoformat(),
            "value": row.value,
            "before": row.quality,
            "after": int(quality),
        },
    )


def _tell_rules(row: Reading, *, quality: Quality, now: datetime) -> None:
    """Write a batch when what rules see of the reading changes."""
    counted = row.quality < EXCLUDED_FROM
    if counted == (quality < EXCLUDED_FROM):
        return
    append_batch(_column(row, quality), frames=0, now=now)
    follow_batches()


def _column(row: Reading, quality: Quality) -> Columns:
    columns = columns_of([(row.station_id, row.element, micros_of(row.observed_at), row.value)])
    return columns.marked(columns.quality + int(quality))


def _keep_latest(station_id: int, element: int) -> None:
    """Let the last value be the last one that counts."""
    latest = LatestReading.objects.filter(station_id=station_id, element=element)
    last = (
        Reading.objects.filter(station_id=station_id, element=element, quality__lt=EXCLUDED_FROM)
        .order_by("-observed_at")
        .first()
    )
    if last is None:
        latest.delete()
    elif latest.exists():
        latest.update(observed_at=last.observed_at, value=last.value, quality=last.quality)
