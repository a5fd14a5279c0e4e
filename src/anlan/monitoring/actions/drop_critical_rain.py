from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._rules import turn_limits
from anlan.monitoring.models import CriticalRain, Exceedance
from anlan.monitoring.queries.permitted import check_permitted
from anlan.monitoring.rule_refusals import RuleOutOfSight, RuleRefused
from anlan.registry.data import Permission


@transaction.atomic
def drop_critical_rain(pk: int, *, by: Actor, now: datetime) -> None:
    """Delete a row of critical rain that nothing has stood over; every worker is told.

    Raises RuleRefused for one that has warned somebody, RuleOutOfSight and NotPermitted.
    """
    row = CriticalRain.objects.filter(pk=pk).first()
    if row is None:
        raise RuleOutOfSight(str(pk))
    check_permitted(Permission.KEEP_STATIONS, [row.division_id], by=by, now=now)
    if Exceedance.objects.filter(critical_rain=row).exists():
        raise RuleRefused.has_warned()
    CriticalRain.objects.filter(pk=pk).delete()
    turn_limits()
    journal.record(
        "critical_rain.dropped",
        by=by,
        now=now,
        subject=f"critical_rain:{row.division_id}",
        division_code=row.division_id,
        detail={"window_min": row.window_min, "from": row.effective_from.isoformat()},
    )
