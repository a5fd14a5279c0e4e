"""Rules, critical rain and soils that follow divisions which were redrawn."""

from collections.abc import Sequence
from typing import Any, Final

from anlan.monitoring.actions._rules import turn_limits
from anlan.monitoring.core.rules import LONGEST_NAME
from anlan.monitoring.models import CriticalRain, Exceedance, Rule, SoilModel

AMOUNTS: Final = (
    *("prepare_dry_mm", "prepare_normal_mm", "prepare_wet_mm"),
    *("move_dry_mm", "move_normal_mm", "move_wet_mm"),
)


def move_rules(old: str, parts: Sequence[str]) -> int:
    """Let what is kept by division follow one, tell the workers, and return how many rows changed.

    Rules and the soil go to the heir. Every part of a village has its critical rain; where two
    villages become one the lower amounts count, so that nobody is warned later than before.
    """
    changed = 0
    if old not in parts:
        changed += _move_named(old, parts[0]) + _move_soil(old, parts[0])
    changed += _spread_rain(old, parts)
    if changed:
        turn_limits()
    return changed


def _move_named(old: str, heir: str) -> int:
    """Move rules to the heir; one whose name is taken there bears its old division beside it."""
    rows = list(Rule.objects.filter(division=old).order_by("pk"))
    taken = set(Rule.objects.filter(division=heir).values_list("name", flat=True))
    for row in rows:
        name = row.name if row.name not in taken else f"{row.name[: LONGEST_NAME - 15]}（{old}）"
        Rule.objects.filter(pk=row.pk).update(division=heir, name=name)
    return len(rows)


def _move_soil(old: str, heir: str) -> int:
    if SoilModel.objects.filter(division=heir).exists():
        return SoilModel.objects.filter(division=old).delete()[0]
    return SoilModel.objects.filter(division=old).update(division=heir)


def _spread_rain(old: str, parts: Sequence[str]) -> int:
    rows = list(CriticalRain.objects.filter(division=old).order_by("pk"))
    new = [part for part in parts if part != old]
    for row in rows:
        for part in new:
            _lay_under(row, part)
    if old not in parts:
        warned = Exceedance.objects.filter(critical_rain__in=rows).values("critical_rain_id")
        CriticalRain.objects.filter(pk__in=[row.pk for row in rows]).exclude(pk__in=warned).delete()
    return len(rows) * len(new)


def _lay_under(row: CriticalRain, part: str) -> None:
    """Give a part what a village had; where it has a row for it, the lower amounts of both."""
    said: dict[str, Any] = {
        **{name: getattr(row, name) for name in AMOUNTS},
        "soil_mm": row.soil_mm,
        "source": row.source,
    }
    found, is_new = CriticalRain.objects.get_or_create(
        division_id=part,
        hazard=row.hazard,
        window_min=row.window_min,
        effective_from=row.effective_from,
        defaults=said,
    )
    if not is_new:
        lower = {name: min(getattr(found, name), getattr(row, name)) for name in AMOUNTS}
        CriticalRain.objects.filter(pk=found.pk).update(**lower)
