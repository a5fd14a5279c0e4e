"""The one-tap link: a signed token that names one letter to one person, and nothing else.

A letter is the messages to one person that left together. A token is its name and a keyed digest
of it, 16 letters each: short enough for a text message.
"""

import base64
import hmac
import re
import secrets
from typing import Final

LETTER_BYTES: Final = 8
DIGEST_BYTES: Final = 12
_FORM: Final = re.compile(r"[0-9a-f]{16}[A-Za-z0-9_-]{16}")
_SALT: Final = b"anlan one-tap answer 1"


class ForgedLink(ValueError):
    """A token that this program did not sign."""


def new_letter() -> str:
    """Return the name of a new letter: 64 bits of chance in 16 hexadecimal digits."""
    return secrets.token_hex(LETTER_BYTES)


def token_for(letter: str, *, key: str) -> str:
    """Return the token that opens a letter."""
    return letter + _digest(letter, key=key)


def letter_of(token: str, *, key: str) -> str:
    """Return the letter that a token opens; raise ForgedLink for any other text."""
    if not _FORM.fullmatch(token):
        raise ForgedLink
    letter, digest = token[: 2 * LETTER_BYTES], token[2 * LETTER_BYTES :]
    if not hmac.compare_digest(_digest(letter, key=key), digest):
        raise ForgedLink
    return letter


def _digest(letter: str, *, key: str) -> str:
    made = hmac.digest(key.encode(), _SALT + letter.encode(), "sha256")[:DIGEST_BYTES]
    return base64.urlsafe_b64encode(made).decode()
