from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.monitoring.core.arrivals import Damage
from anlan.monitoring.models import FrameFault


@transaction.atomic
def keep_damage(damages: Sequence[Damage], *, by: Actor, now: datetime) -> None:
    """Keep bytes that were no good frames, with their reasons."""
    del by, now  # nobody acted; each row carries the time it came
    FrameFault.objects.bulk_create(
        FrameFault(
            peer=damage.peer[:60],
            protocol=damage.protocol,
            reason=damage.reason[:40],
            payload=damage.payload,
            received_at=damage.received_at,
        )
        for damage in damages
    )
