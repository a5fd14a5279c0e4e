from typing import ClassVar

from django.db import models

from anlan.command.data import TaskState
from anlan.kernel.fields import detail_of, reference
from anlan.kernel.scope import ScopedModel
from anlan.plans.data import ResponseLevel
from anlan.registry.data import DutyKind


class Incident(ScopedModel):
    """An emergency of one county, from its first warning until all is lifted and closed."""

    uuid = models.UUIDField(unique=True)
    division = reference("registry.Division")
    name = models.CharField(max_length=80)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["division"],
                name="one_open_incident",
                condition=models.Q(closed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.name


class IncidentWarning(ScopedModel):
    """A warning that belongs to an incident."""

    scope_path = "warning__division_id"

    incident = reference("command.Incident")
    warning = detail_of("warning.HazardWarning")

    def __str__(self) -> str:
        return f"{self.warning_id} of {self.incident_id}"


class Activation(ScopedModel):
    """A plan's level in force for an incident, because of a condition that was met."""

    scope_path = "incident__division_id"

    incident = reference("command.Incident")
    plan = reference("plans.Plan")
    level = models.PositiveSmallIntegerField(choices=ResponseLevel.choices)
    because = models.CharField(max_length=200)
    activated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "plan", "level"], name="activation_once_a_level"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} level {self.level}"


class ResponseTask(ScopedModel):
    """A task for the holder of a duty in a division, with its deadline.

    It comes from a plan's template, or from a call that nobody answered: then somebody goes there.
    """

    uuid = models.UUIDField(unique=True)
    incident = reference("command.Incident")
    activation = reference("command.Activation", null=True)
    template = reference("plans.TaskTemplate", null=True)
    summons = reference("warning.Summons", null=True)
    division = reference("registry.Division")
    person = reference("registry.Person", null=True)
    duty = models.CharField(max_length=30, choices=DutyKind.choices)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=TaskState.choices)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "template", "division"], name="response_task_once"
            ),
            models.UniqueConstraint(
                fields=["summons"],
                name="one_visit_a_summons",
                condition=models.Q(summons__isnull=False),
            ),
            models.CheckConstraint(
                name="task_has_a_cause",
                condition=models.Q(template__isnull=False, activation__isnull=False)
                | models.Q(summons__isnull=False),
            ),
            models.CheckConstraint(
                name="task_closed_when_not_open",
                condition=models.Q(state="open", closed_at__isnull=True)
                | (~models.Q(state="open") & models.Q(closed_at__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="task_due_idx"),
            models.Index(fields=["person", "state"], name="task_person_idx"),
        ]

    def __str__(self) -> str:
        return self.title
