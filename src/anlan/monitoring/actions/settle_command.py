from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.data import CommandState
from anlan.monitoring.models import Station, StationCommand

OPEN = (CommandState.WAITING, CommandState.SENT)


@transaction.atomic
def settle_command(
    command_id: int,
    *,
    words: Mapping[str, Any],
    is_answered: bool = True,
    attempts: int | None = None,
    by: Actor,
    now: datetime,
) -> bool:
    """Close a command with its answer, or with why there is none; False if it was closed before.

    A station that took a new interval of timed reports is expected at that interval from now on.
    """
    state = CommandState.ANSWERED if is_answered else CommandState.FAILED
    more = {} if attempts is None else {"attempts": attempts}
    open_one = StationCommand.objects.filter(pk=command_id, state__in=OPEN)
    if not open_one.update(
        state=state, answered_at=now if is_answered else None, answer=dict(words), **more
    ):
        return False
    command = StationCommand.objects.select_related("station").get(pk=command_id)
    hours = words.get("report_hours")
    if is_answered and hours and 1 <= hours <= 24:
        Station.objects.filter(pk=command.station_id).update(interval_min=int(hours) * 60)
    journal.record(
        f"command.{state.value}",
        by=by,
        now=now,
        subject=f"station:{command.station.address}",
        division_code=command.station.division_id,
        detail={"command": command_id, **words},
    )
    return True
