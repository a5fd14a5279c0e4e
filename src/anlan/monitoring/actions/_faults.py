"""Payloads that could not be read, kept as they came, within bounds."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import Count

from anlan.monitoring.data import Protocol
from anlan.monitoring.models import FrameFault

log = logging.getLogger(__name__)
SPAN: Final = timedelta(days=1)
MOST_A_DAY: Final = 2_000
MOST_OF_A_PEER: Final = 50
LONGEST_KEPT: Final = 16 * 1024


class Unreadable(NamedTuple):
    """Bytes of a peer with the reason why they were not read."""

    peer: str
    reason: str
    payload: bytes


def keep_faults(faults: Sequence[Unreadable], *, protocol: Protocol, now: datetime) -> int:
    """Keep unreadable bytes, at most so many a peer and a day; return how many were kept."""
    if not faults:
        return 0
    counts = _counts(protocol, since=now - SPAN)
    total, rows = counts.total(), []
    for fault in faults:
        peer = fault.peer[:60]
        if total < MOST_A_DAY and counts[peer] < MOST_OF_A_PEER:
            counts[peer] += 1
            total += 1
            rows.append(
                FrameFault(
                    peer=peer,
                    protocol=protocol,
                    reason=fault.reason[:40],
                    payload=fault.payload[:LONGEST_KEPT],
                    received_at=now,
                )
            )
    FrameFault.objects.bulk_create(rows)
    for fault in faults[:1] if len(rows) < len(faults) else ():
        left = len(faults) - len(rows)
        log.warning("%s payloads not kept, too many a day: %s %s", left, fault.peer, fault.reason)
    return len(rows)


def _counts(protocol: Protocol, *, since: datetime) -> Counter[str]:
    rows = FrameFault.objects.filter(protocol=protocol, received_at__gt=since)
    return Counter(dict(rows.values_list("peer").annotate(count=Count("pk")).order_by()))
