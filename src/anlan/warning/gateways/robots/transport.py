"""The wire to a robot in a chat."""

from collections.abc import Sequence
from itertools import groupby

from anlan.kernel import clock
from anlan.warning.gateways.answers import Answer
from anlan.warning.gateways.ordering import Unsendable
from anlan.warning.gateways.posting import Post, ends_it
from anlan.warning.gateways.provider import Outcome, Outgoing, ProviderSettings, Sent
from anlan.warning.gateways.robots.frame import DINGTALK, WECOM, Robot, said_by


class InChat:
    """A robot. The same words for several people go into the chat once and mention all of them."""

    def __init__(self, settings: ProviderSettings, *, robot: Robot) -> None:
        self._settings, self._robot = settings, robot
        self._post = Post(settings, address=settings.address or robot.address)

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Sent]:
        """Say each text, until the robot shows that it takes no more."""
        said: list[Sent] = []
        rest: Sent | None = None
        for _words, alike in groupby(messages, key=lambda each: (each.title, each.text, each.link)):
            together = list(alike)
            found = rest or self._said(together)
            rest = rest or ends_it(found)
            said += [found] * len(together)
        return said

    def close(self) -> None:
        """Hang up."""
        self._post.close()

    def _said(self, messages: Sequence[Outgoing]) -> Sent:
        try:
            body = self._robot.body(messages, self._settings)
        except Unsendable as fault:
            return Sent(Outcome.REFUSED, reason=str(fault))
        query = self._robot.query(self._settings, clock.now())
        found = self._post.ask(body, query=query)
        return said_by(self._robot, found.body) if isinstance(found, Answer) else found


class WeCom(InChat):
    """A robot of WeCom."""

    def __init__(self, settings: ProviderSettings) -> None:
        super().__init__(settings, robot=WECOM)


class DingTalk(InChat):
    """A robot of DingTalk."""

    def __init__(self, settings: ProviderSettings) -> None:
        super().__init__(settings, robot=DINGTALK)
