from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.warning.actions._broadcasting import put_out_broadcasts
from anlan.warning.core.broadcasts import reference_of
from anlan.warning.data import DeliveryState, Purpose, WarningState
from anlan.warning.models import Delivery, HazardWarning
from anlan.warning.queries.broadcasts import said_of, villages_of
from anlan.warning.queries.loudspeakers import speakers_in

STALE_AFTER: Final = timedelta(hours=1)


@transaction.atomic
def broadcast_warnings(warning_uuids: Iterable[str], *, by: Actor, now: datetime) -> int:
    """Let the loudspeakers of the villages under warnings in force read them out.

    Each reads from the colour on that its provider says. Returns how many broadcasts were put
    out; the same warning again puts out none.
    """
    rows = HazardWarning.objects.filter(uuid__in=list(warning_uuids), state=WarningState.OPEN)
    warnings = list(rows.select_related("division").defer("division__boundary").order_by("pk"))
    villages = villages_of(warnings)
    speakers = speakers_in(code for codes in villages.values() for code in codes)
    if not speakers:
        return 0
    found = []
    for warning in warnings:
        wanted = [
            speaker
            for village in villages[warning.pk]
            for speaker in speakers.get(village, ())
            if warning.colour >= speaker.from_colour
        ]
        words = said_of(warning, villages=villages[warning.pk], now=now) if wanted else None
        found += [
            Delivery(
                division_id=speaker.village,
                purpose=Purpose.BROADCAST,
                warning=warning,
                reference_code=reference_of(speaker.id),
                title=words.title,
                text=words.text,
                channel=speaker.kind,
                state=DeliveryState.QUEUED,
                queued_at=now,
                not_before=now,
                stale_at=now + STALE_AFTER,
            )
            for speaker in wanted
            if words is not None
        ]
    return put_out_broadcasts(found, act="warning.broadcast", by=by, now=now)
