from contextlib import closing
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.api import numbers_of
from anlan.warning.actions._carrying import settings_of
from anlan.warning.channel_refusals import ProviderOutOfSight, TrialRefused, TriedJustNow
from anlan.warning.core.links import new_letter
from anlan.warning.gateways.making import make_provider
from anlan.warning.gateways.provider import Outcome, Outgoing, Sent
from anlan.warning.models import ChannelProvider, Loudspeaker, PersonChannel
from anlan.warning.queries.loudspeakers import SPEAKERS
from anlan.warning.queries.ways import BY_PHONE

WAIT: Final = timedelta(minutes=1)


def try_provider(
    provider_uuid: str, *, loudspeaker_id: int | None = None, by: Actor, now: datetime
) -> Sent:
    """Send a test message to whoever acts, or to a loudspeaker, and return what was said of it.

    No transaction is open while the provider answers. Raises ProviderOutOfSight, and TrialRefused
    with a sentence where nothing is sent: no number, in a drill, a test within the last minute.
    """
    row = ChannelProvider.objects.filter(uuid=provider_uuid, ended_at__isnull=True).first()
    if row is None:
        raise ProviderOutOfSight(provider_uuid)
    if settings.ANLAN_DRILL:
        raise TrialRefused(_("In a drill nothing leaves."))
    to = _speaker(row, loudspeaker_id) if row.kind in SPEAKERS else _mine(row, by=by)
    rested = Q(tested_at__isnull=True) | Q(tested_at__lte=now - WAIT)
    if ChannelProvider.objects.filter(rested, pk=row.pk).update(tested_at=now) != 1:
        raise TriedJustNow
    sent = _sent(row, to=to)
    _note(row, sent, by=by, now=now)
    return sent


def _mine(row: ChannelProvider, *, by: Actor) -> str:
    """Return where a provider finds whoever acts."""
    if by.person_id is None:
        raise TrialRefused(
            _("Your account belongs to no person of the register: nobody knows your number.")
        )
    own = PersonChannel.objects.filter(person=by.person_id, kind=row.kind).first()
    if own is not None and own.to:
        return str(own.to)
    if row.kind in BY_PHONE:
        numbers = numbers_of([by.person_id]).get(by.person_id, ())
        if numbers:
            return numbers[0]
        raise TrialRefused(_("The register has no number of yours."))
    raise TrialRefused(_("Give your address for this kind in your own order of channels first."))


def _speaker(row: ChannelProvider, key: int | None) -> str:
    found = Loudspeaker.objects.filter(pk=key, provider=row, ended_at__isnull=True).first()
    if found is None:
        raise TrialRefused(_("Choose a loudspeaker that is reached through this provider."))
    return str(found.device)


def _sent(row: ChannelProvider, *, to: str) -> Sent:
    with translation.override(settings.LANGUAGE_CODE):
        message = Outgoing(
            key=f"{new_letter()}-1",
            to=to,
            title=_("Test message"),
            text=_("This is a test of “%(provider)s”. Nothing is to be done.")
            % {"provider": row.name},
        )
    try:
        provider = make_provider(row.kind, settings_of(row))
    except ValueError:
        return Sent(Outcome.DOWN, reason="settings")
    with closing(provider):
        said = list(provider.send([message]))
    return said[0] if len(said) == 1 else Sent(Outcome.UNKNOWN, reason="answered for others")


@transaction.atomic
def _note(row: ChannelProvider, sent: Sent, *, by: Actor, now: datetime) -> None:
    """Write down what was said; a provider that takes a message is no longer left alone."""
    if sent.outcome is Outcome.TAKEN:
        ChannelProvider.objects.filter(pk=row.pk).update(
            taken_at=now, failures=0, broken_until=None
        )
    journal.record(
        "provider.tested",
        by=by,
        now=now,
        subject=f"provider:{row.uuid}",
        division_code=row.division_id,
        detail={"name": row.name, "outcome": sent.outcome.value, "reason": sent.reason[:80]},
    )
