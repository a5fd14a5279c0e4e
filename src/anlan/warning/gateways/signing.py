"""Sign what goes to a provider, and open what one of ours has signed and nobody else.

A signature is the HMAC-SHA256, in hex, of five lines: `order` or `callback`, the account, the
time in seconds since 1970, a nonce, and the body as it is. The first four stand in headers or are
known, so that nothing of the body is read before it is known to be whole.
"""

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import md5, sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from anlan.warning.gateways.provider import CallbackRefused, ProviderSettings

ACCOUNT: Final = "X-App-Id"
TIMESTAMP: Final = "X-Timestamp"
NONCE: Final = "X-Nonce"
SIGNATURE: Final = "X-Signature"
ORDER, CALLBACK = "order", "callback"
LONGEST_BODY: Final = 256 * 1024
BEIJING: Final = ZoneInfo("Asia/Shanghai")
OLDEST: Final = timedelta(minutes=5)
_SECONDS: Final = re.compile(r"\d{1,10}", re.ASCII)
_NONCE: Final = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Opened:
    """What stood in a signed request."""

    nonce: str
    at: datetime
    document: Mapping[str, Any]


def signature_of(
    body: bytes, *, secret: str, purpose: str, account: str, timestamp: str, nonce: str
) -> str:
    """Return the signature of a body, 64 digits in hex."""
    head = f"{purpose}\n{account}\n{timestamp}\n{nonce}\n".encode("utf-8", "replace")
    return hmac.new(secret.encode("utf-8", "replace"), head + body, sha256).hexdigest()


def signed(
    body: bytes,
    *,
    settings: ProviderSettings,
    now: datetime,
    nonce: str,
    purpose: str = ORDER,
) -> dict[str, str]:
    """Return the headers that go with a body."""
    timestamp = str(int(now.timestamp()))
    return {
        ACCOUNT: settings.account,
        TIMESTAMP: timestamp,
        NONCE: nonce,
        SIGNATURE: signature_of(
            body,
            secret=settings.secret,
            purpose=purpose,
            account=settings.account,
            timestamp=timestamp,
            nonce=nonce,
        ),
    }


def md5_head(settings: ProviderSettings, *, now: datetime) -> dict[str, str]:
    """Return what older gateways want at the head of an order instead of a signature.

    It is the MD5, in hex, of account, password and time in a row. It covers nothing of the order,
    so it is for an inner network or HTTPS alone, and no callback is believed by it.
    """
    timestamp = now.astimezone(BEIJING).strftime("%Y%m%d%H%M%S")
    said = f"{settings.account}{settings.secret}{timestamp}".encode("utf-8", "replace")
    sign = md5(said, usedforsecurity=False).hexdigest()
    return {"account": settings.account, "timestamp": timestamp, "sign": sign}


def opened(
    settings: ProviderSettings, *, headers: Mapping[str, str], body: bytes, now: datetime
) -> Opened:
    """Return what a provider has signed with the secret of these settings.

    Raises CallbackRefused, which says in one word why: `unsigned`, `too-large`, `signature`,
    `old` or `unreadable`.
    """
    told = {name.lower(): value for name, value in headers.items()}
    timestamp, nonce, given = (told.get(x.lower(), "") for x in (TIMESTAMP, NONCE, SIGNATURE))
    # Without a secret everybody could sign.
    if not settings.secret or not _SECONDS.fullmatch(timestamp) or not _NONCE.fullmatch(nonce):
        raise CallbackRefused("unsigned")
    if len(body) > LONGEST_BODY:
        raise CallbackRefused("too-large")
    right = signature_of(
        body,
        secret=settings.secret,
        purpose=CALLBACK,
        account=settings.account,
        timestamp=timestamp,
        nonce=nonce,
    )
    if not hmac.compare_digest(right.encode(), given.lower().encode("utf-8", "replace")):
        raise CallbackRefused("signature")
    at = datetime.fromtimestamp(int(timestamp), UTC)
    if abs(now - at) > OLDEST:
        raise CallbackRefused("old")
    return Opened(nonce, at, document_in(body))


def document_in(body: bytes) -> Mapping[str, Any]:
    """Return the JSON object that a body is; raise CallbackRefused when it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise CallbackRefused("unreadable") from None
    if not isinstance(found, dict):
        raise CallbackRefused("unreadable")
    return found
