from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.data import Verdict
from anlan.monitoring.models import EvaluationCursor, FrameFault, ReadingBatch, SetAsideReading

BATCHES_KEPT = timedelta(days=2)


@transaction.atomic
def prune_intake(*, by: Actor, now: datetime) -> int:
    """Delete what the intake no longer needs, and return how many rows.

    Batches that every rule has walked over, and faults and values set aside past their retention.
    What waits for the adoption of its station is kept longer, as declared.
    """
    old_faults = now - timedelta(days=settings.ANLAN_KEEP_FAULTS_DAYS)
    old_strangers = now - timedelta(days=settings.ANLAN_KEEP_UNKNOWN_DAYS)
    walked = ReadingBatch.objects.filter(_walked())
    aside = SetAsideReading.objects.exclude(verdict=Verdict.UNKNOWN_STATION)
    strange = SetAsideReading.objects.filter(verdict=Verdict.UNKNOWN_STATION)
    deleted = {
        "batches": walked.filter(received_at__lt=now - BATCHES_KEPT).delete()[0],
        "faults": FrameFault.objects.filter(received_at__lt=old_faults).delete()[0],
        "set_aside": aside.filter(received_at__lt=old_faults).delete()[0],
        "unknown": strange.filter(received_at__lt=old_strangers).delete()[0],
    }
    total = sum(deleted.values())
    if total:
        journal.record("intake.pruned", by=by, now=now, detail=deleted)
    return total


def _walked() -> Q:
    """Return the condition that every rule has walked over a batch."""
    condition = Q(pk__gt=0)
    for batch_id, seen in EvaluationCursor.objects.values_list("batch_id", "seen"):
        condition &= Q(pk__lte=batch_id) | Q(pk__in=seen)
    return condition if EvaluationCursor.objects.exists() else Q(pk__in=[])
