"""Reads of which warnings went out. The journal is asked: warnings are of a room above."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from anlan.kernel.codes import prefix_of
from anlan.kernel.models import JournalEntry
from anlan.kernel.scope import active, within
from anlan.monitoring.models import Exceedance, RuleVersion, StationCover
from anlan.registry.data import Colour, Hazard

ISSUED: Final = "warning.issued"
MOST_WARNINGS: Final = 50


@dataclass(frozen=True)
class WarnedRow:
    """A warning that was issued; `id` is of its entry in the journal, `town` a name."""

    id: int
    town: str
    hazard: Hazard
    colour: Colour
    issued_at: datetime


def warned_at(version: RuleVersion) -> tuple[list[datetime], datetime | None]:
    """Return when warnings of a rule's hazard were issued in its division, and since when any."""
    prefix = prefix_of(version.rule.division_id)
    issued = JournalEntry.objects.filter(act=ISSUED)
    first = issued.order_by("at").values_list("at", flat=True).first()
    mine = issued.filter(
        within("division_code", [prefix]),
        detail__contains=f'"hazard":"{version.rule.hazard}"',
    )
    return list(mine.order_by("at").values_list("at", flat=True)), first


def warnings_around(station_id: int, *, since: datetime, until: datetime) -> list[WarnedRow]:
    """Return the latest warnings about a station in sight in a span, oldest first.

    They are of the hazards in which it covers villages: those of the villages' towns as far as
    these are in sight, and those that followed from its own exceedances.
    """
    covers = StationCover.objects.filter(station=station_id).values_list(
        "hazard", "division__parent_id", "division__parent__name"
    )
    hazards = {hazard for hazard, _code, _name in covers}
    towns = {code: name for _hazard, code, name in covers}
    stood = Exceedance.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=since), station=station_id, started_at__lte=until
    )
    causes = {f"exceedance:{pk}" for pk in stood.values_list("pk", flat=True)}
    seen = [code for code in towns if active().sees(code)]
    rows = JournalEntry.objects.filter(
        Q(division_code__in=seen) | Q(cause__in=causes), act=ISSUED, at__range=(since, until)
    ).order_by("-at", "-pk")
    told = [(row, json.loads(row.detail)) for row in rows[:MOST_WARNINGS]]
    return [
        WarnedRow(
            id=row.pk,
            town=towns.get(row.division_code, ""),
            hazard=Hazard(detail["hazard"]),
            colour=Colour(detail["colour"]),
            issued_at=row.at,
        )
        for row, detail in reversed(told)
        if detail["hazard"] in hazards
    ]
