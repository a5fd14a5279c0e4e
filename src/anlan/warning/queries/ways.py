"""By which channels people are reached, in which order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings

from anlan.kernel.codes import Level, ancestor_of
from anlan.warning.data import ChannelKind
from anlan.warning.gateways.channels import channel_names
from anlan.warning.models import ChannelProvider, PersonChannel

# Those that find a person by the phone number in the register; the others need an address.
BY_PHONE = (ChannelKind.SMS, ChannelKind.VOICE, ChannelKind.WECOM, ChannelKind.DINGTALK)
TO_PERSONS = (*BY_PHONE, ChannelKind.EMAIL, ChannelKind.APPRISE)


@dataclass(frozen=True)
class Ways:
    """The channels of the people asked about, by county; asked of the database once."""

    of_county: Mapping[str, tuple[str, ...]]
    open_in: Mapping[str, frozenset[str]]
    of_person: Mapping[int, tuple[tuple[str, str], ...]]

    def of(self, person_id: int | None, *, division: str) -> tuple[str, ...]:
        """Return the channels by which a person is tried, in order; for a household, by phone."""
        usual = self.of_county.get(division[:6], self._always)
        if person_id is None:
            return tuple(kind for kind in usual if kind in BY_PHONE)
        own = self.of_person.get(person_id)
        if own is None:
            return usual
        open_here = self.open_in.get(division[:6], frozenset())
        chosen = tuple(kind for kind, _to in own if kind in open_here)
        return (*chosen, *(kind for kind in self._always if kind not in chosen)) or usual

    def address(self, person_id: int | None, *, channel: str) -> str:
        """Return where a channel finds a person by their own word, empty where by the register."""
        for kind, to in self.of_person.get(person_id or 0, ()):
            if kind == channel:
                return to
        return ""

    @cached_property
    def _always(self) -> tuple[str, ...]:
        return channel_names()


def ways_to(person_ids: Iterable[int], *, divisions: Iterable[str]) -> Ways:
    """Return the channels for these persons in the counties of these divisions."""
    always = channel_names()
    of_county: dict[str, tuple[str, ...]] = {}
    open_in: dict[str, frozenset[str]] = {}
    for county, kinds in _kinds({ancestor_of(code, level=Level.COUNTY) for code in divisions}):
        by_phone = [kind for kind in kinds if kind in BY_PHONE]
        of_county[county[:6]] = tuple(dict.fromkeys((*by_phone, *always)))
        open_in[county[:6]] = frozenset(kinds) & frozenset(TO_PERSONS)
    own: dict[int, list[tuple[str, str]]] = defaultdict(list)
    if of_county:
        rows = PersonChannel.objects.filter(person__in=set(person_ids)).order_by("person", "order")
        for person, kind, to in rows.values_list("person_id", "kind", "to"):
            own[person].append((kind, to))
    return Ways(of_county, open_in, of_person={key: tuple(rows) for key, rows in own.items()})


def providers_of(county: str) -> list[ChannelProvider]:
    """Return the providers of a county, by kind and order; a drill has none."""
    if settings.ANLAN_DRILL:
        return []
    rows = ChannelProvider.objects.filter(division_id=county, ended_at__isnull=True)
    return list(rows.order_by("order", "pk"))


def _kinds(counties: Iterable[str]) -> list[tuple[str, Sequence[str]]]:
    found: dict[str, list[str]] = defaultdict(list)
    if not settings.ANLAN_DRILL:
        rows = ChannelProvider.objects.filter(division__in=counties, ended_at__isnull=True)
        for county, kind in rows.order_by("order", "pk").values_list("division_id", "kind"):
            found[county].append(kind)
    return list(found.items())
