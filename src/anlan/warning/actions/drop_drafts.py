from datetime import datetime

from django.db import transaction
from django.db.models import F

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.api import standing_exceedances
from anlan.warning.data import DraftState, WarningOrigin
from anlan.warning.models import WarningDraft


@transaction.atomic
def drop_drafts(*, by: Actor, now: datetime) -> list[str]:
    """Discard the drafts of rules whose exceedances have all ended, and return them."""
    waiting = list(
        WarningDraft.objects.filter(state=DraftState.WAITING, origin=WarningOrigin.RULE).order_by(
            "pk"
        )
    )
    waiting = [row for row in waiting if row.exceedances and not (row.areas or row.polygons)]
    if not waiting:
        return []
    standing = standing_exceedances(hazards={row.hazard for row in waiting})
    dropped = []
    for row in waiting:
        if standing & set(row.exceedances):
            continue
        mine = WarningDraft.objects.filter(pk=row.pk, state=DraftState.WAITING, version=row.version)
        done = mine.update(state=DraftState.DISCARDED, decided_at=now, version=F("version") + 1)
        if done == 1:
            journal.record(
                "draft.discarded",
                by=by,
                now=now,
                subject=f"draft:{row.uuid}",
                division_code=row.division_id,
                detail={"why": "over"},
            )
            dropped.append(str(row.uuid))
    return dropped
