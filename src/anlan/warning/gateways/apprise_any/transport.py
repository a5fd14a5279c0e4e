"""The wire of Apprise: it tells whether a service took a message, and little more.

Apprise and the libraries under it log addresses, and the keys stand in them. Nothing that they
log leaves their loggers.
"""

import logging
from collections.abc import Sequence
from typing import Final

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat
from apprise.result import AppriseResultStatus

from anlan.warning.gateways.apprise_any.frame import PLACE, url_of, words_of
from anlan.warning.gateways.posting import one_by_one
from anlan.warning.gateways.provider import Outcome, Outgoing, ProviderSettings, Sent

TELLTALES: Final = ("apprise", "urllib3.connectionpool", "oauthlib", "requests_oauthlib")
_MEANINGS: Final = {
    AppriseResultStatus.SUCCESS: Sent(Outcome.TAKEN),
    AppriseResultStatus.NOMATCH: Sent(Outcome.DOWN, reason="bad-address"),
    AppriseResultStatus.TIMEOUT: Sent(Outcome.UNKNOWN, reason="timeout"),
}
_FAILED: Final = Sent(Outcome.UNKNOWN, reason="failed")
"""Apprise does not say whether a service refused a message or was never reached."""


def _nothing(_record: logging.LogRecord) -> bool:
    return False


def _hush() -> None:
    for name in TELLTALES:
        log = logging.getLogger(name)
        log.addFilter(_nothing)
        log.addHandler(logging.NullHandler())
        log.propagate = False


_hush()


class AppriseAny:
    """Sends through one service, or through one for each person where the address has a place."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings
        self._asset = AppriseAsset(
            app_id="Anlan",
            app_desc="Anlan",
            app_url="",
            async_mode=False,
            http_redirects=False,
            interpret_emojis=False,
            interpret_escapes=False,
            allow_templates=False,
            secure_logging=True,
            storage_mode="memory",
            service_timeout=settings.timeout_s,
        )
        self._is_for_all = PLACE not in (settings.secret or settings.address)
        self._service = self._made(to="13900000000")
        if self._service is None:
            raise ValueError("no address that Apprise knows")

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Sent]:
        """Send in turn, and wait for no service longer than its time."""
        return one_by_one(messages, self._sent)

    def close(self) -> None:
        """Do nothing: Apprise keeps no connection."""

    def _made(self, *, to: str) -> NotifyBase | None:
        made = Apprise.instantiate(url_of(self._settings, to=to), asset=self._asset)
        return made if isinstance(made, NotifyBase) else None

    def _sent(self, message: Outgoing) -> Sent:
        title, body = words_of(message)
        service = self._service if self._is_for_all else self._made(to=message.to)
        if service is None:
            return Sent(Outcome.REFUSED, reason="bad-address")
        speaking = Apprise(asset=self._asset)
        speaking.add(service)
        result = speaking.notify(
            body=body,
            title=title,
            body_format=NotifyFormat.TEXT,
            timeout=self._settings.timeout_s,
            interpret_escapes=False,
        )
        return _MEANINGS.get(result.status, _FAILED)
