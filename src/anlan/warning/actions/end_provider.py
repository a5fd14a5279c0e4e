from datetime import datetime

from django.db import transaction
from django.db.models import F

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.channel_refusals import ProviderInUse, ProviderOutOfSight
from anlan.warning.models import ChannelProvider, Loudspeaker


@transaction.atomic
def end_provider(provider_uuid: str, *, by: Actor, now: datetime) -> None:
    """End a provider: nothing leaves by it any more, and its secret is forgotten.

    Raises ProviderOutOfSight for one that is not there or has ended before, ProviderInUse while
    loudspeakers are reached through it.
    """
    row = ChannelProvider.objects.filter(uuid=provider_uuid, ended_at__isnull=True).first()
    if row is None:
        raise ProviderOutOfSight(provider_uuid)
    speakers = Loudspeaker.objects.filter(provider=row, ended_at__isnull=True).count()
    if speakers:
        raise ProviderInUse(speakers)
    mine = ChannelProvider.objects.filter(pk=row.pk, ended_at__isnull=True)
    if mine.update(ended_at=now, secret="", version=F("version") + 1) != 1:
        raise ProviderOutOfSight(provider_uuid)
    journal.record(
        "provider.ended",
        by=by,
        now=now,
        subject=f"provider:{row.uuid}",
        division_code=row.division_id,
        detail={"name": row.name, "kind": row.kind},
    )
