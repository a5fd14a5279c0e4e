"""The audit: what the journal says of who came in, who may what, and who saw whose numbers."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from anlan.kernel.codes import Level, level_of
from anlan.kernel.models import JournalEntry
from anlan.kernel.scope import narrowest, within
from anlan.registry.data import Permission
from anlan.registry.models import Account, ApiToken, Division
from anlan.registry.queries.authorities import Grant, codes_where

PAGE_ENTRIES = 100


class AuditKind(TextChoices):
    """What a line of the audit is about."""

    ENTRANCE = "entrance", _("logging in and out")
    REFUSED = "refused", _("refused at the door")
    ACCOUNTS = "accounts", _("accounts and passwords")
    AUTHORITIES = "authorities", _("who may do what")
    TOKENS = "tokens", _("keys of other programs")
    PERSONAL = "personal", _("personal numbers shown")
    SHEETS = "sheets", _("spreadsheets in and out")
    KEYS = "keys", _("encryption keys")


# Which acts of the journal belong to which kind: those that begin with one of these.
ACTS: Mapping[AuditKind, tuple[str, ...]] = {
    AuditKind.ENTRANCE: ("account.log", "account.sessions", "second_factor.proved"),
    AuditKind.REFUSED: ("account.log_in_failed", "account.locked", "second_factor.failed"),
    AuditKind.ACCOUNTS: (
        "account.opened",
        "account.closed",
        "account.reopened",
        "account.tied",
        "password.",
        "second_factor.set",
        "second_factor.reset",
        "second_factor.codes",
    ),
    AuditKind.AUTHORITIES: ("authority.",),
    AuditKind.TOKENS: ("token.",),
    AuditKind.PERSONAL: ("personal.",),
    AuditKind.SHEETS: ("sheet.", "imports.", "register.restored"),
    AuditKind.KEYS: ("keys.",),
}
# What belongs to no division and concerns everybody: whoever audits a county or more sees it.
OF_THE_HOUSE = ACTS[AuditKind.KEYS]


@dataclass(frozen=True)
class AuditFilter:
    """What the audit is narrowed to; what is empty narrows nothing."""

    kind: str = ""
    account: str = ""
    days: int = 30
    page: int = 1


@dataclass(frozen=True)
class AuditEntry:
    """One line of the audit; `about` names the account or the application concerned."""

    at: datetime
    act: str
    actor: str
    about: str
    division: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class AuditPage:
    """One page of the audit; there is a further one when `has_more`."""

    rows: Sequence[AuditEntry]
    page: int
    has_more: bool


def audit_entries(
    wanted: AuditFilter, *, grants: Iterable[Grant], now: datetime, most: int = PAGE_ENTRIES
) -> AuditPage:
    """Return a page of what the grants let somebody audit, newest first."""
    codes = codes_where(grants, Permission.READ_AUDIT)
    if not codes:
        return AuditPage(rows=(), page=1, has_more=False)
    rows = JournalEntry.objects.filter(
        _sight(codes), _acts(wanted), at__gte=now - timedelta(days=max(1, wanted.days))
    )
    if wanted.account:
        rows = rows.filter(_concerning(wanted.account))
    page = max(1, wanted.page)
    first = (page - 1) * most
    found = list(rows.order_by("-at", "-id")[first : first + most + 1])
    return AuditPage(rows=_shown(found[:most]), page=page, has_more=len(found) > most)


def visits_of(account_id: int, *, most: int = 12) -> list[AuditEntry]:
    """Return the last times that somebody came in by an account or tried to, newest first."""
    starts = (*ACTS[AuditKind.ENTRANCE], *ACTS[AuditKind.REFUSED])
    rows = JournalEntry.objects.filter(_beginning(starts), subject=f"account:{account_id}")
    return _shown(list(rows.order_by("-at", "-id")[:most]))


def _sight(codes: Sequence[str]) -> Q:
    sight = within("division_code", narrowest(codes))
    if any(level_of(code) <= Level.COUNTY for code in codes):
        sight |= Q(division_code="") & _beginning(OF_THE_HOUSE)
    return sight


def _acts(wanted: AuditFilter) -> Q:
    kinds = [AuditKind(wanted.kind)] if wanted.kind in AuditKind.values else list(AuditKind)
    return _beginning(sorted({start for kind in kinds for start in ACTS[kind]}))


def _beginning(starts: Iterable[str]) -> Q:
    return reduce(or_, (Q(act__startswith=start) for start in starts))


def _concerning(username: str) -> Q:
    """Return the condition that an account did it or it was done to the account."""
    keys = list(Account.objects.filter(username=username).values_list("pk", flat=True))
    return Q(account_id__in=keys) | Q(subject__in=[f"account:{key}" for key in keys])


def _shown(entries: Sequence[JournalEntry]) -> list[AuditEntry]:
    names = _names([entry.subject for entry in entries])
    codes = {entry.division_code for entry in entries}
    places = dict(Division._base_manager.filter(pk__in=codes).values_list("pk", "name"))
    return [
        AuditEntry(
            at=entry.at,
            act=entry.act,
            actor=entry.actor,
            about=names.get(entry.subject, ""),
            division=places.get(entry.division_code, ""),
            detail=json.loads(entry.detail),
        )
        for entry in entries
    ]


def _names(subjects: Iterable[str]) -> dict[str, str]:
    """Return the name of each account and each application among the subjects."""
    keys: dict[str, set[str]] = {"account": set(), "token": set()}
    for subject in subjects:
        kind, _colon, key = subject.partition(":")
        if kind in keys:
            keys[kind].add(key)
    accounts = Account.objects.filter(pk__in=keys["account"]).values_list("pk", "username")
    tokens = ApiToken.objects.filter(uuid__in=keys["token"]).values_list("uuid", "application")
    return {f"account:{key}": name for key, name in accounts} | {
        f"token:{key}": name for key, name in tokens
    }
