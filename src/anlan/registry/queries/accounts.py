"""Reads of accounts for their pages: the list of those one manages, and one of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from anlan.kernel.encryption import index_of, masked
from anlan.kernel.paging import turned
from anlan.kernel.scope import within
from anlan.registry.data import Office, Permission, Role
from anlan.registry.models import Account, Authority, Person
from anlan.registry.queries.authorities import Grant, codes_where
from anlan.registry.queries.managing import kept_in, unended

PAGE_ACCOUNTS, MOST_PEOPLE = 50, 20


@dataclass(frozen=True)
class AccountFilter:
    """What a list of accounts is narrowed to; what is empty narrows nothing."""

    role: str = ""
    town: str = ""
    state: str = ""
    text: str = ""
    page: int = 1


@dataclass(frozen=True)
class Held:
    """An authority as pages show it; `lent_by` names who handed it on."""

    id: int
    role: Role
    division: str
    office: str
    valid_from: datetime
    valid_until: datetime | None
    lent_by: str
    holder: str


@dataclass(frozen=True)
class AccountRow:
    """An account as pages show it."""

    id: int
    username: str
    person: str
    division: str
    is_open: bool
    must_change_password: bool
    has_factor: bool
    last_login: datetime | None
    password_changed_at: datetime | None
    held: Sequence[Held] = field(default=())


@dataclass(frozen=True)
class AccountPage:
    """One page of a list of accounts."""

    rows: Sequence[AccountRow]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class PersonFound:
    """A person of the register to whom an account may be tied; the phone is masked."""

    id: int
    name: str
    title: str
    division: str
    phone: str


def listed_accounts(wanted: AccountFilter, *, grants: Iterable[Grant], at: datetime) -> AccountPage:
    """Return a page of the accounts that the grants let somebody manage, by user name."""
    codes = codes_where(grants, Permission.MANAGE_ACCOUNTS)
    rows = _narrowed(Account.objects.filter(kept_in(codes)), wanted, at=at)
    total = rows.count()
    page, pages, first = turned(wanted.page, total=total, size=PAGE_ACCOUNTS)
    shown = account_rows(rows.order_by("username")[first : first + PAGE_ACCOUNTS], at=at)
    return AccountPage(rows=shown, total=total, page=page, pages=pages)


def account_rows(accounts: QuerySet[Account], *, at: datetime) -> list[AccountRow]:
    """Return accounts as pages show them, with what each holds and will hold."""
    found = list(accounts.select_related("person", "division"))
    held = _held([account.pk for account in found], at=at)
    return [
        AccountRow(
            id=account.pk,
            username=account.username,
            person=account.person.name if account.person else "",
            division=account.division.name if account.division else "",
            is_open=account.is_active,
            must_change_password=account.must_change_password,
            has_factor=account.has_second_factor,
            last_login=account.last_login,
            password_changed_at=account.password_changed_at,
            held=held[account.pk],
        )
        for account in found
    ]


def open_accounts_named(username: str) -> QuerySet[Account]:
    """Return the open account with this user name, as rows that hold one or none."""
    return Account.objects.filter(username=username, is_active=True)


def lent_by(account_id: int, *, at: datetime) -> list[Held]:
    """Return what an account has handed on and has not ended."""
    rows = Authority.objects.filter(delegated_by_id=account_id, valid_until__gt=at)
    return [_as_held(row) for row in _with_names(rows)]


def lent_to(account_id: int, *, at: datetime) -> list[Held]:
    """Return what others have handed on to an account and has not ended."""
    rows = unended(account_id, now=at).filter(delegated_by__isnull=False)
    return [_as_held(row) for row in _with_names(rows)]


def held_by(account_id: int, *, at: datetime) -> list[Held]:
    """Return what an account holds and will hold."""
    return _held([account_id], at=at)[account_id]


def people_found(text: str) -> list[PersonFound]:
    """Return the persons in sight whose name holds the text or whose phone it is."""
    plain = text.strip()
    if not plain:
        return []
    rows = Person.objects.filter(
        Q(name__icontains=plain) | Q(phone_index=index_of(plain)), left_on__isnull=True
    )
    return [
        PersonFound(
            id=row.pk,
            name=row.name,
            title=row.title,
            division=row.division.name,
            phone=masked(row.phone),
        )
        for row in rows.select_related("division").order_by("name", "pk")[:MOST_PEOPLE]
    ]


def is_locked_out(username: str, *, at: datetime) -> bool:
    """Tell whether too many wrong passwords from some machine have locked a user name there."""
    since = at - settings.AXES_COOLOFF_TIME
    tries = AccessAttempt.objects.filter(
        username=username,
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT,
        attempt_time__gte=since,
    )
    return bool(tries.exists())


def _narrowed(rows: QuerySet[Account], wanted: AccountFilter, *, at: datetime) -> QuerySet[Account]:
    if wanted.role:
        holds = Authority.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=at),
            account=OuterRef("pk"),
            role=wanted.role,
        )
        rows = rows.filter(Exists(holds))
    if wanted.town:
        rows = rows.filter(within("division_id", [wanted.town[:9]]))
    if wanted.state:
        rows = rows.filter(is_active=wanted.state != "closed")
    if wanted.state == "new":
        rows = rows.filter(must_change_password=True)
    if wanted.text:
        rows = rows.filter(
            Q(username__icontains=wanted.text) | Q(person__name__icontains=wanted.text)
        )
    return rows


def _held(account_ids: Sequence[int], *, at: datetime) -> dict[int, list[Held]]:
    rows = Authority.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=at), account_id__in=account_ids
    )
    found: dict[int, list[Held]] = defaultdict(list)
    for row in _with_names(rows):
        found[row.account_id].append(_as_held(row))
    return found


def _with_names(rows: QuerySet[Authority]) -> QuerySet[Authority]:
    found = rows.select_related("account", "division", "delegated_by__person")
    return found.order_by("division_id", "role", "pk")


def _as_held(row: Authority) -> Held:
    giver = row.delegated_by
    return Held(
        id=row.pk,
        role=Role(row.role),
        division=row.division.name,
        office=str(Office(row.office).label) if row.office else "",
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        lent_by=(giver.person.name if giver.person else giver.username) if giver else "",
        holder=row.account.username,
    )
