"""Villages leaving their warnings, and warnings that end when the last of theirs has left."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.data import SummonsState, WarningState
from anlan.warning.models import HazardWarning, Summons, WarningArea

ACTS = {WarningState.LIFTED: "warning.lifted", WarningState.EXPIRED: "warning.expired"}
"""What the journal says of an end; of one replaced the warning that follows says it."""


def leave(
    areas: Iterable[WarningArea],
    *,
    into: WarningState,
    calls: SummonsState = SummonsState.UNANSWERED,
    by: Actor,
    now: datetime,
    cause: str = "",
    detail: dict[str, Any] | None = None,
) -> list[HazardWarning]:
    """Release villages and return the warnings that have ended with it, each journalled.

    Calls that still wait end as `calls`: unanswered shows that nobody came, it does not pretend.
    Of two who release the same village at once one does.
    """
    going = list(areas)
    touched = sorted({area.warning_id for area in going})
    WarningArea.objects.filter(pk__in=[area.pk for area in going], released_at__isnull=True).update(
        released_at=now
    )
    ended: list[HazardWarning] = []
    for key in touched:
        closed = _close_calls(key, [a for a in going if a.warning_id == key], into=calls)
        if WarningArea.objects.filter(warning_id=key, released_at__isnull=True).exists():
            continue
        mine = HazardWarning.objects.filter(pk=key, state=WarningState.OPEN)
        if mine.update(state=into, ended_at=now) != 1:
            continue
        row = HazardWarning.objects.get(pk=key)
        ended.append(row)
        if into not in ACTS:
            continue
        journal.record(
            ACTS[into],
            by=by,
            now=now,
            subject=f"warning:{row.uuid}",
            division_code=row.division_id,
            cause=cause,
            detail={"unanswered": closed, **(detail or {})},
        )
    return ended


def _close_calls(warning_id: int, areas: Sequence[WarningArea], *, into: SummonsState) -> int:
    waiting = Summons.objects.filter(
        warning_id=warning_id,
        division_id__in=[area.division_id for area in areas],
        state=SummonsState.WAITING,
    )
    return waiting.update(state=into, due_at=None)
