from datetime import datetime

from django.db import transaction
from django.db.models import F

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.channel_refusals import LoudspeakerOutOfSight
from anlan.warning.models import Loudspeaker


@transaction.atomic
def end_loudspeaker(key: int, *, by: Actor, now: datetime) -> None:
    """End a loudspeaker: nothing is read out by it any more.

    Raises LoudspeakerOutOfSight for one that is not there or has ended before.
    """
    mine = Loudspeaker.objects.filter(pk=key, ended_at__isnull=True)
    row = mine.first()
    if row is None or mine.update(ended_at=now, version=F("version") + 1) != 1:
        raise LoudspeakerOutOfSight(key)
    journal.record(
        "loudspeaker.ended",
        by=by,
        now=now,
        subject=f"loudspeaker:{key}",
        division_code=row.division_id,
        detail={"name": row.name, "device": row.device},
    )
