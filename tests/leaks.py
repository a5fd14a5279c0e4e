"""The leak test's harness: who asks, what an answer gives away, which rows a request changed."""

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.test import Client

from anlan.kernel import scope
from anlan.kernel.codes import prefix_of
from anlan.kernel.models import JournalEntry
from anlan.registry.data import Permission
from tests.two_counties import ACCOUNT, HOUSE, KEY, PLAIN, SHARED, SHEET, TwoCounties

ANSWERS = frozenset({200, 201, 204, 302, 400, 401, 403, 404, 405, 409, 422})
SIGNED = re.compile(rf"(?<!\d)([{PLAIN}{SHARED}{HOUSE}{ACCOUNT}{SHEET}{KEY}]?)(9907\d{{8}})(?!\d)")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LANDLINE = re.compile(r"0990-7\d{6}")
NUMBER = re.compile(r"(?<![\dA-Za-z])(?:139\d{8}|990701\d{11}[\dX]|ZS\d{12})(?!\d)")
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
WRITTEN = re.compile(r'^\s*(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)

# Any one of these lets somebody read a text with this sign.
READ_BY: Mapping[str, tuple[Permission, ...]] = {
    PLAIN: (Permission.READ_REGISTER,),
    HOUSE: (Permission.READ_HOUSEHOLDS,),
    ACCOUNT: (Permission.MANAGE_ACCOUNTS, Permission.READ_AUDIT),
    SHEET: (Permission.MANAGE_ACCOUNTS,),
    KEY: (Permission.MANAGE_TOKENS, Permission.READ_AUDIT),
}

# Where the rows of models without a scope belong, and to whom.
HOMES = {
    "registry.Account": "division_id",
    "registry.Authority": "division_id",
    "registry.ApiToken": "division_id",
    "registry.RegisterLimit": "division_id",
    "registry.OldPassword": "account__division_id",
    "registry.SecondFactor": "user__division_id",
    "registry.SheetImport": "account__division_id",
    "registry.ImportedChunk": "sheet_import__account__division_id",
    "monitoring.Threshold": "station__division_id",
    "monitoring.HandSheet": "account__division_id",
    "otp_static.StaticDevice": "user__division_id",
    "otp_static.StaticToken": "device__user__division_id",
}
OWNERS = {
    "registry.Account": "pk",
    "registry.OldPassword": "account_id",
    "registry.SecondFactor": "user_id",
    "registry.SheetImport": "account_id",
    "registry.ImportedChunk": "sheet_import__account_id",
    "monitoring.HandSheet": "account_id",
    "otp_static.StaticDevice": "user_id",
    "otp_static.StaticToken": "device__user_id",
}
NOTED = ("last_login", "last_used_at")  # when somebody was last here
# What every request may write: that somebody is there, that something was done.
PASSING = (
    *("django_session", "axes_", "django_task", "kernel_journalentry", "kernel_tablerevision"),
    "monitoring_readingbatch",  # of readings, which are looked at themselves
)


@dataclass(frozen=True)
class Hold:
    """Permissions over a division, of one desk when `office` names it."""

    permissions: frozenset[Permission]
    code: str
    office: str = ""

    @property
    def prefix(self) -> str:
        """Return the digits that all codes within begin with."""
        return prefix_of(self.code)


@dataclass
class Visitor:
    """Somebody who asks for pages, or a program that calls."""

    name: str
    holds: tuple[Hold, ...]
    own: str
    others: tuple[str, ...]
    client: Client
    account_id: int | None = None
    home: str = ""
    step: int = 1  # of how many tables one is walked
    headers: Mapping[str, str] = field(default_factory=dict)
    session: str = ""
    effects: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    combinations: set[tuple[str, ...]] = field(default_factory=set)

    @property
    def places(self) -> tuple[str, ...]:
        """Return the places about whose rows to ask, one's own first."""
        return (self.own, *self.others)

    def may(self, permission: Permission, code: str, *, office: str = "") -> bool:
        """Tell whether a permission is held over a place."""
        return any(
            permission in each.permissions
            and code.startswith(each.prefix)
            and (not each.office or not office or each.office == office)
            for each in self.holds
        )

    def is_near(self, code: str) -> bool:
        """Tell whether a place is in sight, or lies around what is."""
        prefix = prefix_of(code)
        return self.home.startswith(prefix) or any(
            h.code.startswith(prefix) or code.startswith(h.prefix) for h in self.holds
        )

    def may_read(self, sign: str, code: str) -> bool:
        """Tell whether a text of a place may be read."""
        if sign in ("", SHARED):
            return self.is_near(code)
        return any(self.may(permission, code) for permission in READ_BY[sign])


@dataclass(frozen=True)
class Snapshot:
    """The rows of a table as they stand, with where each belongs and to whom."""

    rows: Mapping[Any, tuple[Any, ...]]
    homes: Mapping[Any, str | None]
    owners: Mapping[Any, int | None]


@dataclass(frozen=True)
class Answer:
    """What came back: the status, all that can be read, the tables as they then stood."""

    status: int
    text: str
    shown: frozenset[str]
    after: Mapping[str, Snapshot]
    fault: str = ""
    location: str = ""
    body: str = ""


@dataclass(frozen=True)
class Change:
    """A row that a request added, changed or removed; `homes` are where it was and is."""

    table: str
    homes: tuple[str | None, ...]
    owner: int | None


def snapshot(table: str) -> Snapshot:
    """Return a table as it stands."""
    model = model_of(table)
    label = model._meta.label
    home = getattr(model, "scope_path", HOMES.get(label, "pk"))
    owner = OWNERS.get(label, "pk")
    fields = model._meta.concrete_fields
    names = [each.attname for each in fields if each.name not in NOTED]
    with scope.everywhere("the leak test compares tables"):
        found = list(model._default_manager.values_list("pk", home, owner, *names))
    return Snapshot(
        rows={row[0]: row[3:] for row in found},
        homes={row[0]: row[1] if is_placed(model) else None for row in found},
        owners={row[0]: row[2] if label in OWNERS else None for row in found},
    )


def model_of(table: str) -> type[models.Model]:
    """Return the model of a table of the database."""
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def is_placed(model: type[models.Model]) -> bool:
    """Tell whether rows of a model belong to a place."""
    return hasattr(model, "scope_path") or model._meta.label in HOMES


class Site:
    """The program with two counties in it: takes requests, and puts everything back after each."""

    def __init__(self, world: TwoCounties) -> None:
        self.world = world
        self.base: dict[str, Snapshot] = {}
        self.last_entry = JournalEntry.objects.order_by("-pk").values_list("pk", flat=True)[0]

    def ask(
        self,
        visitor: Visitor,
        method: str,
        path: str,
        data: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        again: Any = None,
        content_type: str = "",
    ) -> list[Answer]:
        """Send a request, then what `again` makes of each answer; return all answers."""
        answers: list[Answer] = []
        options: dict[str, Any] = {"content_type": content_type} if content_type else {}
        with transaction.atomic():
            while True:
                client, touched = self._fresh(visitor), Touched()
                with connection.execute_wrapper(touched):
                    response = getattr(client, method)(
                        path,
                        data,
                        headers={**visitor.headers, **(headers or {})},
                        **({"query_params": query} if query else {}),
                        **options,
                    )
                answers.append(self._answer(response, touched))
                step = again(answers[-1], data) if again else None
                if step is None or answers[-1].fault:
                    break
                method, path, data = step
                query, options, again = None, {}, None
            transaction.set_rollback(True)
        return answers

    def _fresh(self, visitor: Visitor) -> Client:
        cookies = {settings.SESSION_COOKIE_NAME: visitor.session} if visitor.session else {}
        visitor.client.cookies = SimpleCookie(cookies)
        return visitor.client

    def _answer(self, response: Any, touched: "Touched") -> Answer:
        body = read(response)
        told = getattr(response.wsgi_request, "_messages", None)
        said = [str(each.message) for each in getattr(told, "_queued_messages", ())]
        about = " ".join([*response.headers.values(), *said])
        text = plain(f"{body}\n{about}")
        broken = connection.needs_rollback
        shown = frozenset() if broken or not NUMBER.search(text) else self._shown()
        fault = repr(response.exc_info[1]) if getattr(response, "exc_info", None) else ""
        return Answer(
            status=response.status_code,
            text=text,
            shown=shown,
            after={} if broken else {table: snapshot(table) for table in touched.tables},
            fault=fault,
            location=response.headers.get("Location", ""),
            body=body,
        )

    def _shown(self) -> frozenset[str]:
        """Return the uuids of the records whose numbers this request noted as shown."""
        rows = JournalEntry.objects.filter(pk__gt=self.last_entry, act="personal.shown")
        subjects = rows.values_list("subject", flat=True)
        return frozenset(subject.rpartition(":")[2] for subject in subjects)

    def changes(self, answer: Answer) -> Iterator[Change]:
        """Give the rows that stand otherwise than before."""
        for table, after in answer.after.items():
            if table not in self.base:
                self.base[table] = snapshot(table)
            before = self.base[table]
            for key in before.rows.keys() | after.rows.keys():
                if before.rows.get(key) == after.rows.get(key):
                    continue
                homes = [s.homes[key] for s in (before, after) if key in s.homes]
                owner = after.owners.get(key) or before.owners.get(key)
                yield Change(table=table, homes=tuple(homes), owner=owner)

    def leaks(self, text: str, *, visitor: Visitor, echo: str, shown: Iterable[str]) -> set[str]:
        """Return what a text gives away beyond what the visitor may read and has said itself."""
        found = set()
        for match in SIGNED.finditer(text):
            sign, code = match.groups()
            if visitor.may_read(sign, code):
                visitor.shown.add(sign)
            elif match[0] not in echo:
                found.add(match[0])
        return found | self._things(text, visitor=visitor, echo=echo, shown=shown)

    def _things(self, text: str, *, visitor: Visitor, echo: str, shown: Iterable[str]) -> set[str]:
        """Return the uuids and the numbers in a text that the visitor may not read."""
        found = set()
        known: dict[str, tuple[str, str]] = self.world.uuids
        for key in set(UUID.findall(text)) & known.keys():
            if key not in echo and not visitor.may_read(*known[key]):
                found.add(f"{key} of {known[key]}")
        for number in set(LANDLINE.findall(text)) & self.world.landlines.keys():
            if number not in echo and not visitor.may_read(PLAIN, self.world.landlines[number]):
                found.add(number)
        for number in set(NUMBER.findall(text)) & self.world.numbers.keys():
            of = self.world.numbers[number]
            is_noted = of.subject in shown
            if visitor.may(Permission.SHOW_PERSONAL, of.code) and is_noted:
                visitor.shown.add("number")
            elif number not in echo:
                found.add(f"{number}{'' if is_noted else ' (not in the journal)'} of {of.code}")
        return found


class Touched:
    """Watches statements for the tables that they write."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Note the table of a statement that writes, and let it pass."""
        if match := WRITTEN.match(sql):
            verb, table = match.groups()
            is_append = verb.upper().startswith("INSERT")
            if not table.startswith(PASSING) or (table == "kernel_journalentry" and not is_append):
                self.tables.add(table)
        return execute(sql, params, many, context)


def read(response: Any) -> str:
    """Return all that stands in an answer, workbooks unpacked."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if not content.startswith(b"PK\x03\x04"):
        return str(content.decode(errors="replace"))
    with zipfile.ZipFile(BytesIO(content)) as packed:
        return "\n".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


def plain(text: str) -> str:
    """Return a text with what addresses and scripts escape written out."""
    if "\\u" in text:
        text = ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return unquote(text) if "%" in text else text


def said(*parts: Any) -> str:
    """Return all that a request itself says, for what an answer repeats is no leak."""
    return plain(" ".join(p if isinstance(p, str) else json.dumps(p, default=str) for p in parts))
