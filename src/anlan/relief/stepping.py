"""One step of a household's move: claimed by its state, journalled with it."""

from datetime import datetime
from typing import Any

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.relief.data import MoveState, WrongStep
from anlan.relief.models import HouseholdMove


def step(
    move_uuid: str,
    *,
    before: MoveState,
    after: MoveState,
    by: Actor,
    now: datetime,
    **columns: Any,
) -> None:
    """Bring a move from one state to the next, or raise WrongStep when it stands elsewhere."""
    move = HouseholdMove.objects.values(
        "pk", "state", "division_id", "people", "warning__uuid"
    ).get(uuid=move_uuid)
    stepped = HouseholdMove.objects.filter(pk=move["pk"], state=before).update(
        state=after, **columns
    )
    if stepped != 1:
        raise WrongStep(step=str(after.label), state=str(MoveState(move["state"]).label))
    journal.record(
        f"household.{after.value}",
        by=by,
        now=now,
        subject=f"move:{move_uuid}",
        division_code=move["division_id"],
        cause=f"warning:{move['warning__uuid']}",
        detail={"people": move["people"]},
    )
