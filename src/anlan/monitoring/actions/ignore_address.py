from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.data import Protocol
from anlan.monitoring.keeping import Refused
from anlan.monitoring.models import IgnoredAddress

LONGEST_REASON = 200


@transaction.atomic
def ignore_address(
    address: str, *, protocol: Protocol, reason: str, by: Actor, now: datetime
) -> None:
    """Let an address that nobody registered be shown no more; what it sends is still kept aside.

    Ignoring it twice changes nothing. Raises Refused without a reason.
    """
    if not reason.strip():
        raise Refused({"reason": _("Say in a few words why this address is to be ignored.")})
    _row, is_new = IgnoredAddress.objects.get_or_create(
        address=address,
        protocol=protocol,
        defaults={
            "reason": reason.strip()[:LONGEST_REASON],
            "ignored_by": by.label,
            "ignored_at": now,
        },
    )
    if is_new:
        journal.record(
            "address.ignored",
            by=by,
            now=now,
            subject=f"address:{protocol}:{address}",
        )
