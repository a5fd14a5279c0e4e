"""Encryption at rest for personal numbers, with keys that can be rotated."""

import hmac
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class UnreadableSecret(ValueError):
    """An encrypted value that none of the present keys opens."""

    def __init__(self) -> None:
        super().__init__("no key in ANLAN_ENCRYPTION_KEYS opens this value")


@cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    """Return `text` encrypted under the first key."""
    return _box(tuple(settings.ANLAN_ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Return the text in `token`; raise UnreadableSecret when no key opens it."""
    try:
        return _box(tuple(settings.ANLAN_ENCRYPTION_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise UnreadableSecret from error


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
