"""The loudspeakers of villages: where they stand, what they are told, and what they were told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import F

from anlan.kernel import scope
from anlan.kernel.codes import Level, ancestor_of
from anlan.registry.api import bearings
from anlan.registry.data import Colour
from anlan.warning.channel_refusals import LoudspeakerOutOfSight
from anlan.warning.data import ChannelKind
from anlan.warning.models import ChannelProvider, Loudspeaker
from anlan.warning.queries.ways import providers_of

SPEAKERS: Final = (ChannelKind.LOUDSPEAKER_MQTT, ChannelKind.LOUDSPEAKER_HTTP)
USUAL_COLOUR: Final = Colour.ORANGE
MOST_LISTED: Final = 2_000


@dataclass(frozen=True)
class Speaker:
    """A loudspeaker as a broadcast sees it: `from_colour` is the mildest that it reads out."""

    id: int
    village: str
    provider_id: int
    kind: str
    device: str
    from_colour: Colour


@dataclass(frozen=True)
class SpeakerRow:
    """A loudspeaker as a page lists it; the provider has no name for whom it is out of sight."""

    id: int
    name: str
    village: str
    village_name: str
    device: str
    kind: ChannelKind
    provider: str


def speakers_in(villages: Iterable[str]) -> dict[str, list[Speaker]]:
    """Return the loudspeakers of villages that can be reached now, by village; a drill has none."""
    wanted = set(villages)
    rows = list(
        Loudspeaker.objects.filter(division__in=wanted, ended_at__isnull=True)
        .order_by("pk")
        .values_list("pk", "division_id", "provider_id", "device")
    )
    found: dict[str, list[Speaker]] = defaultdict(list)
    counties = {ancestor_of(village, level=Level.COUNTY) for _pk, village, _p, _d in rows}
    with scope.everywhere("a village is spoken to through its county's provider"):
        known = {row.pk: row for county in counties for row in providers_of(county)}
    for pk, village, provider_id, device in rows:
        provider = known.get(provider_id)
        if provider is not None:
            colour = from_colour(provider)
            found[village].append(Speaker(pk, village, provider_id, provider.kind, device, colour))
    return found


def from_colour(provider: ChannelProvider) -> Colour:
    """Return the mildest colour that the loudspeakers of a provider read out."""
    told = str(provider.options.get("from_colour", "")).upper()
    return Colour[told] if told in Colour.__members__ else USUAL_COLOUR


def devices_of(keys: Iterable[int]) -> Mapping[int, tuple[str, int]]:
    """Return device and provider of each of these loudspeakers that has not ended."""
    rows = Loudspeaker.objects.filter(pk__in=set(keys), ended_at__isnull=True)
    return {pk: (device, at) for pk, device, at in rows.values_list("pk", "device", "provider_id")}


def listed_speakers(town: str) -> list[SpeakerRow]:
    """Return the loudspeakers in sight within a town, by village and name; of all, with none."""
    rows = Loudspeaker.objects.filter(ended_at__isnull=True)
    if town:
        rows = rows.filter(scope.within("division_id", [town[: Level.TOWN]]))
    found = list(
        rows.order_by("division_id", "name", "pk")
        .annotate(kind=F("provider__kind"))
        .values_list("pk", "name", "division_id", "device", "kind", "provider_id")[:MOST_LISTED]
    )
    names = bearings({village for _pk, _n, village, *_rest in found})
    providers = dict(
        ChannelProvider.objects.filter(pk__in={row[5] for row in found}).values_list("pk", "name")
    )
    return [
        SpeakerRow(
            id=pk,
            name=name,
            village=village,
            village_name=names[village].name if village in names else village,
            device=device,
            kind=ChannelKind(kind),
            provider=providers.get(provider, ""),
        )
        for pk, name, village, device, kind, provider in found
    ]


def access_speaker(key: int) -> Loudspeaker:
    """Return a loudspeaker in sight that has not ended; raise LoudspeakerOutOfSight."""
    row: Loudspeaker | None = (
        Loudspeaker.objects.filter(pk=key, ended_at__isnull=True).select_related("provider").first()
    )
    if row is None:
        raise LoudspeakerOutOfSight(key)
    return row


def speaker_providers(county: str) -> list[tuple[str, str]]:
    """Return uuid and name of a county's providers of loudspeakers, in order."""
    rows = ChannelProvider.objects.filter(
        division_id=county, kind__in=SPEAKERS, ended_at__isnull=True
    )
    return [
        (str(uuid), name) for uuid, name in rows.order_by("order", "pk").values_list("uuid", "name")
    ]


def speakers_of(provider: ChannelProvider) -> list[tuple[int, str]]:
    """Return key and name of the loudspeakers in sight that a provider reaches."""
    rows = Loudspeaker.objects.filter(provider=provider, ended_at__isnull=True)
    found = rows.order_by("division_id", "name", "pk")
    return [
        (pk, f"{village}·{name}")
        for pk, village, name in found.values_list("pk", "division__name", "name")[:MOST_LISTED]
    ]
