"""How a message of an upper level stands: in force, only noted, an exercise, not accepted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from anlan.warning.data import Refusal, SignatureVerdict, UpperState
from anlan.warning.gateways.cap.values import Alert, Info, MsgType, Status

# CAP leaves it to whoever receives a message without an end: a day, the usual span of a warning
# signal in China. A design value, shorter than any real end is late.
LIFE_WITHOUT_END: Final = timedelta(hours=24)
# What a database holds as a time in every zone; some senders write 9999 for no end.
_LAST: Final = datetime(9990, 1, 1, tzinfo=UTC)
_ENDING: Final = {MsgType.UPDATE: UpperState.UPDATED, MsgType.CANCEL: UpperState.CANCELLED}
_REFUSED: Final = {
    SignatureVerdict.UNSIGNED: Refusal.UNSIGNED,
    SignatureVerdict.UNTRUSTED: Refusal.UNTRUSTED,
    SignatureVerdict.BROKEN: Refusal.BROKEN,
}


@dataclass(frozen=True)
class UpperStanding:
    """The state of a message at the moment it comes, why it is refused, when it runs out."""

    state: UpperState
    refusal: Refusal | None
    lapses_at: datetime


def standing_of(
    alert: Alert, *, verdict: SignatureVerdict, requires_signature: bool, now: datetime
) -> UpperStanding:
    """Return how a message stands when it comes at `now`, other messages left aside.

    Exercises, tests and drafts are never in force, whoever signed them.
    """
    lapses_at = lapse_of(alert)
    if requires_signature and verdict is not SignatureVerdict.VALID:
        return UpperStanding(UpperState.REFUSED, _REFUSED[verdict], lapses_at)
    if alert.status is not Status.ACTUAL:
        state = UpperState.EXERCISE
    elif alert.msg_type not in (MsgType.ALERT, MsgType.UPDATE):
        state = UpperState.NOTED
    elif lapses_at <= now:
        state = UpperState.EXPIRED
    else:
        state = UpperState.IN_FORCE
    return UpperStanding(state, None, lapses_at)


def lapse_of(alert: Alert) -> datetime:
    """Return when a message runs out: the latest end that it gives, else a day after it begins."""
    ends = [info.expires for info in alert.infos if info.expires is not None]
    if ends:
        return storable(max(ends))
    begins = [info.effective for info in alert.infos if info.effective is not None]
    return storable(max([alert.sent, *begins])) + LIFE_WITHOUT_END


def storable(moment: datetime) -> datetime:
    """Return a time, or the last one that every database holds."""
    return min(moment, _LAST)


def ending_of(msg_type: str) -> UpperState | None:
    """Return how a message ends those that it names, or None when it ends none."""
    return _ENDING.get(MsgType(msg_type))


def may_end(*, ender: str, ended: str) -> bool:
    """Tell whether a message with one verdict may end one with another.

    What a trusted sender signed, nobody ends without such a signature.
    """
    return ended != SignatureVerdict.VALID or ender == SignatureVerdict.VALID


def told_in(infos: Iterable[Info], *, language: str = "zh") -> Info | None:
    """Return the text in a language, else the first one, or None when a message has none."""
    found = list(infos)
    for info in found:
        if info.language.lower().startswith(language):
            return info
    return found[0] if found else None
