from typing import ClassVar

from django.db import models

from anlan.kernel.fields import reference
from anlan.kernel.scope import ScopedModel
from anlan.monitoring.data import StationKind, Verdict
from anlan.registry.data import Colour, Hazard


class Station(ScopedModel):
    """A telemetry station, known on the wire by its ten hexadecimal digits."""

    address = models.CharField(max_length=10, unique=True)
    division = reference("registry.Division")
    place = reference("registry.Place", null=True)
    kind = models.CharField(max_length=1, choices=StationKind.choices)
    name = models.CharField(max_length=60)
    password = models.CharField(max_length=4, default="0000")
    lon = models.FloatField()
    lat = models.FloatField()

    def __str__(self) -> str:
        return self.name


class StationCover(ScopedModel):
    """A station speaks for a village in one hazard."""

    station = reference("monitoring.Station")
    division = reference("registry.Division")
    hazard = models.CharField(max_length=20, choices=Hazard.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station", "hazard", "division"], name="station_cover_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.station_id} covers {self.division_id}"


class ReadingBatch(models.Model):
    """One durable intake of readings; evaluation walks along the batches and misses none."""

    personal_data: ClassVar[tuple[str, ...]] = ()

    received_at = models.DateTimeField()
    frames = models.PositiveIntegerField()
    stored = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"batch {self.pk}"


class Reading(ScopedModel):
    """A value that a station measured and that counts: one per station, element and instant."""

    scope_path = "station__division_id"

    pk = models.CompositePrimaryKey("station_id", "element", "observed_at")
    station = reference("monitoring.Station", db_index=False)
    element = models.CharField(max_length=6)
    observed_at = models.DateTimeField()
    value = models.FloatField()
    batch = reference("monitoring.ReadingBatch")

    def __str__(self) -> str:
        return f"{self.station_id} {self.element} {self.value}"


class LatestReading(ScopedModel):
    """The last value of a station's element: what a new one is held against."""

    scope_path = "station__division_id"

    pk = models.CompositePrimaryKey("station_id", "element")
    station = reference("monitoring.Station", db_index=False)
    element = models.CharField(max_length=6)
    observed_at = models.DateTimeField()
    value = models.FloatField()

    def __str__(self) -> str:
        return f"{self.station_id} {self.element} {self.value}"


class SetAsideReading(models.Model):
    """A value kept out of the sums, with the reason."""

    personal_data: ClassVar[tuple[str, ...]] = ()

    address = models.CharField(max_length=10)
    element = models.CharField(max_length=6)
    observed_at = models.DateTimeField()
    value = models.FloatField()
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    received_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["address", "received_at"], name="aside_idx")]

    def __str__(self) -> str:
        return f"{self.address} {self.element} {self.verdict}"


class FrameFault(models.Model):
    """Bytes that were no good frame, kept as they came."""

    personal_data: ClassVar[tuple[str, ...]] = ()

    peer = models.CharField(max_length=60)
    reason = models.CharField(max_length=40)
    payload = models.BinaryField()
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.peer} {self.reason}"


class Threshold(models.Model):
    """A limit with its source: which sum or level of which station means which colour.

    A sum of rain (PN05) over 1 to 24 hours, or the level itself (Z).

    `station` empty means every station of the hazard that has no row of its own. `window_h` 0
    means the level itself. Counties change the rows, not the program.
    """

    personal_data: ClassVar[tuple[str, ...]] = ()

    station = reference("monitoring.Station", null=True)
    hazard = models.CharField(max_length=20, choices=Hazard.choices)
    element = models.CharField(max_length=6)
    window_h = models.PositiveSmallIntegerField()
    colour = models.PositiveSmallIntegerField(choices=Colour.choices)
    value = models.FloatField()
    source = models.CharField(max_length=120)
    effective_from = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station", "hazard", "element", "window_h", "colour", "effective_from"],
                name="station_threshold_once",
                condition=models.Q(station__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["hazard", "element", "window_h", "colour", "effective_from"],
                name="default_threshold_once",
                condition=models.Q(station__isnull=True),
            ),
            models.CheckConstraint(
                name="threshold_on_a_known_sum",
                condition=models.Q(element="PN05", window_h__range=(1, 24))
                | models.Q(element="Z", window_h=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hazard} {self.window_h} h {self.value}"


class Exceedance(ScopedModel):
    """A station stands at or over a threshold of a hazard, from a moment until another.

    When the colour rises, the row is ended and the next one names it in `follows`.
    """

    scope_path = "station__division_id"

    station = reference("monitoring.Station")
    threshold = reference("monitoring.Threshold")
    hazard = models.CharField(max_length=20, choices=Hazard.choices)
    colour = models.PositiveSmallIntegerField(choices=Colour.choices)
    value = models.FloatField()
    started_at = models.DateTimeField()
    below_since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    follows = reference("monitoring.Exceedance", null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station", "hazard"],
                name="one_open_exceedance",
                condition=models.Q(ended_at__isnull=True),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["hazard", "started_at"], name="exceedance_time_idx")
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.hazard} {self.colour}"
