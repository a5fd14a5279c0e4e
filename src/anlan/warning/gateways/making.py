"""Make a provider by the name of its kind, and read what one calls back."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from anlan.warning.gateways.apprise_any.transport import AppriseAny
from anlan.warning.gateways.checking import check_settings
from anlan.warning.gateways.email.transport import Email
from anlan.warning.gateways.loudspeaker import frame as loudspeaker
from anlan.warning.gateways.loudspeaker.transport import LoudspeakerHttp, LoudspeakerMqtt
from anlan.warning.gateways.posting import Guarded
from anlan.warning.gateways.provider import Callback, CallbackRefused, Provider, ProviderSettings
from anlan.warning.gateways.robots.transport import DingTalk, WeCom
from anlan.warning.gateways.sms import frame as sms
from anlan.warning.gateways.sms.transport import Sms
from anlan.warning.gateways.voice import frame as voice
from anlan.warning.gateways.voice.transport import Voice

__all__ = ["CALLS_BACK", "KINDS", "check_settings", "make_provider", "read_callback"]

_MAKERS: Final[Mapping[str, Callable[[ProviderSettings], Provider]]] = {
    "sms": Sms,
    "voice": Voice,
    "wecom": WeCom,
    "dingtalk": DingTalk,
    "email": Email,
    "loudspeaker_mqtt": LoudspeakerMqtt,
    "loudspeaker_http": LoudspeakerHttp,
    "apprise": AppriseAny,
}
KINDS: Final = tuple(_MAKERS)
_READERS: Final = {
    "sms": sms.read_callback,
    "voice": voice.read_callback,
    "loudspeaker_http": loudspeaker.read_callback,
}
CALLS_BACK: Final = tuple(_READERS)
"""The kinds whose providers call back."""


def make_provider(kind: str, settings: ProviderSettings) -> Provider:
    """Return a provider of a kind; raise ValueError when its settings cannot be used at all.

    The error names no address, no account and no secret. Ask `check_settings` for sentences.
    """
    if kind not in _MAKERS:
        raise ValueError("no such kind")
    try:
        made = _MAKERS[kind](settings)
    except Exception as error:  # noqa: BLE001 - its text may hold an address with a key
        fault = type(error).__name__
    else:
        return Guarded(made, name=settings.name)
    raise ValueError(f"{settings.name} cannot be used: {fault}")


def read_callback(
    kind: str,
    settings: ProviderSettings,
    *,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> Callback:
    """Return what stood in a request that a provider has signed; raise CallbackRefused."""
    if kind not in _READERS:
        raise CallbackRefused("no-callbacks")
    return _READERS[kind](settings, headers=headers, body=body, now=now)
