"""Reads of the keys of other programs."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from anlan.kernel.scope import narrowest, within
from anlan.registry.data import Permission
from anlan.registry.models import ApiToken
from anlan.registry.queries.authorities import Grant, codes_where, grants_of

USE_NOTED_EVERY = timedelta(minutes=1)
LONGEST_KEY = 200


class TokenOutOfSight(LookupError):
    """A key that does not exist, or that whoever asks does not manage."""

    def __init__(self) -> None:
        super().__init__(_("There is no such key among those that you manage."))


@dataclass(frozen=True)
class TokenGrant:
    """What a program that showed a good key may do: these permissions within this division."""

    uuid: UUID
    application: str
    division_code: str
    permissions: frozenset[Permission]


@dataclass(frozen=True)
class TokenRow:
    """A key as its page shows it."""

    uuid: UUID
    application: str
    hint: str
    division: str
    permissions: tuple[Permission, ...]
    issued_by: str
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    is_good: bool


def digest_of(key: str) -> str:
    """Return what is kept of a key. It is long and random, so that one plain SHA-256 will do."""
    return hashlib.sha256(key.encode()).hexdigest()


def token_for(key: str, *, now: datetime) -> TokenGrant | None:
    """Return what the holder of a key may do, or None for one unknown, revoked or run out.

    Found by its digest, so that how long the answer takes says nothing about the key. Its last
    use is noted at most once a minute.
    """
    if not key or len(key) > LONGEST_KEY:
        return None
    rows = ApiToken.objects.filter(digest=digest_of(key))
    found = rows.filter(revoked_at__isnull=True, issued_at__lte=now, expires_at__gt=now).first()
    if found is None:
        return None
    if found.last_used_at is None or found.last_used_at <= now - USE_NOTED_EVERY:
        rows.update(last_used_at=now)
    known = {each.value: each for each in Permission}
    return TokenGrant(
        uuid=found.uuid,
        application=found.application,
        division_code=found.division_id,
        permissions=frozenset(known[each] for each in found.permissions if each in known),
    )


def access_token(uuid: str, *, account_id: int | None, at: datetime) -> ApiToken:
    """Return a key that an account manages (the program itself: any), or raise TokenOutOfSight."""
    rows = ApiToken.objects.all()
    if account_id is not None:
        rows = _managed(grants_of(account_id, at=at))
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise TokenOutOfSight
    return found


def listed_tokens(grants: Iterable[Grant], *, at: datetime) -> list[TokenRow]:
    """Return the keys that the grants let somebody manage: those that work first, then by name."""
    rows = _managed(grants).select_related("division", "issued_by").order_by("application", "pk")
    found = [_row(token, at=at) for token in rows]
    return sorted(found, key=lambda row: not row.is_good)


def _managed(grants: Iterable[Grant]) -> QuerySet[ApiToken]:
    codes = codes_where(grants, Permission.MANAGE_TOKENS)
    return ApiToken.objects.filter(Q(within("division_id", narrowest(codes))))


def _row(token: ApiToken, *, at: datetime) -> TokenRow:
    return TokenRow(
        uuid=token.uuid,
        application=token.application,
        hint=token.hint,
        division=token.division.name,
        permissions=tuple(Permission(each) for each in token.permissions),
        issued_by=token.issued_by.username if token.issued_by else "",
        issued_at=token.issued_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
        last_used_at=token.last_used_at,
        is_good=token.revoked_at is None and token.expires_at > at,
    )
