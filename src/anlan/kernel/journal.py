"""The one journal: what happened, in the transaction in which it happened, in a chain of hashes."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from django.db import connection, transaction
from django.db.models import Max

from anlan.kernel.actors import Actor
from anlan.kernel.codes import code_range
from anlan.kernel.models import JournalEntry, JournalSeal
from anlan.kernel.scope import active

GENESIS = "0" * 64
SEAL_BATCH = 5_000

# The journal is written at every step of the chain: prepared statements cost a tenth of the mapper.
_APPEND = """
INSERT INTO kernel_journalentry
(at, act, actor, account_id, person_id, subject, division_code, cause, detail, digest)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, '')
"""
_SEAL = "UPDATE kernel_journalentry SET seq = %s, digest = %s WHERE id = %s AND seq IS NULL"


@dataclass(frozen=True)
class Note:
    """One entry to write. `subject` and `cause` are `kind:identifier`, for example `warning:…`."""

    act: str
    subject: str = ""
    division_code: str = ""
    cause: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """The first place at which the chain does not hold."""

    kind: Literal["changed", "missing", "seal"]
    seq: int


@dataclass(frozen=True)
class Verification:
    """What a walk along the chain found; `head` is the digest of the last sealed entry."""

    checked: int
    unsealed: int
    head: str
    fault: Fault | None


def record(
    act: str,
    *,
    by: Actor,
    now: datetime,
    subject: str = "",
    division_code: str = "",
    cause: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append one entry to the journal, in the transaction of the caller."""
    note = Note(
        act=act, subject=subject, division_code=division_code, cause=cause, detail=detail or {}
    )
    record_all([note], by=by, now=now)


def record_all(notes: Iterable[Note], *, by: Actor, now: datetime) -> None:
    """Append several entries of one actor and one instant, in the transaction of the caller."""
    rows = [
        (
            connection.ops.adapt_datetimefield_value(now),
            note.act,
            by.label,
            by.account_id,
            by.person_id,
            note.subject,
            note.division_code,
            note.cause,
            _canonical(dict(note.detail)),
        )
        for note in notes
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_APPEND, rows)


def entries(*, causes: Iterable[str] = (), acts: Iterable[str] = ()) -> list[JournalEntry]:
    """Return the entries in sight, oldest first, narrowed to these causes and acts when given."""
    rows = JournalEntry.objects.order_by("at", "id")
    scope = active()
    if not scope.is_everywhere:
        sight = JournalEntry.objects.none()
        for prefix in scope.prefixes:
            low, high = code_range(prefix)
            sight = sight | JournalEntry.objects.filter(division_code__range=(low, high))
        rows = sight.order_by("at", "id")
    if causes := list(causes):
        rows = rows.filter(cause__in=causes)
    if acts := list(acts):
        rows = rows.filter(act__in=acts)
    return list(rows)


@dataclass(frozen=True)
class Told:
    """An entry about one thing, as its page tells it; `columns` are those that changed."""

    at: datetime
    act: str
    actor: str
    columns: tuple[str, ...]


def entries_about(subject: str, *, most: int) -> list[Told]:
    """Return the latest entries about one thing, newest first; who may see it is the caller's."""
    rows = JournalEntry.objects.filter(subject=subject).order_by("-at", "-id")[:most]
    return [
        Told(
            at=row.at,
            act=row.act,
            actor=row.actor,
            columns=tuple(json.loads(row.detail).get("columns", ())),
        )
        for row in rows
    ]


def seal(*, now: datetime) -> int:
    """Close all open entries into the chain and return how many.

    Entries that commit later than others with higher numbers are taken by the next seal. Two
    seals at once cannot both succeed: the second meets the first one's sequence number.
    """
    sealed = 0
    while batch := _seal_batch(now=now):
        sealed += batch
    return sealed


@transaction.atomic
def _seal_batch(*, now: datetime) -> int:
    rows = list(JournalEntry.objects.filter(seq__isnull=True).order_by("id")[:SEAL_BATCH])
    if not rows:
        return 0
    last = JournalSeal.objects.order_by("-last_seq").first()
    first_seq, head = (last.last_seq + 1, last.head) if last else (1, GENESIS)
    for seq, row in enumerate(rows, start=first_seq):
        row.seq = seq
        row.digest = head = digest_of(row, previous=head)
    JournalSeal.objects.create(
        first_seq=first_seq, last_seq=first_seq + len(rows) - 1, head=head, sealed_at=now
    )
    with connection.cursor() as cursor:
        cursor.executemany(_SEAL, [(row.seq, row.digest, row.pk) for row in rows])
    return len(rows)


def verify(*, expected_head: str = "") -> Verification:
    """Walk the whole chain and return what was found, with the first fault if there is one.

    `expected_head` is a digest noted down earlier; when no entry carries it, the end of the chain
    has been cut off.
    """
    head, checked, met = GENESIS, 0, not expected_head
    for row in _sealed():
        checked += 1
        if row.seq != checked:
            return _found("missing", checked, head=head, checked=checked - 1)
        if digest_of(row, previous=head) != row.digest:
            return _found("changed", checked, head=head, checked=checked)
        head = row.digest
        met = met or head == expected_head
    sealed_to = JournalSeal.objects.aggregate(last=Max("last_seq"))["last"] or 0
    if sealed_to < checked:
        return _found("seal", sealed_to + 1, head=head, checked=checked)
    if sealed_to > checked or not met:
        return _found("missing", checked + 1, head=head, checked=checked)
    if broken := _broken_seal():
        return _found("seal", broken, head=head, checked=checked)
    return Verification(checked=checked, unsealed=_unsealed(), head=head, fault=None)


def _found(
    kind: Literal["changed", "missing", "seal"], seq: int, *, head: str, checked: int
) -> Verification:
    fault = Fault(kind=kind, seq=seq)
    return Verification(checked=checked, unsealed=_unsealed(), head=head, fault=fault)


def _sealed() -> Iterator[JournalEntry]:
    return JournalEntry.objects.filter(seq__isnull=False).order_by("seq").iterator(2_000)


def _unsealed() -> int:
    return JournalEntry.objects.filter(seq__isnull=True).count()


def _broken_seal() -> int | None:
    """Return the first number that a seal gives wrongly: its run or the digest at its end."""
    expected = 1
    for seal_row in JournalSeal.objects.order_by("first_seq"):
        ends = JournalEntry.objects.filter(seq=seal_row.last_seq, digest=seal_row.head)
        if seal_row.first_seq != expected or not ends.exists():
            return expected
        expected = seal_row.last_seq + 1
    return None


def digest_of(row: JournalEntry, *, previous: str) -> str:
    """Return the SHA-256 of an entry chained to the digest before it, in hexadecimal."""
    content = [
        previous,
        row.seq,
        row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.act,
        row.actor,
        row.account_id,
        row.person_id,
        row.subject,
        row.division_code,
        row.cause,
        row.detail,
    ]
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _canonical(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
