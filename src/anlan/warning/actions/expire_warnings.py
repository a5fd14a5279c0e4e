from datetime import datetime

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.monitoring.api import standing_exceedances
from anlan.warning.actions._leaving import leave
from anlan.warning.data import WarningState
from anlan.warning.facts import warnings_lifted
from anlan.warning.models import HazardWarning, WarningArea


@transaction.atomic
def expire_warnings(*, by: Actor, now: datetime) -> list[str]:
    """End the warnings in force whose time is over, and return their uuids.

    One that a standing exceedance holds up does not run out: it is lifted when the water has gone.
    """
    over = HazardWarning.objects.filter(state=WarningState.OPEN, expires_at__lte=now)
    areas = list(
        WarningArea.objects.filter(warning__in=over.values("pk"), released_at__isnull=True)
    )
    held_by = {area.exceedance_id for area in areas if area.exceedance_id is not None}
    standing = standing_exceedances(hazards={a.hazard for a in areas}) if held_by else set()
    held_up = {area.warning_id for area in areas if area.exceedance_id in standing}
    free = [area for area in areas if area.warning_id not in held_up]
    ended = leave(free, into=WarningState.EXPIRED, by=by, now=now)
    uuids = [str(warning.uuid) for warning in ended]
    if uuids:
        warnings_lifted.send(sender=None, warning_uuids=uuids)
    return uuids
