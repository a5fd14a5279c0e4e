from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.data import Permission
from anlan.registry.models import ApiToken
from anlan.registry.permissions import FOR_PROGRAMS, LONGEST_TOKEN_DAYS
from anlan.registry.queries.authorities import grants_of, may
from anlan.registry.queries.divisions import check_divisions
from anlan.registry.queries.tokens import digest_of
from anlan.registry.refusals import TokenRefused

HINT_SIGNS, LONGEST_NAME = 10, 80


@transaction.atomic
def issue_token(
    application: str,
    *,
    division_code: str,
    permissions: Sequence[Permission],
    days: int,
    by: Actor,
    now: datetime,
) -> str:
    """Let another program in and return its key, which is shown this once and not kept.

    Raises UnknownDivision, and TokenRefused for a token beyond what its issuer may do.
    """
    check_divisions([division_code])
    _check_asked(application, permissions=permissions, days=days)
    _check_issuer(division_code, permissions=permissions, by=by, now=now)
    key = f"anlan_{token_urlsafe(32)}"
    token = ApiToken.objects.create(
        uuid=uuid4(),
        application=application.strip(),
        digest=digest_of(key),
        hint=key[:HINT_SIGNS],
        division_id=division_code,
        permissions=sorted({each.value for each in permissions}),
        issued_by_id=by.account_id,
        issued_at=now,
        expires_at=now + timedelta(days=days),
    )
    journal.record(
        "token.issued",
        by=by,
        now=now,
        subject=f"token:{token.uuid}",
        division_code=division_code,
        detail={"permissions": token.permissions, "days": days},
    )
    return key


def _check_asked(application: str, *, permissions: Sequence[Permission], days: int) -> None:
    if not 1 <= len(application.strip()) <= LONGEST_NAME:
        raise TokenRefused(_("Name the application that gets the key, in 1 to 80 signs."))
    if not permissions:
        raise TokenRefused(_("Choose at least one thing that the application may do."))
    if not FOR_PROGRAMS.issuperset(permissions):
        raise TokenRefused(_("Accounts, keys and the audit are not for programs."))
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise TokenRefused(_("The key may hold for 1 to 365 days."))


def _check_issuer(
    division_code: str, *, permissions: Sequence[Permission], by: Actor, now: datetime
) -> None:
    if by.account_id is None:
        return
    grants = grants_of(by.account_id, at=now)
    for each in (Permission.MANAGE_TOKENS, *permissions):
        if not may(grants, each, division_code=division_code):
            raise TokenRefused(
                _("You may not let a program do this there: %(what)s.") % {"what": each.label}
            )
