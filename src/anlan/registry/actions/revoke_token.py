from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.models import ApiToken
from anlan.registry.queries.tokens import access_token
from anlan.registry.refusals import NotInForce


@transaction.atomic
def revoke_token(uuid: str, *, by: Actor, now: datetime) -> None:
    """Shut another program out now. Raises TokenOutOfSight, and NotInForce when it is out."""
    token = access_token(uuid, account_id=by.account_id, at=now)
    rows = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
    if rows.update(revoked_at=now) != 1:
        raise NotInForce
    journal.record(
        "token.revoked",
        by=by,
        now=now,
        subject=f"token:{token.uuid}",
        division_code=token.division_id,
    )
