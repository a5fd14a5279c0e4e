from typing import ClassVar

from django.db import models

from anlan.kernel.fields import reference
from anlan.kernel.scope import ScopedModel
from anlan.registry.data import Colour, Hazard
from anlan.warning.data import WarningOrigin, WarningState


class HazardWarning(ScopedModel):
    """A warning of one hazard and colour for villages of one town. Nothing of it is edited: what
    changes it is a new warning that names the one it follows.

    Warnings issued in one act share their `family`. Without `expires_at` one stands until what
    caused it has ended. `polygons` are the rings that somebody drew, [[lon, lat], …].
    """

    uuid = models.UUIDField(unique=True)
    number = models.CharField(max_length=31, unique=True)
    division = reference("registry.Division")
    hazard = models.CharField(max_length=20, choices=Hazard.choices)
    colour = models.PositiveSmallIntegerField(choices=Colour.choices)
    state = models.CharField(max_length=10, choices=WarningState.choices)
    headline = models.CharField(max_length=120)
    text = models.TextField()
    instruction = models.TextField(blank=True)
    event_code = models.CharField(max_length=10, blank=True)
    sender_name = models.CharField(max_length=80, blank=True)
    origin = models.CharField(
        max_length=10, choices=WarningOrigin.choices, default=WarningOrigin.RULE
    )
    family = models.UUIDField(null=True)
    follows = reference("warning.HazardWarning", null=True)
    upper = reference("warning.UpperWarning", null=True)
    polygons = models.JSONField(default=list)
    crossed_at = models.DateTimeField()
    issued_at = models.DateTimeField()
    onset_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at"],
                name="warning_expiry_idx",
                condition=models.Q(state="open", expires_at__isnull=False),
            ),
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
            models.CheckConstraint(
                name="warning_expires_later",
                condition=models.Q(expires_at__isnull=True)
                | models.Q(expires_at__gt=models.F("issued_at")),
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
