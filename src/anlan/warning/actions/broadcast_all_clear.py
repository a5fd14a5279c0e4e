from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.warning.actions._broadcasting import put_out_broadcasts
from anlan.warning.actions.broadcast_warnings import STALE_AFTER
from anlan.warning.core.broadcasts import reference_of
from anlan.warning.data import DeliveryState, Purpose
from anlan.warning.models import Delivery
from anlan.warning.queries.broadcasts import ended_alarms, over_words


@transaction.atomic
def broadcast_all_clear(warning_uuids: Iterable[str], *, by: Actor, now: datetime) -> int:
    """Let the loudspeakers that read out a hazard say that it is over, where no village is left.

    A village that still stands under a warning of the hazard hears nothing, one under a warning
    of another hazard hears that too. Returns how many were put out; again, none.
    """
    rows = [
        Delivery(
            division_id=alarm.speaker.village,
            purpose=Purpose.BROADCAST,
            reference_code=reference_of(alarm.speaker.id, over=alarm.warning_uuid),
            title=words.title,
            text=words.text,
            channel=alarm.speaker.kind,
            state=DeliveryState.QUEUED,
            queued_at=now,
            not_before=now,
            stale_at=now + STALE_AFTER,
        )
        for alarm in ended_alarms(warning_uuids, now=now)
        for words in [over_words(alarm)]
    ]
    return put_out_broadcasts(rows, act="warning.all_clear_broadcast", by=by, now=now)
