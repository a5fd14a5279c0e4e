from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q

from anlan.kernel import journal, scope
from anlan.kernel.actors import Actor
from anlan.registry.api import persons_with_number
from anlan.warning.actions._concluding import send_another_way
from anlan.warning.actions.answer_letter import answer_letter
from anlan.warning.core.answers import KEYS, Told, told_by
from anlan.warning.data import (
    ChannelKind,
    DeliveryState,
    Purpose,
)
from anlan.warning.gateways.provider import Callback, Heard, HeardKind
from anlan.warning.models import ChannelProvider, Delivery, HeardOnce
from anlan.warning.refusals import StaleCallback

OLDEST: Final = timedelta(minutes=5)
REPLY_WITHIN: Final = timedelta(days=1)
_ASKS: Final = (Purpose.CALL, Purpose.REASK, Purpose.TEST)
_LEFT: Final = (DeliveryState.SENDING, DeliveryState.ACCEPTED, DeliveryState.DELIVERED)


@dataclass(frozen=True)
class Taken:
    """What became of a callback: how many of its words changed something."""

    heard: int
    used: int


@transaction.atomic
def hear_provider(
    provider: ChannelProvider, *, callback: Callback, by: Actor, now: datetime
) -> Taken:
    """Take in what a provider calls back with: receipts, replies and pressed keys.

    Raises StaleCallback for a word that is too old or was there before; it changes nothing.
    """
    if abs(now - callback.at) > OLDEST:
        raise StaleCallback("old")
    try:
        with transaction.atomic():
            HeardOnce.objects.create(provider=provider, nonce=callback.nonce[:80], at=now)
    except IntegrityError:
        raise StaleCallback("replayed") from None
    used = sum(_hear(provider, heard, by=by, now=now) for heard in callback.heard)
    return Taken(heard=len(callback.heard), used=used)


def _hear(provider: ChannelProvider, heard: Heard, *, by: Actor, now: datetime) -> bool:
    if heard.kind is HeardKind.RECEIPT:
        return _receipt(provider, heard, by=by, now=now)
    told = Told(KEYS[heard.text]) if heard.text in KEYS else told_by(heard.text)
    rows = _meant(provider, heard, now=now)
    if told is None or not rows:
        _note_unread(provider, heard, rows, by=by, now=now)
        return False
    person = rows[0].person_id or 0
    done = answer_letter(
        person_id=person,
        calls=[str(row.summons.uuid) for row in rows if row.summons is not None],
        test_calls=[row.test_call_id for row in rows if row.test_call_id is not None],
        word=told.word,
        notified=told.notified,
        moved=told.moved,
        remark=heard.text if heard.kind is HeardKind.REPLY else "",
        via=provider.kind,
        by=Actor(label=f"person:{person}", person_id=person),
        now=now,
    )
    return done.taken > 0


def _letters(provider: ChannelProvider, heard: Heard) -> list[Delivery]:
    """Return the messages that a word is about by the key or the number that we were given."""
    to_somebody = Q(person__isnull=False) | Q(purpose=Purpose.BROADCAST)
    rows = Delivery.objects.filter(to_somebody, state__in=_LEFT)
    letter, _hyphen, _try = heard.key.partition("-")
    if letter:
        rows = rows.filter(letter=letter)
    elif heard.reference:
        rows = rows.filter(provider=provider, provider_reference=heard.reference)
    else:
        return []
    return list(rows.select_related("summons").order_by("pk"))


def _meant(provider: ChannelProvider, heard: Heard, *, now: datetime) -> list[Delivery]:
    """Return the messages that a reply answers: those named, else the sender's newest letter."""
    if heard.key or heard.reference:
        return [row for row in _letters(provider, heard) if row.purpose in _ASKS]
    with scope.everywhere("whose number it is that answers"):
        people = persons_with_number(heard.sender)
    newest = (
        Delivery.objects.filter(
            person__in=people,
            purpose__in=_ASKS,
            state__in=_LEFT,
            claimed_at__gt=now - REPLY_WITHIN,
        )
        .exclude(letter="")
        .order_by("-claimed_at", "-pk")
        .values_list("letter", flat=True)
        .first()
    )
    if not newest:
        return []
    return list(Delivery.objects.filter(letter=newest).select_related("summons").order_by("pk"))


def _receipt(provider: ChannelProvider, heard: Heard, *, by: Actor, now: datetime) -> bool:
    """Note that a message reached the phone; where it did not, it goes the next way."""
    rows = _letters(provider, heard)
    keys = [row.pk for row in rows]
    left = Delivery.objects.filter(
        pk__in=keys, state__in=(DeliveryState.ACCEPTED, DeliveryState.SENDING)
    )
    if heard.is_delivered:
        return left.update(state=DeliveryState.DELIVERED, receipt_at=now, reason="") > 0
    returned = list(left.values_list("pk", flat=True))
    if returned:
        send_another_way(returned, reason=heard.reason[:80] or "not delivered", by=by, now=now)
    return bool(returned)


def _note_unread(
    provider: ChannelProvider, heard: Heard, rows: Sequence[Delivery], *, by: Actor, now: datetime
) -> None:
    """Write down a reply that nobody could read or whose sender is not known; no number in it."""
    first = rows[0] if rows else None
    journal.record(
        "reply.unread",
        by=by,
        now=now,
        subject=f"summons:{first.summons.uuid}" if first and first.summons else "",
        division_code=first.division_id if first else provider.division_id,
        detail={
            "channel": ChannelKind(provider.kind).value,
            "person": first.person_id if first else None,
            "text": heard.text[:100],
        },
    )
