"""Letters handed to the ways out of a county, one provider after the other; no transaction open."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.core.outbox import NO_PROVIDER, NONE_TAKES_IT, break_after
from anlan.warning.data import Message, Receipt
from anlan.warning.gateways.channels import channel, channel_names
from anlan.warning.gateways.lines import Line, line_for
from anlan.warning.gateways.provider import Outcome, Outgoing, ProviderSettings, Sent
from anlan.warning.models import ChannelProvider, Delivery
from anlan.warning.queries.ways import providers_of

log = logging.getLogger(__name__)
_RATE: Final = timedelta(minutes=1)
NO_WAY: Final = Receipt(is_accepted=False, reason=NO_PROVIDER)
NO_NUMBER: Final = Receipt(is_accepted=False, reason="no number in the register")
_NOT_NOW: Final = {Outcome.LATER, Outcome.DOWN}


def carry(
    messages: Sequence[Message],
    *,
    kind: str,
    county: str,
    by: Actor,
    now: datetime,
    only: int | None = None,
) -> list[Receipt]:
    """Hand messages to a channel and return what was said of each, in order.

    A channel of the program itself takes all of them. Otherwise the county's providers of this
    kind are tried in turn: what one cannot take goes to the next. `only`: no other than this one,
    which alone knows the loudspeakers that the messages are for.
    """
    if kind in channel_names():
        return list(channel(kind).send(messages, now=now))
    found: dict[int, Receipt] = {
        at: NO_NUMBER for at, message in enumerate(messages) if not message.to
    }
    providers = [
        each for each in providers_of(county) if each.kind == kind and only in (None, each.pk)
    ]
    for provider in providers:
        left = [at for at in range(len(messages)) if at not in found or found[at].may_retry]
        if not left:
            break
        if provider.broken_until is not None and provider.broken_until > now:
            continue
        allowed = left[: _allowance(provider, now=now)]
        if not allowed:
            continue
        sent = _line(provider).send([_outgoing(messages[at]) for at in allowed])
        found |= {
            at: _receipt(word, provider=provider) for at, word in zip(allowed, sent, strict=True)
        }
        _note(provider, sent, by=by, now=now)
    away = Receipt(is_accepted=False, reason=NONE_TAKES_IT, may_retry=True)
    return [found.get(at, away if providers else NO_WAY) for at in range(len(messages))]


def settings_of(provider: ChannelProvider) -> ProviderSettings:
    """Return what a gateway needs to know of a provider."""
    return ProviderSettings(
        name=provider.name,
        address=provider.address,
        account=provider.account,
        secret=provider.secret,
        options={str(name): str(value) for name, value in provider.options.items()},
        timeout_s=provider.timeout_s,
    )


def _line(provider: ChannelProvider) -> Line:
    return line_for(provider.kind, settings_of(provider))


def _allowance(provider: ChannelProvider, *, now: datetime) -> int:
    """Return how many messages more a provider may be given within this minute."""
    used = Delivery.objects.filter(provider=provider, sent_at__gt=now - _RATE).count()
    return max(provider.per_minute - used, 0)


def _outgoing(message: Message) -> Outgoing:
    return Outgoing(
        key=message.key,
        to=message.to,
        title=message.title,
        text=message.text,
        link=message.link,
        cap=message.cap,
    )


def _receipt(sent: Sent, *, provider: ChannelProvider) -> Receipt:
    return Receipt(
        is_accepted=sent.outcome is Outcome.TAKEN,
        reason=sent.reason[:80],
        may_retry=sent.outcome in _NOT_NOW,
        is_unknown=sent.outcome is Outcome.UNKNOWN,
        reference=sent.reference[:80],
        provider_id=provider.pk,
    )


@transaction.atomic
def _note(provider: ChannelProvider, sent: Sequence[Sent], *, by: Actor, now: datetime) -> None:
    """Take note of whether a provider is well; one that is down is left alone for a while."""
    outcomes = Counter(word.outcome for word in sent)
    row = ChannelProvider.objects.filter(pk=provider.pk)
    if outcomes[Outcome.DOWN] or outcomes[Outcome.UNKNOWN] == len(sent):
        until = now + break_after(provider.failures + 1)
        row.update(failures=F("failures") + 1, broken_until=until)
        log.warning("%s: %s messages were not taken", provider.name, outcomes[Outcome.DOWN])
        if not provider.failures:
            reason = next((word.reason for word in sent if word.reason), "")
            _tell(provider, "provider.failed", by=by, now=now, reason=reason[:80])
    elif outcomes[Outcome.TAKEN]:
        row.update(failures=0, broken_until=None, taken_at=now)
        if provider.failures:
            _tell(provider, "provider.recovered", by=by, now=now)


def _tell(
    provider: ChannelProvider, act: str, *, by: Actor, now: datetime, reason: str = ""
) -> None:
    journal.record(
        act,
        by=by,
        now=now,
        subject=f"provider:{provider.uuid}",
        division_code=provider.division_id,
        detail={"name": provider.name, "reason": reason},
    )
