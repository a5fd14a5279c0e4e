from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.monitoring.api import crossings, standing_exceedances
from anlan.warning.actions._leaving import leave
from anlan.warning.data import WarningState
from anlan.warning.facts import warnings_lifted
from anlan.warning.models import WarningArea


@transaction.atomic
def lift_warnings(exceedance_ids: Iterable[int], *, by: Actor, now: datetime) -> list[str]:
    """Release the villages that ended exceedances held and lift warnings left without any.

    Returns the uuids of the warnings lifted. Calls still waiting for a village released end as
    unanswered: the record shows that nobody came, it does not pretend.
    """
    held = list(
        WarningArea.objects.filter(exceedance_id__in=list(exceedance_ids), released_at__isnull=True)
    )
    freed = _hand_over(held)
    ended = leave(freed, into=WarningState.LIFTED, by=by, now=now)
    lifted = [str(warning.uuid) for warning in ended]
    if lifted:
        warnings_lifted.send(sender=None, warning_uuids=lifted)
    return lifted


def _hand_over(held: Sequence[WarningArea]) -> list[WarningArea]:
    """Let another station's exceedance hold a village that it also covers; return the others."""
    if not held:
        return []
    others: dict[tuple[str, str], int] = {}
    for crossing in crossings(standing_exceedances(hazards={area.hazard for area in held})):
        for village in crossing.villages:
            others.setdefault((village, crossing.hazard), crossing.id)
    freed = []
    for area in held:
        other = others.get((area.division_id, area.hazard))
        if other is None:
            freed.append(area)
        else:
            WarningArea.objects.filter(pk=area.pk).update(exceedance_id=other)
    return freed
