"""Messages put where they leave from: rows first, and a task in the same transaction."""

from collections.abc import Iterable

from anlan.warning.models import Delivery
from anlan.warning.steps import deliver_what_waits


def put_out(messages: Iterable[Delivery]) -> int:
    """Keep messages and let them leave once the transaction has committed; return how many."""
    rows = list(messages)
    if rows:
        Delivery.objects.bulk_create(rows)
        deliver_what_waits()
    return len(rows)
