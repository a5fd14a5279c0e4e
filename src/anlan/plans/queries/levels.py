"""Reads of plans: which level is called, and which tasks it opens."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import ngettext

from anlan.plans.core import Condition, called_levels
from anlan.plans.data import CalledLevel, ResponseLevel, TaskOutline, TaskSpread
from anlan.plans.models import LevelTrigger, Plan, TaskTemplate
from anlan.registry.data import Colour, DutyKind, Hazard


def levels_called(
    *, county_code: str, under: Mapping[Hazard, Mapping[str, Colour]], at: datetime
) -> list[CalledLevel]:
    """Return the level that each plan of a county asks for, given who stands under what."""
    plans = {
        plan.pk: plan
        for plan in Plan.objects.filter(
            division_id=county_code, effective_from__lte=timezone.localtime(at).date()
        )
    }
    conditions = [
        Condition(
            plan_id=row.plan_id,
            level=ResponseLevel(row.level),
            hazard=Hazard(row.hazard),
            colour=Colour(row.colour),
            villages=row.villages,
        )
        for row in LevelTrigger.objects.filter(plan__in=plans)
    ]
    return [
        CalledLevel(
            plan_id=plan_id,
            plan_name=plans[plan_id].name,
            level=level,
            because=_because(condition, counted=counted),
        )
        for plan_id, (level, condition, counted) in called_levels(conditions, under=under).items()
    ]


def _because(condition: Condition, *, counted: int) -> str:
    return ngettext(
        "%(count)d village under %(hazard)s, %(colour)s or worse",
        "%(count)d villages under %(hazard)s, %(colour)s or worse",
        counted,
    ) % {
        "count": counted,
        "hazard": condition.hazard.label,
        "colour": condition.colour.label,
    }


def outlines_for(plan_id: int, *, up_to: ResponseLevel) -> list[TaskOutline]:
    """Return the tasks of a plan's level and of all weaker ones, in the plan's order."""
    hit_from: dict[int, Colour] = {}
    for level, colour in LevelTrigger.objects.filter(plan_id=plan_id).values_list(
        "level", "colour"
    ):
        hit_from[level] = min(Colour(colour), hit_from.get(level, Colour.RED))
    return [
        TaskOutline(
            template_id=row.pk,
            level=ResponseLevel(row.level),
            title=row.title,
            duty=DutyKind(row.duty),
            spread=TaskSpread(row.spread),
            within=timedelta(minutes=row.within_minutes),
            hit_from=hit_from.get(row.level, Colour.RED),
        )
        for row in TaskTemplate.objects.filter(plan_id=plan_id, level__gte=up_to).order_by("pk")
    ]
