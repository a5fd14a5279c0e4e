"""Who is rung next, and when: the ladder of one call (叫应)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from anlan.registry.data import Answerable, DutyKind
from anlan.warning.core.limits import Waits
from anlan.warning.data import LadderStep, RungKind

_RUNG_OF_DUTY = {DutyKind.TOWN_LEADER: RungKind.TOWN, DutyKind.COUNTY_DUTY: RungKind.COUNTY}
DUTY_OF_RUNG = {rung: duty for duty, rung in _RUNG_OF_DUTY.items()}
"""The duty by which whoever stands on a rung is called, where it is not the call's own."""


@dataclass(frozen=True)
class Climb:
    """What happens to a call whose time has run out: the next rung, or the end of the ladder."""

    rung: int
    step: LadderStep | None
    due_at: datetime | None


def ladder_for(person: Answerable, *, waits: Waits) -> tuple[LadderStep, ...]:
    """Return the steps of a call: the person, the person again, then whoever stands behind.

    Each step may take what its rung is given; the last gets it too before the call counts as
    unanswered.
    """
    kinds = [
        (_RUNG_OF_DUTY.get(person.duty, RungKind.PERSON), person.person_id),
        (RungKind.RETRY, person.person_id),
        *(
            (_RUNG_OF_DUTY.get(rung.duty, RungKind.DEPUTY), rung.person_id)
            for rung in person.ladder
        ),
    ]
    return tuple(LadderStep(kind=kind, person_id=key, wait=waits.of(kind)) for kind, key in kinds)


def climb(ladder: Sequence[LadderStep], *, rung: int, due_at: datetime, now: datetime) -> Climb:
    """Return where a call stands at `now` when rung `rung` was due at `due_at`.

    While the time has not run out nothing changes. Otherwise the call goes up by exactly one
    rung, however late the look comes: nobody on the ladder is passed over.
    """
    if now < due_at:
        return Climb(rung=rung, step=None, due_at=due_at)
    following = rung + 1
    if following >= len(ladder):
        return Climb(rung=rung, step=None, due_at=None)
    step = ladder[following]
    return Climb(rung=following, step=step, due_at=now + step.wait)


def as_rows(ladder: Sequence[LadderStep]) -> list[list[str | int | float]]:
    """Return a ladder as it is frozen on a call: kind, person id, minutes."""
    return [[s.kind.value, s.person_id, s.wait.total_seconds() / 60] for s in ladder]


def from_rows(rows: Sequence[Sequence[str | int | float]]) -> tuple[LadderStep, ...]:
    """Return the ladder that was frozen on a call."""
    return tuple(
        LadderStep(
            kind=RungKind(str(kind)),
            person_id=int(person_id),
            wait=timedelta(minutes=float(minutes)),
        )
        for kind, person_id, minutes in rows
    )
