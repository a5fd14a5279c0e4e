"""The calls to answerable persons (叫应), and what they answered."""

from typing import ClassVar

from django.db import models

from anlan.kernel.fields import reference
from anlan.kernel.scope import ScopedModel
from anlan.registry.data import Colour, DutyKind, Hazard
from anlan.warning.data import AnswerKind, RungKind, SummonsState


class AnswerLimit(models.Model):
    """How long each rung may take to answer, and when what was done must be told: county data.

    An empty hazard or rung means every one; the row that says more wins, then the newest.
    """

    personal_data: ClassVar[tuple[str, ...]] = ()

    hazard = models.CharField(max_length=20, choices=Hazard.choices, blank=True)
    colour = models.PositiveSmallIntegerField(choices=Colour.choices)
    rung = models.CharField(max_length=10, choices=RungKind.choices, blank=True)
    minutes = models.PositiveSmallIntegerField()
    report_minutes = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=120)
    effective_from = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hazard", "colour", "rung", "effective_from"], name="answer_limit_once"
            ),
            models.CheckConstraint(name="answer_limit_waits", condition=models.Q(minutes__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.colour}: {self.minutes} min"


class Summons(ScopedModel):
    """The call to one answerable person of one village (叫应), and how it was answered.

    `ladder` is frozen at issue: a list of [rung kind, person id, minutes]. `rung` counts how far
    up it has gone; `due_at` is when the present rung's time runs out. Whoever has answered is
    asked again at `report_due_at` until they have told what was done: how many people were
    notified, how many are out.
    """

    uuid = models.UUIDField(unique=True)
    warning = reference("warning.HazardWarning")
    division = reference("registry.Division")
    person = reference("registry.Person")
    duty = models.CharField(max_length=30, choices=DutyKind.choices)
    ladder = models.JSONField()
    rung = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=14, choices=SummonsState.choices)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = reference("registry.Person", null=True)
    answered_via = models.CharField(max_length=20, blank=True)
    word = models.CharField(max_length=12, choices=AnswerKind.choices, blank=True)
    report_minutes = models.PositiveSmallIntegerField(null=True)
    report_due_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    reasked = models.PositiveSmallIntegerField(default=0)
    notified = models.PositiveIntegerField(null=True)
    moved = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["warning", "division", "person"], name="summons_once"),
            models.CheckConstraint(
                name="answer_after_call",
                condition=models.Q(answered_at__isnull=True)
                | models.Q(answered_at__gte=models.F("asked_at")),
            ),
            models.CheckConstraint(
                name="waiting_has_a_limit",
                condition=~models.Q(state="waiting") | models.Q(due_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="summons_due_idx"),
            models.Index(fields=["person", "state"], name="summons_person_idx"),
            models.Index(
                fields=["report_due_at"],
                name="summons_report_idx",
                condition=models.Q(report_due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.division_id}"


class Answer(ScopedModel):
    """One thing that a person on a ladder told about their village; never changed, only added."""

    scope_path = "summons__division_id"

    summons = reference("warning.Summons")
    person = reference("registry.Person")
    word = models.CharField(max_length=12, choices=AnswerKind.choices)
    notified = models.PositiveIntegerField(null=True)
    moved = models.PositiveIntegerField(null=True)
    remark = models.CharField(max_length=200, blank=True)
    via = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["summons", "at"], name="answer_time_idx")]

    def __str__(self) -> str:
        return f"{self.word} for {self.summons_id}"
