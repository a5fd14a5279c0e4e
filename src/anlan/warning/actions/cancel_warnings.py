from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from anlan.kernel import scope
from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, ancestor_of
from anlan.registry.data import Colour, Hazard
from anlan.warning.actions._farewell import tell_called
from anlan.warning.actions._leaving import leave
from anlan.warning.core.words import one_line
from anlan.warning.data import WarningState
from anlan.warning.facts import warnings_lifted
from anlan.warning.models import HazardWarning, WarningArea
from anlan.warning.queries.rules import beyond, issuing_in
from anlan.warning.refusals import NotYoursToIssue, ReasonMissing, WarningEnded

MOST_LETTERS = 200


@transaction.atomic
def cancel_warnings(
    warning_uuids: Iterable[str], *, reason: str, by: Actor, now: datetime
) -> list[str]:
    """Lift warnings by hand before their time, tell everybody called and why; return them.

    Raises ReasonMissing, NotYoursToIssue for warnings that the actor might not have issued, and
    WarningEnded when none of them is in force.
    """
    why = one_line(reason)[:MOST_LETTERS]
    if not why:
        raise ReasonMissing
    rows = HazardWarning.objects.filter(uuid__in=list(warning_uuids), state=WarningState.OPEN)
    ended: list[str] = []
    for row in rows.order_by("pk"):
        ended += _cancel(row, reason=why, by=by, now=now)
    if not ended:
        raise WarningEnded
    warnings_lifted.send(sender=None, warning_uuids=ended)
    return ended


def _cancel(row: HazardWarning, *, reason: str, by: Actor, now: datetime) -> list[str]:
    county = ancestor_of(row.division_id, level=Level.COUNTY)
    hazard, colour = Hazard(row.hazard), Colour(row.colour)
    with scope.limited_to([county]):
        areas = list(WarningArea.objects.filter(warning=row, released_at__isnull=True))
        issuing = issuing_in(county, hazard=hazard, colour=colour, now=now)
        forbidden = beyond(by, issuing=issuing, villages=[a.division_id for a in areas], now=now)
        if forbidden:
            roles = [str(role.label) for role in sorted(issuing.roles)]
            raise NotYoursToIssue(roles=roles, villages=forbidden)
        ended = leave(areas, into=WarningState.LIFTED, by=by, now=now, detail={"reason": reason})
        if ended:
            tell_called(areas, hazard=hazard, colour=colour, reason=reason, now=now)
    return [str(each.uuid) for each in ended]
