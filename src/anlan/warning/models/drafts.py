"""Warnings before they are issued: who may issue what, the words, and what waits for a decision."""

from typing import ClassVar

from django.db import models

from anlan.kernel.fields import reference
from anlan.kernel.scope import ScopedModel
from anlan.registry.data import Colour, Hazard
from anlan.warning.data import Audience, DraftState, WarningOrigin


class IssueRule(ScopedModel):
    """Who may issue a colour of a hazard in a county, and whether rules issue it by themselves.

    `roles` may issue it. Without anybody's word a warning leaves at once where `is_automatic`;
    otherwise it waits, and after `decide_minutes` the duty leader is asked instead. An empty hazard
    means every one; the row that says more wins, then the newest.
    """

    personal_data = ()

    division = reference("registry.Division")
    hazard = models.CharField(max_length=20, choices=Hazard.choices, blank=True)
    colour = models.PositiveSmallIntegerField(choices=Colour.choices)
    is_automatic = models.BooleanField()
    roles = models.JSONField(default=list)
    decide_minutes = models.PositiveSmallIntegerField(default=15)
    valid_hours = models.PositiveSmallIntegerField(default=24)
    source = models.CharField(max_length=120)
    effective_from = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["division", "hazard", "colour", "effective_from"], name="issue_rule_once"
            ),
            models.CheckConstraint(
                name="issue_rule_waits",
                condition=models.Q(decide_minutes__gte=1, valid_hours__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hazard or '*'} {self.colour}"


class WarningText(ScopedModel):
    """The words of a county for a hazard and colour to an audience, with `{names}` of figures.

    A new row replaces an older one; none is changed. An empty hazard or no colour means every one.
    """

    personal_data = ()

    division = reference("registry.Division")
    hazard = models.CharField(max_length=20, choices=Hazard.choices, blank=True)
    colour = models.PositiveSmallIntegerField(choices=Colour.choices, null=True)
    audience = models.CharField(max_length=12, choices=Audience.choices)
    title = models.CharField(max_length=120)
    text = models.TextField()
    kept_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["division", "audience", "kept_at"], name="warning_text_idx")
        ]

    def __str__(self) -> str:
        return self.title


class WarningDraft(ScopedModel):
    """A warning that waits for somebody's word; what is issued stands in warnings of its own.

    `areas` are codes of divisions, `places` uuids of places, `polygons` rings [[lon, lat], …];
    the villages meant are found when it is issued. `follows` is the family that it updates.
    """

    personal_data = ()

    uuid = models.UUIDField(unique=True)
    division = reference("registry.Division")
    hazard = models.CharField(max_length=20, choices=Hazard.choices)
    colour = models.PositiveSmallIntegerField(choices=Colour.choices)
    origin = models.CharField(max_length=10, choices=WarningOrigin.choices)
    state = models.CharField(max_length=10, choices=DraftState.choices)
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    instruction = models.TextField(blank=True)
    event_code = models.CharField(max_length=10, blank=True)
    areas = models.JSONField(default=list)
    places = models.JSONField(default=list)
    polygons = models.JSONField(default=list)
    exceedances = models.JSONField(default=list)
    upper = reference("warning.UpperWarning", null=True)
    follows = models.UUIDField(null=True)
    onset_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    decide_by = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    family = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="draft_decided_has_a_time",
                condition=models.Q(state="waiting", decided_at__isnull=True)
                | (~models.Q(state="waiting") & models.Q(decided_at__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["division", "decide_by"],
                name="draft_waiting_idx",
                condition=models.Q(state="waiting"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.hazard} {self.colour}"
