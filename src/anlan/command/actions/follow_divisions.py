from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from anlan.command.data import TaskState
from anlan.command.models import Incident, ResponseTask
from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.api import followers


@transaction.atomic
def follow_divisions(moves: Sequence[Sequence[str]], *, by: Actor, now: datetime) -> int:
    """Let open incidents and open tasks follow redrawn divisions to the heir; count them.

    What is closed keeps its code. A task that stands at the new code already stays where it is.
    """
    changed = 0
    for old, parts in followers(moves).items():
        heir = parts[0]
        if heir == old:
            continue
        incidents = Incident.objects.filter(division=old, closed_at__isnull=True).update(
            division=heir
        )
        twin = ResponseTask.objects.filter(
            incident=OuterRef("incident"), template=OuterRef("template"), division=heir
        )
        waiting = ResponseTask.objects.filter(division=old, state=TaskState.OPEN)
        going = list(waiting.exclude(Exists(twin)).values_list("pk", flat=True))
        tasks = ResponseTask.objects.filter(pk__in=going).update(division=heir)
        if incidents or tasks:
            journal.record(
                "response.followed",
                by=by,
                now=now,
                subject=f"division:{heir}",
                division_code=heir,
                detail={"from": old, "incidents": incidents, "tasks": tasks},
            )
        changed += incidents + tasks
    return changed
