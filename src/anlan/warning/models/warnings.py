from typing import ClassVar

from django.db import models

from anlan.kernel.fields import reference
from anlan.kernel.scope import ScopedModel
from anlan.registry.data import Colour, DutyKind, Hazard
from anlan.warning.data import DeliveryState, RungKind, SummonsState, WarningState


class AnswerLimit(models.Model):
    """How long each rung may take to answer a colour, and how often it is rung: county data."""

    personal_data: ClassVar[tuple[str, ...]] = ()

    hazard = models.CharField(max_length=20, choices=Hazard.choices, blank=True)
    colour = models.PositiveSmallIntegerField(choices=Colour.choices)
    minutes = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=120)
    effective_from = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hazard", "colour", "effective_from"], name="answer_limit_once"
            ),
            models.CheckConstraint(name="answer_limit_waits", condition=models.Q(minutes__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.colour}: {self.minutes} min"


class HazardWarning(ScopedModel):
    """A warning of one hazard and colour for villages of one town. Nothing of it is edited:
    a higher colour is a new warning that names the one it follows."""

    uuid = models.UUIDField(unique=True)
    number = models.CharField(max_length=31, unique=True)
    division = reference("registry.Division")
    hazard = models.CharField(max_length=20, choices=Hazard.choices)
    colour = models.PositiveSmallIntegerField(choices=Colour.choices)
    state = models.CharField(max_length=10, choices=WarningState.choices)
    headline = models.CharField(max_length=120)
    text = models.TextField()
    crossed_at = models.DateTimeField()
    issued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "hazard"], name="warning_state_idx"),
            models.Index(fields=["issued_at"], name="warning_time_idx"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="warning_after_crossing",
                condition=models.Q(issued_at__gte=models.F("crossed_at")),
            ),
            models.CheckConstraint(
                name="warning_open_has_no_end",
                condition=models.Q(state="open", ended_at__isnull=True)
                | (~models.Q(state="open") & models.Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class WarningArea(ScopedModel):
    """A village under a warning, with the exceedance that put it there.

    `released_at` is when this village left the warning: lifted, or under a higher colour.
    """

    warning = reference("warning.HazardWarning")
    division = reference("registry.Division")
    hazard = models.CharField(max_length=20, choices=Hazard.choices)
    colour = models.PositiveSmallIntegerField(choices=Colour.choices)
    exceedance = reference("monitoring.Exceedance", null=True)
    entered_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    follows = reference("warning.WarningArea", null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["warning", "division"], name="warning_area_once"),
            models.UniqueConstraint(
                fields=["division", "hazard"],
                name="one_open_warning_a_village",
                condition=models.Q(released_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} under {self.warning_id}"


class Summons(ScopedModel):
    """The call to one answerable person of one village (叫应), and how it was answered.

    `ladder` is frozen at issue: a list of [rung kind, person id, minutes]. `rung` counts how far
    up it has gone; `due_at` is when the present rung's time runs out.
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
        ]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.division_id}"


class Delivery(ScopedModel):
    """One message for one rung of a summons: durable before it leaves, then with its receipt."""

    scope_path = "summons__division_id"

    summons = reference("warning.Summons")
    person = reference("registry.Person")
    rung = models.CharField(max_length=10, choices=RungKind.choices)
    channel = models.CharField(max_length=20, blank=True)
    attempt = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=DeliveryState.choices)
    queued_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["summons", "rung"], name="delivery_once_a_rung")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["queued_at"],
                name="delivery_open_idx",
                condition=models.Q(state__in=("queued", "sending")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} to {self.person_id}"


class Notice(ScopedModel):
    """A message in a person's inbox on the program's own pages."""

    division = reference("registry.Division")
    person = reference("registry.Person")
    reference_code = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    text = models.TextField()
    sent_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "sent_at"], name="notice_idx")]

    def __str__(self) -> str:
        return self.title
