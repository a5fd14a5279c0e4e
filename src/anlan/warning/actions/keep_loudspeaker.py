import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from anlan.kernel import journal, scope
from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, ancestor_of, level_of
from anlan.registry.api import check_divisions
from anlan.warning.channel_refusals import LoudspeakerOutOfSight, LoudspeakerRefused
from anlan.warning.core.typed_channels import TypedLoudspeaker
from anlan.warning.models import ChannelProvider, Loudspeaker
from anlan.warning.queries.loudspeakers import SPEAKERS

LONGEST_NAME = 60
_DEVICE: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}", re.ASCII)


@transaction.atomic
def keep_loudspeaker(
    typed: TypedLoudspeaker, *, key: int | None = None, version: int = 0, by: Actor, now: datetime
) -> int:
    """Add a loudspeaker to a village, or change one as it was seen, and return its key.

    Raises LoudspeakerRefused with a sentence for each field that cannot be kept,
    LoudspeakerOutOfSight for one that is not there.
    """
    provider = _provider(typed)
    faults = list(_faults(typed, provider=provider))
    if faults or provider is None:
        raise LoudspeakerRefused(faults)
    fields = {
        "division_id": typed.village,
        "provider_id": provider.pk,
        "device": typed.device.strip(),
        "name": typed.name.strip(),
    }
    try:
        with transaction.atomic():
            if key is None:
                kept = int(Loudspeaker.objects.create(**fields).pk)
            else:
                kept = _change(key, fields, version=version)
    except IntegrityError:
        raise LoudspeakerRefused(
            [("device", _("Another loudspeaker has this name at the provider already."))]
        ) from None
    journal.record(
        "loudspeaker.added" if key is None else "loudspeaker.changed",
        by=by,
        now=now,
        subject=f"loudspeaker:{kept}",
        division_code=typed.village,
        detail={"name": fields["name"], "device": fields["device"], "provider": provider.name},
    )
    return kept


def _provider(typed: TypedLoudspeaker) -> ChannelProvider | None:
    """Return the provider of the village's county that is meant, if there is one."""
    with scope.everywhere("a village is spoken to through its county's provider"):
        rows = ChannelProvider.objects.filter(
            division_id=ancestor_of(typed.village, level=Level.COUNTY),
            kind__in=SPEAKERS,
            ended_at__isnull=True,
        )
        return next((row for row in rows if str(row.uuid) == typed.provider_uuid), None)


def _change(key: int, fields: dict[str, object], *, version: int) -> int:
    present = Loudspeaker.objects.filter(pk=key, ended_at__isnull=True)
    if not present.exists():
        raise LoudspeakerOutOfSight(key)
    if present.filter(version=version).update(version=F("version") + 1, **fields) != 1:
        raise LoudspeakerRefused(
            [("", _("Somebody has changed this loudspeaker in between. Look at it again."))]
        )
    return key


def _faults(
    typed: TypedLoudspeaker, *, provider: ChannelProvider | None
) -> Iterator[tuple[str, str]]:
    check_divisions([typed.village])
    if level_of(typed.village) != Level.VILLAGE:
        yield "village", _("A loudspeaker stands in a village. Choose one.")
    if not 1 <= len(typed.name.strip()) <= LONGEST_NAME:
        yield (
            "name",
            _("Name the loudspeaker with 1 to %(most)s characters.") % {"most": LONGEST_NAME},
        )
    if not _DEVICE.fullmatch(typed.device.strip()):
        yield "device", _("Name the device with 1 to 64 letters, digits and the signs _ - . :")
    if provider is None:
        yield "provider", _("Choose one of the county's providers of loudspeakers.")
