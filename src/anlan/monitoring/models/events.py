"""What happens to stations: contact, silence, commands, availability."""

from typing import ClassVar

from django.db import models

from anlan.kernel.fields import detail_of, reference
from anlan.kernel.scope import ScopedModel
from anlan.monitoring.data import CommandState, SilenceLevel


class StationContact(ScopedModel):
    """When a station was last heard, and how far its clock was off then (seconds, fast is plus)."""

    scope_path = "station__division_id"

    station = detail_of("monitoring.Station", primary_key=True)
    heard_at = models.DateTimeField()
    drift_s = models.FloatField(null=True)
    peer = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"{self.station_id} heard"


class Silence(ScopedModel):
    """A station has not been heard since a moment, for longer than it may be silent."""

    scope_path = "station__division_id"

    station = reference("monitoring.Station")
    since = models.DateTimeField()
    noticed_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField(
        choices=SilenceLevel.choices, default=SilenceLevel.NOTED
    )
    raised_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station"],
                name="one_open_silence",
                condition=models.Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.station_id} silent"


class StationCommand(ScopedModel):
    """A query or setting that somebody sends down to a station; it waits until the station calls.

    `parameters` and `answer` hold the words that the page shows, `function` the SL 651 code.
    """

    scope_path = "station__division_id"

    station = reference("monitoring.Station")
    function = models.PositiveSmallIntegerField()
    parameters = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=CommandState.choices, default=CommandState.WAITING
    )
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    serial = models.PositiveIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    answer = models.JSONField(default=dict)

    personal_data = ("asked_by",)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["station", "asked_at"],
                name="command_open_idx",
                condition=models.Q(state__in=["waiting", "sent"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.function:02X} to {self.station_id}"


class StationMonth(ScopedModel):
    """How much of a month's reports of a station came, up to and with the day `counted_to`.

    Counted in intervals of the station: those that passed, those in which a reading came, and of
    these the ones with a late and with a doubtful value.
    """

    scope_path = "station__division_id"

    station = reference("monitoring.Station")
    month = models.DateField()
    expected = models.PositiveIntegerField()
    received = models.PositiveIntegerField()
    late = models.PositiveIntegerField(default=0)
    doubtful = models.PositiveIntegerField(default=0)
    counted_to = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["station", "month"], name="station_month_once")
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.month:%Y-%m}"
