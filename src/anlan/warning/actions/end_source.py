from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.models import WarningSource
from anlan.warning.refusals import SourceOutOfSight


@transaction.atomic
def end_source(source_uuid: str, *, by: Actor, now: datetime) -> None:
    """End a source: it is asked no more. Its warnings stay, and run out in their own time.

    Raises SourceOutOfSight for a source that is not there or has ended before.
    """
    rows = WarningSource.objects.filter(uuid=source_uuid, ended_at__isnull=True)
    code = rows.values_list("division_id", flat=True).first()
    if code is None or rows.update(ended_at=now, poll_token="") != 1:
        raise SourceOutOfSight(source_uuid)
    journal.record(
        "warning_source.ended",
        by=by,
        now=now,
        subject=f"warning_source:{source_uuid}",
        division_code=code,
    )
