from datetime import datetime

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.monitoring.core.arrivals import Shot
from anlan.monitoring.models import Picture


@transaction.atomic
def keep_picture(shot: Shot, *, station_id: int, by: Actor, now: datetime) -> bool:
    """Keep a picture of a registered station; False if that moment's picture is there already."""
    del by, now  # a picture belongs to its station, and carries its own time
    _row, is_new = Picture.objects.get_or_create(
        station_id=station_id, observed_at=shot.observed_at, defaults={"content": shot.content}
    )
    return bool(is_new)
