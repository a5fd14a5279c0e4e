"""The simulated phones of a drill: the only channel it has, so that no real phone rings."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from anlan.drills.core import time_to_answer
from anlan.drills.tasks import answer
from anlan.warning.data import Message, Purpose, Receipt


class SimulatedPhone:
    """Hand each message to a simulated person, who may answer it after a while."""

    def __init__(self) -> None:
        if not settings.ANLAN_DRILL:
            raise RuntimeError("simulated phones ring only in a drill (ANLAN_DRILL)")
        self._attempts: dict[tuple[str, int], int] = {}

    def send(self, messages: Sequence[Message], *, now: datetime) -> Sequence[Receipt]:
        """Accept every message and plan the answers."""
        for message in messages:
            # Whoever has answered tells what they did by themselves, and is not asked for it here.
            if message.person_id is not None and message.purpose is not Purpose.REASK:
                asked = [(message.reference, message.division_code), *message.also]
                for reference, division in asked:
                    self._ring(message, reference, division, now=now)
        return [Receipt(is_accepted=True) for _message in messages]

    def _ring(self, message: Message, reference: str, division: str, *, now: datetime) -> None:
        person = message.person_id or 0
        key = (reference, person)
        attempt = self._attempts[key] = self._attempts.get(key, 0) + 1
        wait = time_to_answer(
            f"{message.title}:{division}:{now.isoformat()}",
            person_id=person,
            duty=message.duty,
            attempt=attempt,
            at=now,
            seed=settings.ANLAN_DRILL_SEED,
        )
        if wait is not None:
            answer.using(run_after=now + wait).enqueue(reference, person)
