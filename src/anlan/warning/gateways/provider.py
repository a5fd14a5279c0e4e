"""What every outside channel speaks: messages out, what the provider said, and what it calls back.

A gateway of a channel is pure but for its `send`, which talks to one provider. It knows no person
and no database; who is meant, which provider comes next and what an answer changes is decided
above.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """What became of one message at a provider.

    UNKNOWN means that it may have left: it is not sent again within the quiet time.
    """

    TAKEN = "taken"
    REFUSED = "refused"  # this message, for good: a number that is none, a text not allowed
    LATER = "later"  # not now: too many, busy; the provider is well
    DOWN = "down"  # it did not leave, and the next one will not either
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, repr=False)
class ProviderSettings:
    """One provider as a county has set it up. `secret` never goes into a log or an error.

    `options` hold what only this kind of provider needs, text by name.
    """

    name: str
    address: str
    account: str = ""
    secret: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float = 5.0

    def __repr__(self) -> str:
        """Return the name, and a number that tells settings apart within this process.

        Nothing else is shown: people paste addresses with a key in them.
        """
        options = tuple(sorted(self.options.items()))
        known = hash((self.address, self.account, self.secret, options, self.timeout_s))
        return f"ProviderSettings({self.name!r}, {known & 0xFFFF_FFFF_FFFF_FFFF:016x})"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one address: a phone number, an e-mail address, a chat, a loudspeaker.

    `key` names this try and no other, up to 40 letters, digits and hyphens: a provider that knows
    repeats by it sends none. `link` is the one-tap address, empty where no answer is asked for.
    `cap` is the whole message in CAP, for loudspeakers.
    """

    key: str
    to: str
    title: str
    text: str
    link: str = ""
    cap: bytes = b""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a provider said of one message: its own number for it, and the reason of a refusal."""

    outcome: Outcome
    reference: str = ""
    reason: str = ""


class Provider(Protocol):
    """A way out. Made once for its settings and used by one thread."""

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Sent]:
        """Hand over messages and return what was said of each, in order; never raise."""
        ...

    def close(self) -> None:
        """Close what is open."""
        ...


class HeardKind(StrEnum):
    """What a provider calls back with."""

    RECEIPT = "receipt"  # the message reached the phone, or did not
    REPLY = "reply"  # the person wrote back
    KEY = "key"  # the person pressed a key during the call


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that a provider told us. `key` and `reference` are as given at sending; a reply
    may have neither and is known by `sender`, the number that wrote."""

    kind: HeardKind
    key: str = ""
    reference: str = ""
    sender: str = ""
    text: str = ""
    is_delivered: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Callback:
    """What stood in a signed request of a provider. `nonce` is used once, `at` is when it says
    that it was made; whoever takes it in refuses what is old or was there before."""

    nonce: str
    at: datetime
    heard: tuple[Heard, ...]


class CallbackRefused(ValueError):
    """A request that no provider of ours has signed, or that cannot be read."""
