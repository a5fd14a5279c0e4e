"""Say what is wrong with the settings of a provider, before anything is sent by them."""

import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from apprise import Apprise
from django.utils.translation import gettext as _

from anlan.warning.gateways.apprise_any.frame import url_of
from anlan.warning.gateways.email.frame import is_address, office_of
from anlan.warning.gateways.loudspeaker.transport import broker_of
from anlan.warning.gateways.provider import ProviderSettings
from anlan.warning.gateways.web import place_of

SHORTEST_S, LONGEST_S = 0.1, 60.0
_CODES: Final = frozenset(("taken_codes", "refused_codes", "later_codes", "down_codes"))
_ORDERS: Final = _CODES | {"batch", "ca"}
OPTIONS: Final[Mapping[str, frozenset[str]]] = {
    "sms": _ORDERS | {"sign_name", "most_parts", "signing"},
    "voice": _ORDERS | {"prompt"},
    "loudspeaker_http": _ORDERS | {"repeat", "level", "from_colour"},
    "loudspeaker_mqtt": frozenset(("topic", "version", "repeat", "level", "from_colour", "ca")),
    "wecom": frozenset(("format", "ca")),
    "dingtalk": frozenset(("ca",)),
    "email": frozenset(("from", "from_name", "tls", "ca")),
    "apprise": frozenset(),
}
"""What each kind knows."""
_NUMBERS: Final = {"batch": 100, "most_parts": 10, "repeat": 20, "level": 4}
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "signing": ("hmac", "md5"),
    "format": ("text", "markdown"),
    "tls": ("starttls", "none"),
    "version": ("5", "3.1.1"),
    "from_colour": ("blue", "yellow", "orange", "red"),
}
Faults = Iterator[tuple[str, str]]
"""What is wrong: the field, or the name of the option, and a sentence."""
_TOPIC: Final = re.compile(r"[^+#\0]{1,200}")
_KEY_IN_ADDRESS: Final = re.compile(r"[?&](key|access_token)=")


def check_settings(kind: str, settings: ProviderSettings) -> list[str]:
    """Return a sentence for each thing that is wrong, none when a provider can be made."""
    return [sentence for _field, sentence in faults_by_field(kind, settings)]


def faults_by_field(kind: str, settings: ProviderSettings) -> list[tuple[str, str]]:
    """Return the same sentences, each with the field, or the name of the option, that it is of."""
    if kind not in OPTIONS:
        return [("kind", _("There is no kind of channel called “%(kind)s”.") % {"kind": kind})]
    return [*_common_faults(kind, settings), *_FAULTS[kind](settings)]


def _common_faults(kind: str, settings: ProviderSettings) -> Faults:
    if not SHORTEST_S <= settings.timeout_s <= LONGEST_S:
        yield "timeout_s", _("Give the time limit in seconds, from 0.1 to 60.")
    for name, value in sorted(settings.options.items()):
        words = {"name": name, "value": value}
        if name not in OPTIONS[kind]:
            yield name, _("This kind of channel has no option “%(name)s”; leave it out.") % words
        elif name in _NUMBERS:
            is_number = value.isascii() and value.isdigit() and len(value) < 5
            if not is_number or not 1 <= int(value) <= _NUMBERS[name]:
                words["most"] = str(_NUMBERS[name])
                said = _("The option “%(name)s” is a number from 1 to %(most)s; it is “%(value)s”.")
                yield name, said % words
        elif name in CHOICES and value not in CHOICES[name]:
            words["choices"] = ", ".join(CHOICES[name])
            said = _("The option “%(name)s” is one of %(choices)s; it is “%(value)s”.")
            yield name, said % words
    if settings.options.get("ca") and not _is_authority(settings.options["ca"]):
        yield "ca", _("The option “ca” names no file with a certificate authority in PEM.")


def _is_authority(file: str) -> bool:
    if not Path(file).is_file():
        return False
    try:
        ssl.create_default_context(cafile=file)
    except (ssl.SSLError, OSError):
        return False
    return True


def _web_faults(settings: ProviderSettings, *, is_bare: bool) -> Faults:
    """Give what is wrong with a web address; `is_bare` when the secret itself goes over it."""
    try:
        place = place_of(settings.address)
    except ValueError:
        yield "address", _("The address is no web address such as https://gateway.example.cn/send.")
        return
    if is_bare and not place.is_secure and not _is_near(place.host):
        yield (
            "address",
            _("The secret would go through the net unprotected: use an address with https."),
        )


def _is_near(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost"


def _order_faults(settings: ProviderSettings) -> Faults:
    yield from _web_faults(settings, is_bare=settings.options.get("signing") == "md5")
    if not re.fullmatch(r"[!-~]{1,64}", settings.account):
        yield (
            "account",
            _("Give the account: the application's number at the provider, without blanks."),
        )
    if not settings.secret:
        yield "secret", _("Give the secret with which orders and callbacks are signed.")


def _sms_faults(settings: ProviderSettings) -> Faults:
    yield from _order_faults(settings)
    if not settings.options.get("sign_name", "").strip("【】 "):
        yield (
            "sign_name",
            _("Give the option “sign_name”: the signature registered with the operator."),
        )


def _voice_faults(settings: ProviderSettings) -> Faults:
    yield from _order_faults(settings)
    if not settings.options.get("prompt", "").strip():
        yield "prompt", _("Give the option “prompt”: the words that ask for a key.")


def _robot_faults(settings: ProviderSettings) -> Faults:
    if settings.address:
        yield from _web_faults(settings, is_bare=True)
    if _KEY_IN_ADDRESS.search(settings.address):
        yield "address", _("Move the key out of the address into the secret, where nobody sees it.")
    if not settings.secret.strip():
        yield (
            "secret",
            _("Give the secret: the robot's key, for DingTalk the token, a blank and SEC…."),
        )


def _email_faults(settings: ProviderSettings) -> Faults:
    try:
        office = office_of(settings.address)
    except ValueError:
        yield "address", _("The address is no mail server such as smtps://mail.example.cn.")
        return
    if not is_address(settings.options.get("from", "")):
        yield "from", _("Give the option “from”: the e-mail address that letters come from.")
    if settings.account and settings.options.get("tls") == "none" and not office.is_secure:
        yield (
            "account",
            _("No password goes to a mail server without TLS: leave out the account or use TLS."),
        )


def _mqtt_faults(settings: ProviderSettings) -> Faults:
    try:
        broker_of(settings.address)
    except ValueError:
        yield "address", _("The address is no broker such as mqtts://broker.example.cn.")
    topic = settings.options.get("topic", "{device}")
    if "{device}" not in topic or not _TOPIC.fullmatch(topic):
        yield (
            "topic",
            _("The option “topic” is a topic of MQTT with {device} in it, without + and #."),
        )


def _apprise_faults(settings: ProviderSettings) -> Faults:
    if Apprise.instantiate(url_of(settings, to="13900000000")) is None:
        yield (
            "secret",
            _("The secret is no address that Apprise knows, such as tgram://token/{to}."),
        )


_FAULTS: Final[Mapping[str, Callable[[ProviderSettings], Faults]]] = {
    "sms": _sms_faults,
    "voice": _voice_faults,
    "loudspeaker_http": _order_faults,
    "loudspeaker_mqtt": _mqtt_faults,
    "wecom": _robot_faults,
    "dingtalk": _robot_faults,
    "email": _email_faults,
    "apprise": _apprise_faults,
}
