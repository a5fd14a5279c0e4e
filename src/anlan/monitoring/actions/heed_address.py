from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.data import Protocol
from anlan.monitoring.models import IgnoredAddress


@transaction.atomic
def heed_address(address: str, *, protocol: Protocol, by: Actor, now: datetime) -> None:
    """Show an ignored address again; one that is not ignored stays as it is."""
    gone, _by_model = IgnoredAddress.objects.filter(address=address, protocol=protocol).delete()
    if gone:
        journal.record("address.heeded", by=by, now=now, subject=f"address:{protocol}:{address}")
