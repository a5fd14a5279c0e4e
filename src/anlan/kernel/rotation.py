"""New keys for what is encrypted at rest, while the program runs.

A new key is put in front of the old ones, so that every process writes with it and still reads
all; then each stored value is encrypted anew, each by an update that only holds while the value is
the one that was read: whoever writes at the same time wins, and wrote with the new key. An old key
leaves when nothing needs it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.functions import Cast

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.encryption import EncryptedTextField, box_of, keys_in_use, write_keys

BATCH, BINARY_BATCH, MOST_PASSES = 200, 4, 6
RETIRE_AFTER = timedelta(minutes=10)

Progress = Callable[[str, int, int], None]
"""Is told the table, how many of its rows were looked at, and how many there are."""


class KeysFromEnvironment(RuntimeError):
    """The keys stand in a variable, which only the operator can change."""

    def __init__(self) -> None:
        super().__init__(
            "The keys stand in ANLAN_ENCRYPTION_KEYS. Put a new one in front of it "
            "(`anlan keys make` prints one), with a comma after it; restart every process; then "
            "run this again."
        )


class OldKeyNeeded(RuntimeError):
    """An old key cannot leave yet; the sentence says why and what to wait for."""


@dataclass(frozen=True)
class Rotation:
    """What encrypting anew did: values written, values that no key opens."""

    values: int
    unreadable: int


@dataclass(frozen=True)
class Column:
    """One encrypted column."""

    model: type[models.Model]
    name: str
    is_binary: bool

    @property
    def raw(self) -> models.Expression | models.F:
        """Return the stored token as it lies in the table."""
        return models.F(self.name) if self.is_binary else Cast(self.name, models.TextField())

    def stored(self, token: bytes) -> models.Value:
        """Return a token as the value to store."""
        if self.is_binary:
            return models.Value(token, output_field=models.BinaryField())
        return models.Value(token.decode(), output_field=models.TextField())


def encrypted_columns() -> list[Column]:
    """Return every encrypted column: the encrypted texts, and bytes that hold personal data."""
    found = []
    for model in apps.get_models():
        personal = getattr(model, "personal_data", ())
        for field in model._meta.local_concrete_fields:
            is_binary = isinstance(field, models.BinaryField) and field.name in personal
            if is_binary or isinstance(field, EncryptedTextField):
                found.append(Column(model=model, name=field.name, is_binary=is_binary))
    return found


def add_key(*, by: Actor, now: datetime) -> bool:
    """Put a new key in front and tell whether it did; an unfinished rotation keeps its own.

    Raises KeysFromEnvironment when the keys do not stand in the file.
    """
    if settings.ANLAN_ENCRYPTION_KEYS:
        if len(settings.ANLAN_ENCRYPTION_KEYS) > 1:
            return False
        raise KeysFromEnvironment
    keys = keys_in_use()
    if len(keys) > 1:
        return False
    write_keys((Fernet.generate_key().decode(), *keys))
    journal.record("keys.added", by=by, now=now)
    return True


def encrypt_anew(
    *, by: Actor, now: datetime, progress: Progress = lambda table, done, total: None
) -> Rotation:
    """Bring every stored value under the first key and return what was done.

    Goes over the tables again until a pass finds nothing to do. May be stopped at any moment and
    begun again.
    """
    total = 0
    for _ in range(MOST_PASSES):
        done, unreadable = 0, 0
        for column in encrypted_columns():
            written, closed = _encrypt_column(column, progress=progress)
            done, unreadable = done + written, unreadable + closed
        total += done
        if not done:
            break
    journal.record(
        "keys.rotated", by=by, now=now, detail={"values": total, "unreadable": unreadable}
    )
    return Rotation(values=total, unreadable=unreadable)


def retire_old_keys(*, by: Actor, now: datetime) -> int:
    """Take every key but the first out of use and return how many left.

    Raises OldKeyNeeded while a value needs one, and until the new key has been in use long enough
    for any work that began before it to have ended.
    """
    keys = keys_in_use()
    if len(keys) == 1:
        return 0
    _check_settled(now=now)
    left = sum(1 for column in encrypted_columns() for _ in _under_old_keys(column))
    if left:
        raise OldKeyNeeded(
            f"{left} values still need an old key. Run `anlan keys rotate` first, then this."
        )
    if settings.ANLAN_ENCRYPTION_KEYS:
        raise OldKeyNeeded(
            "No value needs an old key. Leave only the first one in ANLAN_ENCRYPTION_KEYS and "
            "restart every process."
        )
    write_keys(keys[:1])
    journal.record("keys.retired", by=by, now=now, detail={"keys": len(keys) - 1})
    return len(keys) - 1


def _check_settled(*, now: datetime) -> None:
    """Raise OldKeyNeeded while work that began under the old key may still write."""
    if settings.ANLAN_ENCRYPTION_KEYS:
        return
    changed = datetime.fromtimestamp(settings.ANLAN_ENCRYPTION_KEY_FILE.stat().st_mtime, tz=UTC)
    if now < changed + RETIRE_AFTER:
        minutes = int(RETIRE_AFTER.total_seconds() // 60)
        raise OldKeyNeeded(
            f"The new key has been in use for less than {minutes} minutes, and work that began "
            "before it may still write with the old one. Run this again a little later."
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND xact_start < %s",
                [changed],
            )
            if cursor.fetchone()[0]:
                raise OldKeyNeeded(
                    "A transaction that began before the new key is still open. "
                    "Run this again when it has ended."
                )


def _encrypt_column(column: Column, *, progress: Progress) -> tuple[int, int]:
    """Bring one column under the first key; return how many values, and how many nobody opens."""
    rows = column.model._base_manager.all()
    table, total, seen, written, closed = column.model._meta.label, rows.count(), 0, 0, 0
    for batch in _batches(column):
        box, first = _boxes()
        fresh: list[tuple[Any, Any, bytes]] = []
        for pk, token in batch:
            if not token or _opens(first, token):
                continue
            try:
                fresh.append((pk, token, box.rotate(_as_bytes(token))))
            except InvalidToken:
                closed += 1
        written += _write(column, fresh)
        seen += len(batch)
        progress(table, seen, max(total, seen))
    return written, closed


def _write(column: Column, fresh: list[tuple[Any, Any, bytes]]) -> int:
    """Store new tokens where the old ones still stand, and return how many did."""
    if not fresh:
        return 0
    rows = column.model._base_manager.annotate(raw_token=column.raw)
    with transaction.atomic():
        return sum(
            rows.filter(pk=pk, raw_token=old).update(**{column.name: column.stored(new)})
            for pk, old, new in fresh
        )


def _batches(column: Column) -> Iterator[list[tuple[Any, Any]]]:
    """Give the column's tokens in small lots by key; no transaction stays open between them."""
    rows = column.model._base_manager.annotate(raw_token=column.raw).order_by("pk")
    size = BINARY_BATCH if column.is_binary else BATCH
    last: Any = None
    while batch := list(
        (rows if last is None else rows.filter(pk__gt=last)).values_list("pk", "raw_token")[:size]
    ):
        yield batch
        last = batch[-1][0]


def _under_old_keys(column: Column) -> Iterator[Any]:
    """Give the key of each row whose value only an old key opens."""
    for batch in _batches(column):
        box, first = _boxes()
        for pk, token in batch:
            if token and not _opens(first, token) and _opens(box, token):
                yield pk


def _boxes() -> tuple[MultiFernet, MultiFernet]:
    keys = keys_in_use()
    return box_of(keys), box_of(keys[:1])


def _opens(box: MultiFernet, token: Any) -> bool:
    try:
        box.decrypt(_as_bytes(token))
    except InvalidToken:
        return False
    return True


def _as_bytes(token: Any) -> bytes:
    return token.encode() if isinstance(token, str) else bytes(token)
