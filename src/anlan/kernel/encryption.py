"""Encryption at rest for personal numbers, with keys that can be rotated.

The keys stand in the variable ANLAN_ENCRYPTION_KEYS or, without it, in a file. A running process
looks at the file's stamp at every use: a key added by `anlan keys rotate` is in use at once.
"""

import hmac
import os
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

Stamp = tuple[str, int, int, int]


class UnreadableSecret(ValueError):
    """An encrypted value that none of the present keys opens."""

    def __init__(self) -> None:
        super().__init__("no key in ANLAN_ENCRYPTION_KEYS or encryption.key opens this value")


_seen: list[tuple[Stamp, tuple[str, ...]]] = []


def keys_in_use() -> tuple[str, ...]:
    """Return the keys, the one that writes first."""
    if settings.ANLAN_ENCRYPTION_KEYS:
        return tuple(settings.ANLAN_ENCRYPTION_KEYS)
    path: Path = settings.ANLAN_ENCRYPTION_KEY_FILE
    found = os.stat(path)
    stamp = (str(path), found.st_ino, found.st_mtime_ns, found.st_size)
    if not _seen or _seen[-1][0] != stamp:
        _seen[:] = [(stamp, tuple(path.read_text().strip().split(",")))]
    return _seen[-1][1]


def write_keys(keys: tuple[str, ...]) -> None:
    """Put the keys into the file in one step; whoever reads it finds the old or the new ones."""
    path: Path = settings.ANLAN_ENCRYPTION_KEY_FILE
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(",".join(keys))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


@cache
def box_of(keys: tuple[str, ...]) -> MultiFernet:
    """Return what encrypts under the first of these keys and opens under any."""
    return MultiFernet([Fernet(key) for key in keys])


def encrypt_bytes(content: bytes) -> bytes:
    """Return `content` encrypted under the first key, a third longer."""
    return box_of(keys_in_use()).encrypt(content)


def decrypt_bytes(token: bytes | memoryview) -> bytes:
    """Return the content of `token`; raise UnreadableSecret when no key opens it."""
    try:
        return box_of(keys_in_use()).decrypt(bytes(token))
    except InvalidToken as error:
        raise UnreadableSecret from error


def encrypt(text: str) -> str:
    """Return `text` encrypted under the first key."""
    return encrypt_bytes(text.encode()).decode()


def decrypt(token: str) -> str:
    """Return the text in `token`; raise UnreadableSecret when no key opens it."""
    return decrypt_bytes(token.encode()).decode()


def index_of(text: str) -> str:
    """Return the keyed digest by which an encrypted value is found again, 32 hexadecimal digits.

    Equal texts have equal digests under one key; without the key a digest says nothing.
    """
    if not text:
        return ""
    return hmac.digest(_index_key(settings.ANLAN_INDEX_KEY), text.encode(), "sha256").hex()[:32]


@cache
def _index_key(key: str) -> bytes:
    return key.encode()


def masked(number: str) -> str:
    """Return a number with its middle hidden, for pages: 138****0001."""
    if len(number) <= 4:
        return "*" * len(number)
    head, tail = (3, 4) if len(number) >= 9 else (1, 2)
    return number[:head] + "*" * (len(number) - head - tail) + number[-tail:]


class EncryptedTextField(models.TextField[str, str]):
    """A text that the database holds only encrypted; an empty text stays empty."""

    def get_prep_value(self, value: Any) -> Any:
        """Return the encrypted form to store."""
        return encrypt(str(value)) if value else value

    def from_db_value(
        self, value: str | None, expression: object, connection: BaseDatabaseWrapper
    ) -> str | None:
        """Return the plain text of a stored value."""
        return decrypt(value) if value else value
