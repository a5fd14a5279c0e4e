from typing import ClassVar

from django.db import models

from anlan.kernel.fields import reference
from anlan.kernel.scope import ScopedModel
from anlan.plans.data import ResponseLevel, TaskSpread
from anlan.registry.data import Colour, DutyKind, Hazard


class Plan(ScopedModel):
    """A contingency plan in force from a day on."""

    division = reference("registry.Division")
    name = models.CharField(max_length=80)
    version = models.CharField(max_length=20)
    effective_from = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["division", "name", "version"], name="plan_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class LevelTrigger(ScopedModel):
    """A plan's level is called when so many villages stand under a hazard's colour or worse."""

    scope_path = "plan__division_id"

    plan = reference("plans.Plan")
    level = models.PositiveSmallIntegerField(choices=ResponseLevel.choices)
    hazard = models.CharField(max_length=20, choices=Hazard.choices)
    colour = models.PositiveSmallIntegerField(choices=Colour.choices)
    villages = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "level", "hazard", "colour"], name="level_trigger_once"
            ),
            models.CheckConstraint(name="trigger_villages", condition=models.Q(villages__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} level {self.level}"


class TaskTemplate(ScopedModel):
    """A task that a plan's level opens for the holder of a duty, with its time limit."""

    scope_path = "plan__division_id"

    plan = reference("plans.Plan")
    level = models.PositiveSmallIntegerField(choices=ResponseLevel.choices)
    title = models.CharField(max_length=120)
    duty = models.CharField(max_length=30, choices=DutyKind.choices)
    spread = models.CharField(max_length=10, choices=TaskSpread.choices)
    within_minutes = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "title"], name="task_template_once")
        ]

    def __str__(self) -> str:
        return self.title
