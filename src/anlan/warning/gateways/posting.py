"""Post to a provider and say what its status means; order many things at once, or one by one."""

import logging
import ssl
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from uuid import uuid4

from anlan.kernel import clock
from anlan.warning.gateways.answers import Answer
from anlan.warning.gateways.ordering import Kind, Unsendable, answers_in, order_of
from anlan.warning.gateways.provider import Outcome, Outgoing, Provider, ProviderSettings, Sent
from anlan.warning.gateways.signing import md5_head, signed
from anlan.warning.gateways.web import Client, MayHaveLeft, NotLeft

log = logging.getLogger(__name__)
_REFUSED: Final = frozenset((400, 413, 415, 422))
_LATER: Final = frozenset((408, 425, 429, 503))
_DOWN: Final = frozenset((501, 505, 511))
MOST_SEARCHES: Final = 40
"""So often an order that was refused as a whole is cut in halves, in one sending."""
_Items = Sequence[dict[str, object]]


def meaning_of(status: int) -> Outcome | None:
    """Return what an HTTP status means for what was posted, None when the body tells.

    A failure within the provider (500) comes after the request was read: nobody knows. Where the
    address or the account is wrong (404, 401), the next message fares no better.
    """
    if 200 <= status < 300:
        return None
    if status in _REFUSED:
        return Outcome.REFUSED
    if status in _LATER:
        return Outcome.LATER
    if status in _DOWN or (300 <= status < 500 and status != 409):
        return Outcome.DOWN
    return Outcome.UNKNOWN


def tls_of(settings: ProviderSettings) -> ssl.SSLContext | None:
    """Return the trust in the county's own authority where the option `ca` names its file."""
    file = settings.options.get("ca", "")
    if not file:
        return None
    context = ssl.create_default_context(cafile=file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class Post:
    """A connection to a provider that turns every fault into what it means."""

    def __init__(self, settings: ProviderSettings, *, address: str = "") -> None:
        self._client = Client(
            address or settings.address, timeout_s=settings.timeout_s, tls=tls_of(settings)
        )

    def ask(
        self, body: bytes, *, headers: Mapping[str, str] | None = None, query: str = ""
    ) -> Answer | Sent:
        """Return the answer when it has a good status, else what its lack means."""
        try:
            answer = self._client.post(body, headers=headers, query=query)
        except NotLeft as fault:
            return Sent(Outcome.DOWN, reason=str(fault))
        except MayHaveLeft as fault:
            return Sent(Outcome.UNKNOWN, reason=str(fault))
        meaning = meaning_of(answer.status)
        return answer if meaning is None else Sent(meaning, reason=f"http {answer.status}")

    def close(self) -> None:
        """Hang up."""
        self._client.close()


def ends_it(sent: Sent) -> Sent | None:
    """Return what is said of the messages that follow one, None when they are tried.

    A provider that is down, overrun or silent is not asked again for each of them in turn.
    """
    if sent.outcome is Outcome.DOWN or sent.reason == "timeout":
        return Sent(Outcome.DOWN, reason=f"not tried: {sent.reason}")
    if sent.outcome is Outcome.LATER:
        return Sent(Outcome.LATER, reason=f"not tried: {sent.reason}")
    return None


def one_by_one(
    messages: Sequence[Outgoing],
    send: Callable[[Outgoing], Sent],
    *,
    ends: Callable[[Sent], Sent | None] = ends_it,
) -> list[Sent]:
    """Send messages in turn until the provider shows that it takes no more."""
    said: list[Sent] = []
    rest: Sent | None = None
    for message in messages:
        if rest is not None:
            said.append(rest)
            continue
        try:
            said.append(send(message))
        except Unsendable as fault:
            said.append(Sent(Outcome.REFUSED, reason=str(fault)))
            continue
        rest = ends(said[-1])
    return said


class Orders:
    """A provider that takes signed orders of many items."""

    def __init__(self, settings: ProviderSettings, *, kind: Kind) -> None:
        self._settings, self._kind = settings, kind
        self._post = Post(settings)
        self._searches = MOST_SEARCHES
        told = settings.options.get("batch", "")
        self._most = min(int(told), kind.most) if told.isdigit() and int(told) else kind.most

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Sent]:
        """Order as many at once as the provider takes."""
        said: dict[int, Sent] = {}
        items = []
        for at, message in enumerate(messages):
            try:
                items.append((at, self._kind.item(message, self._settings)))
            except Unsendable as fault:
                said[at] = Sent(Outcome.REFUSED, reason=str(fault))
        self._searches = MOST_SEARCHES
        rest: Sent | None = None
        for begin in range(0, len(items), self._most):
            part = items[begin : begin + self._most]
            found, rest = self._ordered([item for _, item in part], rest)
            said.update(zip((at for at, _ in part), found, strict=True))
        return [said[at] for at in range(len(messages))]

    def close(self) -> None:
        """Hang up."""
        self._post.close()

    def _ordered(self, items: _Items, rest: Sent | None) -> tuple[list[Sent], Sent | None]:
        """Return what is said of some items, and of all that follow when nothing more is taken.

        When all are refused together, the order is cut in halves to find out which one it is.
        """
        if rest is not None:
            return [rest] * len(items), rest
        found = self._asked(items)
        if isinstance(found, list):
            return found, None
        if found.outcome is not Outcome.REFUSED or len(items) == 1 or not self._searches:
            return [found] * len(items), ends_it(found)
        self._searches -= 1
        half = len(items) // 2
        first, rest = self._ordered(items[:half], None)
        second, rest = self._ordered(items[half:], rest)
        return first + second, rest

    def _asked(self, items: _Items) -> list[Sent] | Sent:
        """Return what is said of each item, or of the order as a whole."""
        settings, now = self._settings, clock.now()
        if settings.options.get("signing") == "md5":
            body = order_of(self._kind, items, head=md5_head(settings, now=now))
            found = self._post.ask(body)
        else:
            body = order_of(self._kind, items, head={"appId": settings.account})
            headers = signed(body, settings=settings, now=now, nonce=uuid4().hex)
            found = self._post.ask(body, headers=headers)
        if isinstance(found, Sent):
            return found
        numbers = [str(item[self._kind.number]) for item in items]
        return answers_in(found, kind=self._kind, numbers=numbers, options=settings.options)


class Guarded:
    """A provider that never raises and answers for each message, whatever is wrong within."""

    def __init__(self, inner: Provider, *, name: str) -> None:
        self._inner, self._name = inner, name

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Sent]:
        """Hand over messages and return what was said of each, in order."""
        if not messages:
            return []
        try:
            said = self._inner.send(messages)
        except Exception as error:  # noqa: BLE001 - whatever it is, the messages may have left
            # Its text may hold an address with a key, so only its kind is told.
            reason = f"fault: {type(error).__name__}"
            log.error("%s failed: %s", self._name, type(error).__name__)
            return [Sent(Outcome.UNKNOWN, reason=reason)] * len(messages)
        missing = len(messages) - len(said)
        return [*said, *[Sent(Outcome.UNKNOWN, reason="not-said")] * missing][: len(messages)]

    def close(self) -> None:
        """Close what is open."""
        self._inner.close()
