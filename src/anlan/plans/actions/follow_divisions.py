from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.plans.models import Plan
from anlan.registry.api import followers


@transaction.atomic
def follow_divisions(moves: Sequence[Sequence[str]], *, by: Actor, now: datetime) -> int:
    """Let plans follow redrawn divisions to the heir, and return how many moved.

    A plan whose name and version stand at the new code already stays with the old one; the
    journal counts it, and somebody decides which of the two holds.
    """
    changed = 0
    for old, parts in followers(moves).items():
        if parts[0] == old:
            continue
        there = set(Plan.objects.filter(division=parts[0]).values_list("name", "version"))
        rows = list(Plan.objects.filter(division=old).order_by("pk"))
        going = [row.pk for row in rows if (row.name, row.version) not in there]
        moved = Plan.objects.filter(pk__in=going, division=old).update(division=parts[0])
        if rows:
            journal.record(
                "plans.followed",
                by=by,
                now=now,
                subject=f"division:{parts[0]}",
                division_code=parts[0],
                detail={"from": old, "plans": moved, "kept_apart": len(rows) - len(going)},
            )
        changed += moved
    return changed
