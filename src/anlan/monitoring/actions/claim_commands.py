from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from anlan.kernel.actors import Actor
from anlan.monitoring.actions.settle_command import settle_command
from anlan.monitoring.core.arrivals import Claimed
from anlan.monitoring.data import CommandState
from anlan.monitoring.models import StationCommand

LOST_AFTER = timedelta(minutes=3)  # longer than any gateway waits for an answer, retries included
MOST = 5_000


@transaction.atomic
def claim_commands(
    addresses: Collection[str], *, most_attempts: int, by: Actor, now: datetime
) -> list[Claimed]:
    """Take the oldest waiting command of each of these stations, and return them as sent.

    A command that another gateway took and never settled is taken over; one that has waited too
    long, or was tried too often, has failed.
    """
    lost = Q(state=CommandState.SENT, sent_at__lt=now - LOST_AFTER)
    rows = StationCommand.objects.filter(Q(state=CommandState.WAITING) | lost)
    claimed: list[Claimed] = []
    met: set[str] = set()
    for row in rows.select_related("station").order_by("asked_at", "pk")[:MOST]:
        if row.expires_at <= now or row.attempts >= most_attempts:
            failure = "expired" if row.expires_at <= now else "no answer"
            settle_command(row.pk, words={"failure": failure}, is_answered=False, by=by, now=now)
            continue
        address = row.station.address
        if address in met or address not in addresses:
            continue
        met.add(address)
        serial = row.pk % 65_535 + 1
        mine = StationCommand.objects.filter(pk=row.pk, state=row.state, attempts=row.attempts)
        attempts = row.attempts + 1
        if mine.update(state=CommandState.SENT, serial=serial, sent_at=now, attempts=attempts):
            claimed.append(
                Claimed(
                    row.pk,
                    address,
                    row.station.password,
                    row.function,
                    row.parameters,
                    serial,
                    attempts,
                )
            )
    return claimed
