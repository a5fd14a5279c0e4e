from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.api import divisions_of_places, followers
from anlan.supplies.models import StockLocation


@transaction.atomic
def follow_divisions(moves: Sequence[Sequence[str]], *, by: Actor, now: datetime) -> int:
    """Let stock locations follow redrawn divisions, and return how many moved.

    A store goes where its place went, any other location to the heir.
    """
    changed = 0
    for old, parts in followers(moves).items():
        rows = list(StockLocation.objects.filter(division=old).order_by("pk"))
        places = divisions_of_places(row.place_id for row in rows if row.place_id is not None)
        moved = 0
        for row in rows:
            target = places.get(row.place_id or 0, parts[0])
            if target != old:
                same = StockLocation.objects.filter(pk=row.pk, division=old)
                moved += same.update(division=target)
        if moved:
            journal.record(
                "stores.followed",
                by=by,
                now=now,
                subject=f"division:{parts[0]}",
                division_code=parts[0],
                detail={"from": old, "to": parts, "locations": moved},
            )
        changed += moved
    return changed
