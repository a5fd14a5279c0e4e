"""What an answer changes: where a call stands after it, and what a short reply means."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from anlan.warning.data import AnswerKind, SummonsState

# What a person presses or writes. A single digit is enough; a word of their own tells as much.
KEYS: Final = {
    "1": AnswerKind.RECEIVED,
    "2": AnswerKind.MOVING,
    "3": AnswerKind.DONE,
    "4": AnswerKind.CANNOT_REACH,
    "5": AnswerKind.NEED_HELP,
}
_WORDS: Final = (
    (AnswerKind.NEED_HELP, re.compile(r"支援|求助|帮|救|help", re.IGNORECASE)),
    (AnswerKind.CANNOT_REACH, re.compile(r"联系不上|到不了|过不去|进不去|cannot|can't", re.I)),
    (AnswerKind.DONE, re.compile(r"已转移|转移完|完成|全部|办好|done", re.IGNORECASE)),
    (AnswerKind.MOVING, re.compile(r"正在|转移|moving", re.IGNORECASE)),
    (AnswerKind.RECEIVED, re.compile(r"收到|好的|明白|知道|ok|received|yes", re.IGNORECASE)),
)
_SHORT: Final = re.compile(r"^\s*([1-5])(?:\D+(\d{1,6}))?(?:\D+(\d{1,6}))?\s*$")
MOST_PEOPLE: Final = 1_000_000
MOST_REASKS: Final = 3


@dataclass(frozen=True)
class Told:
    """What a reply says: the word, and how many were notified and are out, where it says so."""

    word: AnswerKind
    notified: int | None = None
    moved: int | None = None


@dataclass(frozen=True)
class Standing:
    """Where a call stands after an answer. `climbs` tells that the next rung is rung at once."""

    state: SummonsState
    report_due_at: datetime | None
    is_reported: bool
    climbs: bool


def told_by(text: str) -> Told | None:
    """Return what a reply means, or None where nobody can tell.

    A digit, then if wanted the people notified and the people out: `3 12 8`. Otherwise the words
    decide; the gravest of several counts.
    """
    short = _SHORT.match(text.translate(_WIDE))
    if short:
        counts = [int(each) if each else None for each in short.groups()[1:]]
        return Told(KEYS[short[1]], counts[0], counts[1])
    for word, form in _WORDS:
        if form.search(text):
            return Told(word)
    return None


_WIDE: Final = {0xFF10 + digit: str(digit) for digit in range(10)}


def standing_after(
    word: AnswerKind, *, is_own: bool, report_minutes: int | None, now: datetime
) -> Standing:
    """Return where a call stands after an answer by the person called, or by one above them.

    Whoever cannot reach the place has answered, but somebody else must act: the call goes on.
    """
    if word is AnswerKind.CANNOT_REACH:
        return Standing(SummonsState.WAITING, None, is_reported=False, climbs=True)
    state = SummonsState.ACKNOWLEDGED if is_own else SummonsState.TAKEN_OVER
    if word is AnswerKind.DONE:
        return Standing(state, None, is_reported=True, climbs=False)
    due = now + timedelta(minutes=report_minutes) if report_minutes else None
    return Standing(state, due, is_reported=False, climbs=False)
