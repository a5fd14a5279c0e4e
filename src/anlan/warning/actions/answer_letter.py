from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.warning.actions.answer import answer
from anlan.warning.actions.answer_test import answer_test
from anlan.warning.data import AlreadyAnswered, AnswerKind, NotYourCall
from anlan.warning.measuring import TestEnded


@dataclass(frozen=True)
class LetterAnswer:
    """How many of a letter's calls an answer reached, and why it did not reach the others."""

    taken: int
    refusals: tuple[str, ...]


@transaction.atomic
def answer_letter(
    *,
    person_id: int,
    calls: Sequence[str],
    test_calls: Sequence[int],
    word: AnswerKind,
    notified: int | None = None,
    moved: int | None = None,
    remark: str = "",
    via: str,
    by: Actor,
    now: datetime,
) -> LetterAnswer:
    """Record one answer for all calls of a letter; return what was taken.

    Counts of people go to the first call alone: they are of one village. An answer that a call
    does not take, as it was answered before, leaves that call as it is.
    """
    taken = 0
    refusals: list[str] = []
    for number, uuid in enumerate(calls):
        try:
            with transaction.atomic():
                answer(
                    uuid,
                    person_id=person_id,
                    word=word,
                    notified=None if number else notified,
                    moved=None if number else moved,
                    remark=remark,
                    via=via,
                    by=by,
                    now=now,
                )
            taken += 1
        except (AlreadyAnswered, NotYourCall) as error:
            refusals.append(str(error))
    for call in test_calls:
        try:
            with transaction.atomic():
                answer_test(call, via=via, by=by, now=now)
            taken += 1
        except (AlreadyAnswered, TestEnded) as error:
            refusals.append(str(error))
    return LetterAnswer(taken=taken, refusals=tuple(dict.fromkeys(refusals)))
