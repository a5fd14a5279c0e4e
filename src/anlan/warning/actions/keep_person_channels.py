import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.api import KnownPerson
from anlan.warning.channel_refusals import ChannelsRefused
from anlan.warning.core.typed_channels import TypedWay
from anlan.warning.data import ChannelKind
from anlan.warning.gateways.email.frame import is_address
from anlan.warning.models import PersonChannel
from anlan.warning.queries.ways import BY_PHONE, TO_PERSONS

_NAME: Final = re.compile(r"[^\s/:?#]{1,80}")


@transaction.atomic
def keep_person_channels(
    ways: Sequence[TypedWay], *, person: KnownPerson, by: Actor, now: datetime
) -> None:
    """Keep by which channels a person is reached, in which order; none: in the county's order.

    Raises ChannelsRefused with a sentence for each step that cannot be kept.
    """
    faults = list(_faults(ways))
    if faults:
        raise ChannelsRefused(faults)
    PersonChannel.objects.filter(person=person.id).delete()
    try:
        with transaction.atomic():
            PersonChannel.objects.bulk_create(
                PersonChannel(person_id=person.id, order=order, kind=way.kind, to=way.to.strip())
                for order, way in enumerate(ways, start=1)
            )
    except IntegrityError:
        raise ChannelsRefused(
            [("", _("Somebody has changed this order in between. Look at it again and repeat."))]
        ) from None
    journal.record(
        "person_channels.kept",
        by=by,
        now=now,
        subject=f"person:{person.uuid}",
        division_code=person.division_code,
        detail={"kinds": [way.kind for way in ways]},
    )


def _faults(ways: Sequence[TypedWay]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for at, way in enumerate(ways, start=1):
        field, to = f"kind-{at}", way.to.strip()
        if way.kind not in TO_PERSONS:
            yield field, _("Choose a kind of channel that reaches a person.")
        elif way.kind in seen:
            yield field, _("This kind stands further up already.")
        elif way.kind in BY_PHONE and to:
            yield field, _("This kind uses the number in the register; leave the address empty.")
        elif way.kind == ChannelKind.EMAIL and not is_address(to):
            yield field, _("Write the e-mail address.")
        elif way.kind == ChannelKind.APPRISE and not _NAME.fullmatch(to):
            yield field, _("Write the person's name or number at this service, no web address.")
        seen.add(way.kind)
