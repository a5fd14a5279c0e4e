"""The words of the pages of ways out: what each kind's fields are called, and how a provider is."""

from typing import Final

from django.utils.translation import gettext as _

from anlan.warning.data import ChannelKind
from anlan.warning.gateways.provider import Outcome

NO_ADDRESS: Final = frozenset({ChannelKind.APPRISE.value})
NO_ACCOUNT: Final = frozenset(
    {ChannelKind.WECOM.value, ChannelKind.DINGTALK.value, ChannelKind.APPRISE.value}
)
HAS_LOGIN: Final = frozenset({ChannelKind.EMAIL.value, ChannelKind.LOUDSPEAKER_MQTT.value})
SIGNING: Final = frozenset(
    {ChannelKind.SMS.value, ChannelKind.VOICE.value, ChannelKind.LOUDSPEAKER_HTTP.value}
)
RARE: Final = frozenset(
    {
        *("taken_codes", "refused_codes", "later_codes", "down_codes", "batch", "ca"),
        *("level", "version", "signing", "most_parts", "tls", "topic"),
    }
)
"""Options that few counties need: they stand folded up."""


def address_label(kind: str) -> tuple[str, str]:
    """Return what the address of a kind is called, and an example."""
    return {
        ChannelKind.EMAIL.value: (_("Mail server"), "smtps://mail.example.cn"),
        ChannelKind.LOUDSPEAKER_MQTT.value: (_("Broker"), "mqtts://broker.example.cn"),
        ChannelKind.WECOM.value: (_("Address, only of a private WeCom"), ""),
        ChannelKind.DINGTALK.value: (_("Address, only of a private DingTalk"), ""),
    }.get(kind, (_("Web address of the gateway"), "https://gateway.example.cn/send"))


def account_label(kind: str) -> str:
    """Return what the account of a kind is called."""
    if kind in HAS_LOGIN:
        return _("User name, if there is a login")
    return _("Application number at the provider")


def secret_label(kind: str) -> str:
    """Return what the secret of a kind is called."""
    if kind in HAS_LOGIN:
        return _("Password")
    if kind == ChannelKind.DINGTALK:
        return _("The robot's token, a blank, and its SEC…")
    if kind == ChannelKind.WECOM:
        return _("The robot's key")
    if kind == ChannelKind.APPRISE:
        return _("The whole Apprise address, with {to} for the person's own")
    return _("Secret that signs orders and callbacks")


def option_label(name: str) -> str:
    """Return what an option is called."""
    return {
        "sign_name": _("Registered signature, without 【】"),
        "most_parts": _("Parts of a long text message at most, 1 to 10"),
        "signing": _("How orders are signed"),
        "batch": _("Messages in one order at most"),
        "prompt": _("Words that ask for a key"),
        "format": _("Form of the words"),
        "from": _("E-mail address of the sender"),
        "from_name": _("Name of the sender"),
        "tls": _("TLS of the mail server"),
        "topic": _("Topic, with {device} in it"),
        "repeat": _("How often a text is read out, 1 to 20"),
        "level": _("Level where a message has none, 1 red to 4 blue"),
        "from_colour": _("Mildest colour that is read out, usually orange"),
        "version": _("Version of MQTT"),
        "ca": _("File of the certificate authority of an inner network"),
        "taken_codes": _("The provider's codes for: taken"),
        "refused_codes": _("The provider's codes for: refused"),
        "later_codes": _("The provider's codes for: later"),
        "down_codes": _("The provider's codes for: nothing goes"),
    }.get(name, name)


def choice_label(value: str) -> str:
    """Return what a value to choose is called."""
    return {
        "blue": _("blue"),
        "yellow": _("yellow"),
        "orange": _("orange"),
        "red": _("red"),
        "text": _("plain text"),
        "markdown": "Markdown",
        "hmac": "HMAC-SHA256",
        "md5": "MD5",
        "starttls": "STARTTLS",
        "none": _("none"),
    }.get(value, value)


def outcome_sentence(outcome: Outcome, *, reason: str) -> str:
    """Return what a provider said of a test message."""
    told = {
        Outcome.TAKEN: _("The provider has taken the test message."),
        Outcome.REFUSED: _("The provider refused the test message."),
        Outcome.LATER: _("The provider takes nothing just now; try again later."),
        Outcome.DOWN: _("The test message did not leave: the provider is not reached."),
        Outcome.UNKNOWN: _("It is not known whether the test message left."),
    }[outcome]
    return f"{told} ({reason})" if reason else told
