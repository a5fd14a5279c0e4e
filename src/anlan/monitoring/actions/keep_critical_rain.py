from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._rules import turn_limits
from anlan.monitoring.core.critical_rain import VillageRain, faults_of
from anlan.monitoring.models import CriticalRain
from anlan.monitoring.queries.permitted import permitted
from anlan.monitoring.refusals import NotPermitted
from anlan.monitoring.rule_refusals import RainComplaint, RainRefused, rain_sentence
from anlan.registry.api import bearings
from anlan.registry.data import Hazard, Permission


@transaction.atomic
def keep_critical_rain(rains: Sequence[VillageRain], *, by: Actor, now: datetime) -> int:
    """Keep the critical rain of villages, all or none, and return how many rows changed.

    A row of the same village, window and day is replaced; one of a later day takes over from then
    on. Every worker is told. Raises RainRefused with all that is wrong, villages out of sight or
    beyond the actor's authority among it.
    """
    complaints = list(_complaints(rains, by=by, now=now))
    if complaints:
        raise RainRefused(complaints)
    changed = [rain for rain in rains if _keep(rain)]
    if changed:
        turn_limits()
        journal.record_all(
            (
                journal.Note(
                    act="critical_rain.kept",
                    subject=f"critical_rain:{rain.division_code}",
                    division_code=rain.division_code,
                    detail={
                        "window_min": rain.window_min,
                        "prepare_mm": rain.prepare_mm,
                        "move_mm": rain.move_mm,
                        "from": rain.effective_from.isoformat(),
                        "source": rain.source,
                    },
                )
                for rain in changed
            ),
            by=by,
            now=now,
        )
    return len(changed)


def _complaints(
    rains: Sequence[VillageRain], *, by: Actor, now: datetime
) -> Iterator[RainComplaint]:
    known = bearings({rain.division_code for rain in rains})
    may_keep = permitted(Permission.KEEP_STATIONS, by=by, now=now)
    seen: dict[tuple[object, ...], int] = {}
    for index, rain in enumerate(rains):
        for fault in faults_of(rain):
            yield RainComplaint(index, fault.field, rain_sentence(fault))
        if rain.division_code not in known:
            yield RainComplaint(index, "division", _no_village(rain.division_code))
        elif not may_keep(rain.division_code):
            yield RainComplaint(index, "division", str(NotPermitted(rain.division_code)))
        name = (rain.division_code, rain.window_min, rain.effective_from)
        if name in seen:
            yield RainComplaint(index, "window_min", _twice(seen[name] + 1))
        seen.setdefault(name, index)


def _no_village(code: str) -> str:
    return _("There is no village %(code)s in your divisions; check the code.") % {"code": code}


def _twice(row: int) -> str:
    return _("The same village, window and day stand in row %(row)s; keep one of them.") % {
        "row": row
    }


def _keep(rain: VillageRain) -> bool:
    """Write one row; tell whether it says anything new."""
    said: dict[str, Any] = {
        "prepare_dry_mm": rain.prepare_mm[0],
        "prepare_normal_mm": rain.prepare_mm[1],
        "prepare_wet_mm": rain.prepare_mm[2],
        "move_dry_mm": rain.move_mm[0],
        "move_normal_mm": rain.move_mm[1],
        "move_wet_mm": rain.move_mm[2],
        "soil_mm": rain.soil_mm,
        "source": rain.source.strip(),
    }
    name: dict[str, Any] = {
        "division_id": rain.division_code,
        "hazard": Hazard.FLASH_FLOOD,
        "window_min": rain.window_min,
        "effective_from": rain.effective_from,
    }
    if CriticalRain.objects.filter(**name, **said).exists():
        return False
    CriticalRain.objects.update_or_create(**name, defaults=said)
    return True
