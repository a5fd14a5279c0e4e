"""What Apprise is given: an address for whom the message is for, and plain words."""

from typing import Final
from urllib.parse import quote

from anlan.warning.gateways.ordering import Unsendable
from anlan.warning.gateways.plain import link_of, one_line, plain_text
from anlan.warning.gateways.provider import Outgoing, ProviderSettings

PLACE: Final = "{to}"
"""Where the address of the person goes into the address of the service, if it names one."""


def url_of(settings: ProviderSettings, *, to: str) -> str:
    """Return the address of a service; it is a secret, for it holds the keys.

    What stands in `to` can neither end a part of the address nor begin another.
    """
    return (settings.secret or settings.address).strip().replace(PLACE, quote(to, safe=""))


def words_of(message: Outgoing) -> tuple[str, str]:
    """Return title and body; raise Unsendable when there is nothing to say."""
    title, text, link = one_line(message.title), plain_text(message.text), link_of(message)
    if not title and not text:
        raise Unsendable("no-text")
    return title, "\n".join(each for each in (text or title, link) if each)
