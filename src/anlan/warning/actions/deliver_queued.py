from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.registry.data import DutyKind
from anlan.warning.data import DeliveryState, Message, RungKind
from anlan.warning.gateways.channels import channel_for
from anlan.warning.models import Delivery

_DUTY_OF_RUNG: Mapping[str, str] = {
    RungKind.TOWN: DutyKind.TOWN_LEADER,
    RungKind.COUNTY: DutyKind.COUNTY_DUTY,
}


def deliver_queued(warning_uuid: str, *, by: Actor, now: datetime) -> int:
    """Hand the queued messages of a warning to their channels and return how many went.

    Messages are claimed and committed before anything leaves, so two workers never send the same
    one, and none is lost: a claim that is never concluded is taken up again by the sweep.
    """
    del by  # a receipt is the channel's word; the ringing itself is journalled
    claimed = _claim(warning_uuid, now=now)
    for attempt, group in groupby(claimed, key=lambda delivery: delivery.attempt):
        _send(list(group), attempt=attempt, now=now)
    return len(claimed)


@transaction.atomic
def _claim(warning_uuid: str, *, now: datetime) -> list[Delivery]:
    queued = list(
        Delivery.objects.filter(summons__warning__uuid=warning_uuid, state=DeliveryState.QUEUED)
        .select_related("summons__warning")
        .only(
            "attempt",
            "person_id",
            "rung",
            "summons__uuid",
            "summons__division_id",
            "summons__duty",
            "summons__warning__headline",
            "summons__warning__text",
        )
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("attempt", "pk")
    )
    Delivery.objects.filter(
        pk__in=[delivery.pk for delivery in queued], state=DeliveryState.QUEUED
    ).update(state=DeliveryState.SENDING, claimed_at=now)
    return queued


def _send(deliveries: Sequence[Delivery], *, attempt: int, now: datetime) -> None:
    name, channel = channel_for(attempt)
    receipts = channel.send(
        [
            Message(
                reference=f"summons:{delivery.summons.uuid}",
                person_id=delivery.person_id,
                duty=_DUTY_OF_RUNG.get(delivery.rung, delivery.summons.duty),
                division_code=delivery.summons.division_id,
                title=delivery.summons.warning.headline,
                text=delivery.summons.warning.text,
            )
            for delivery in deliveries
        ],
        now=now,
    )
    by_reason: dict[tuple[DeliveryState, str], list[int]] = defaultdict(list)
    for delivery, receipt in zip(deliveries, receipts, strict=True):
        state = DeliveryState.ACCEPTED if receipt.is_accepted else DeliveryState.REFUSED
        by_reason[state, receipt.reason].append(delivery.pk)
    for (state, reason), keys in by_reason.items():
        Delivery.objects.filter(pk__in=keys).update(
            state=state, reason=reason, channel=name, sent_at=now
        )
