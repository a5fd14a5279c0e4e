from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.api import followers
from anlan.warning.models import ChannelProvider, Loudspeaker


@transaction.atomic
def follow_divisions(moves: Sequence[Sequence[str]], *, by: Actor, now: datetime) -> int:
    """Let loudspeakers and providers follow redrawn divisions to the heir; return how many moved.

    A provider whose name stands at the new code already takes the old code into its name.
    """
    changed = 0
    for old, parts in followers(moves).items():
        if parts[0] == old:
            continue
        speakers = Loudspeaker.objects.filter(division=old, ended_at__isnull=True)
        moved = speakers.update(division=parts[0], version=F("version") + 1)
        providers = _move_providers(old, to=parts[0])
        if moved or providers:
            journal.record(
                "channels.followed",
                by=by,
                now=now,
                subject=f"division:{parts[0]}",
                division_code=parts[0],
                detail={"from": old, "loudspeakers": moved, "providers": providers},
            )
        changed += moved + providers
    return changed


def _move_providers(old: str, *, to: str) -> int:
    there = set(
        ChannelProvider.objects.filter(division=to, ended_at__isnull=True).values_list(
            "name", flat=True
        )
    )
    rows = list(ChannelProvider.objects.filter(division=old, ended_at__isnull=True))
    for row in rows:
        name = f"{row.name[:47]} {old}" if row.name in there else row.name
        ChannelProvider.objects.filter(pk=row.pk, division=old).update(
            division=to, name=name, version=F("version") + 1
        )
    return len(rows)
