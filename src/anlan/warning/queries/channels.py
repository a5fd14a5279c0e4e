"""The ways out of a county: how each is, for its pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count

from anlan.warning.channel_refusals import ProviderOutOfSight
from anlan.warning.data import ChannelKind
from anlan.warning.models import ChannelProvider, Delivery, PersonChannel

LATELY: Final = timedelta(hours=1)
_ORDER: Final = {kind.value: at for at, kind in enumerate(ChannelKind)}


@dataclass(frozen=True)
class ProviderRow:
    """A provider and how it is. `left_alone_until` is set while nothing is given to it."""

    uuid: str
    kind: ChannelKind
    name: str
    order: int
    county: str
    county_code: str
    per_minute: int
    failures: int
    left_alone_until: datetime | None
    taken_at: datetime | None
    lately: int
    ended_at: datetime | None


def listed_providers(*, now: datetime) -> list[ProviderRow]:
    """Return the providers in sight that have not ended, by county, kind and order."""
    rows = ChannelProvider.objects.filter(ended_at__isnull=True).select_related("division")
    found = _rows(rows.defer("division__boundary", "secret"), now=now)
    return sorted(found, key=lambda row: (row.county_code, _ORDER[row.kind], row.order, row.name))


def access_provider(uuid: str) -> ChannelProvider:
    """Return a provider in sight, ended or not; raise ProviderOutOfSight."""
    rows = ChannelProvider.objects.filter(uuid=uuid).select_related("division")
    row: ChannelProvider | None = rows.defer("division__boundary").first()
    if row is None:
        raise ProviderOutOfSight(uuid)
    return row


def provider_row(provider: ChannelProvider, *, now: datetime) -> ProviderRow:
    """Return a provider as its page shows it."""
    return _rows([provider], now=now)[0]


def own_ways(person_id: int) -> list[tuple[str, str]]:
    """Return the kinds that a person in sight has chosen, in order, each with its address."""
    rows = PersonChannel.objects.filter(person=person_id).order_by("order")
    return list(rows.values_list("kind", "to"))


def _rows(providers: Iterable[ChannelProvider], *, now: datetime) -> list[ProviderRow]:
    found = list(providers)
    sent = Delivery.objects.filter(
        provider__in=[row.pk for row in found], sent_at__gt=now - LATELY, sent_at__lte=now
    )
    counted = sent.order_by().values_list("provider_id").annotate(n=Count("pk"))
    lately = dict(counted.values_list("provider_id", "n")) if found else {}
    return [
        ProviderRow(
            uuid=str(row.uuid),
            kind=ChannelKind(row.kind),
            name=row.name,
            order=row.order,
            county=row.division.name,
            county_code=row.division_id,
            per_minute=row.per_minute,
            failures=row.failures,
            left_alone_until=row.broken_until
            if row.broken_until is not None and row.broken_until > now
            else None,
            taken_at=row.taken_at,
            lately=lately.get(row.pk, 0),
            ended_at=row.ended_at,
        )
        for row in found
    ]
