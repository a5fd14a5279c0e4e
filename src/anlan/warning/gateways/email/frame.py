"""Letters: plain text with a link, and no header that anybody but us has written."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from urllib.parse import urlsplit

from anlan.warning.gateways.ordering import Unsendable
from anlan.warning.gateways.plain import link_of, one_line, whole_text
from anlan.warning.gateways.provider import Outcome, Outgoing, ProviderSettings

LONGEST_SUBJECT: Final = 150
LONGEST_NAME: Final = 60
_PORTS: Final = {"smtp": 587, "smtps": 465}
_ADDRESS: Final = re.compile(r"[A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9.-]{1,190}", re.ASCII)
_SPECIAL: Final = re.compile(r'[()<>@,:;\\".\[\]=?]')
_FIRST_DOTS: Final = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Office:
    """Where letters are handed in, and whether it is spoken to under TLS from the first byte."""

    host: str
    port: int
    is_secure: bool


def office_of(address: str) -> Office:
    """Return the place that an address means; raise ValueError when it means none."""
    parts = urlsplit(address)
    if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None:
        raise ValueError("no address of a mail server")
    return Office(parts.hostname, parts.port or _PORTS[parts.scheme], parts.scheme == "smtps")


def is_address(text: str) -> bool:
    """Tell whether a text is an address of e-mail and nothing more."""
    return _ADDRESS.fullmatch(text) is not None


def letter_of(message: Outgoing, settings: ProviderSettings, *, now: datetime) -> bytes:
    """Return a letter as it is handed in, dots doubled and the last one at its end.

    Raises Unsendable for an address that is none.
    """
    if not is_address(message.to):
        raise Unsendable("bad-address")
    text, link = whole_text(message), link_of(message)
    if not text:
        raise Unsendable("no-text")
    sender = settings.options.get("from", "")
    letter = EmailMessage(policy=SMTP)
    letter["From"] = Address(_name_in(settings), addr_spec=sender)
    letter["To"] = message.to
    letter["Subject"] = (one_line(message.title) or one_line(text))[:LONGEST_SUBJECT]
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<{message.key}@{sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(f"{text}\n\n{link}\n" if link else f"{text}\n", cte="base64")
    return _FIRST_DOTS.sub(b"..", letter.as_bytes()) + b".\r\n"


def _name_in(settings: ProviderSettings) -> str:
    """Return the sender's name without the signs that mean something in a header of addresses."""
    return one_line(_SPECIAL.sub(" ", settings.options.get("from_name", "")))[:LONGEST_NAME]


def outcome_of(code: int) -> Outcome:
    """Return what a reply means for one letter: 5xx for good, 4xx for now."""
    if 200 <= code < 300:
        return Outcome.TAKEN
    if 400 <= code < 500:
        return Outcome.LATER
    return Outcome.REFUSED if 500 <= code < 600 else Outcome.UNKNOWN
