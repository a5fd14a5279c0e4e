from datetime import datetime

from django.db import transaction

from anlan.command.data import TaskState
from anlan.command.facts import incident_closed
from anlan.command.models import Activation, Incident, ResponseTask
from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.api import open_warning_uuids


@transaction.atomic
def close_incident(incident_uuid: str, *, by: Actor, now: datetime) -> bool:
    """Close an incident, its activations and what is left of its tasks, if nothing is in force.

    Returns whether it was closed by this call; a warning still in force keeps it open.
    """
    incident = Incident.objects.get(uuid=incident_uuid)
    prefix = incident.division_id[:6]
    if open_warning_uuids(prefix=prefix):
        return False
    closed = Incident.objects.filter(pk=incident.pk, closed_at__isnull=True).update(closed_at=now)
    if closed != 1:
        return False
    Activation.objects.filter(incident=incident, ended_at__isnull=True).update(ended_at=now)
    dropped = ResponseTask.objects.filter(incident=incident, state=TaskState.OPEN).update(
        state=TaskState.CANCELLED, closed_at=now
    )
    journal.record(
        "incident.closed",
        by=by,
        now=now,
        subject=f"incident:{incident.uuid}",
        division_code=incident.division_id,
        cause=f"incident:{incident.uuid}",
        detail={"tasks_dropped": dropped},
    )
    incident_closed.send(sender=None, incident_uuid=str(incident.uuid))
    return True
