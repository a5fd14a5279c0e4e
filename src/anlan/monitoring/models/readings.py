"""Readings, the batches in which they came, and what was kept out."""

from typing import ClassVar

from django.db import models

from anlan.kernel.fields import reference
from anlan.kernel.scope import ScopedModel
from anlan.monitoring.data import DOUBTFUL_FROM, Protocol, Quality, Verdict


class OtherElement(models.Model):
    """A code that SL 651 does not know, with the number under which its readings are kept.

    The elements of the standard carry their guide byte as number; others get theirs from 1,000
    on when they first come.
    """

    personal_data: ClassVar[tuple[str, ...]] = ()

    id = models.SmallIntegerField(primary_key=True)
    code = models.CharField(max_length=24, unique=True)

    def __str__(self) -> str:
        return self.code


class Reading(ScopedModel):
    """A value as a station measured it: one per station, element and instant, never changed.

    `quality` says what is known of it. On PostgreSQL the table is partitioned by month of
    `observed_at`. `element` is a number of `monitoring.elements`. The key of the station has no
    constraint in the database: a check a row would halve the intake, and rows are written only
    with keys that were looked up.
    """

    scope_path = "station__division_id"

    pk = models.CompositePrimaryKey("station_id", "element", "observed_at")
    station = reference("monitoring.Station", db_index=False, db_constraint=False)
    element = models.SmallIntegerField()
    observed_at = models.DateTimeField()
    value = models.FloatField()
    quality = models.SmallIntegerField(choices=Quality.choices, default=Quality.GOOD)

    def __str__(self) -> str:
        return f"{self.station_id} {self.element} {self.value}"


class ReadingBatch(models.Model):
    """One durable intake; `content` holds its stored rows packed, so that rules walk along batches.

    A batch is written in the transaction of its readings: whoever walks the batches in order
    meets every stored reading once.
    """

    personal_data: ClassVar[tuple[str, ...]] = ()

    received_at = models.DateTimeField()
    frames = models.PositiveIntegerField()
    stored = models.PositiveIntegerField()
    content = models.BinaryField(default=bytes)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["received_at"], name="batch_received_idx")]

    def __str__(self) -> str:
        return f"batch {self.pk}"


class EvaluationCursor(models.Model):
    """How far the rules have walked along the batches, moved with what they found.

    `seen` are the batches above `batch_id` that were read before an earlier one committed; a
    changed `limits_turn` tells every worker to read the limits anew.
    """

    personal_data: ClassVar[tuple[str, ...]] = ()

    name = models.CharField(max_length=30, primary_key=True)
    batch_id = models.BigIntegerField(default=0)
    seen = models.JSONField(default=list)
    turn = models.BigIntegerField(default=0)
    limits_turn = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.batch_id}"


class LatestReading(ScopedModel):
    """The last counting value of a station's element, brought up to date as rules walk along."""

    scope_path = "station__division_id"

    pk = models.CompositePrimaryKey("station_id", "element")
    station = reference("monitoring.Station", db_index=False)
    element = models.SmallIntegerField()
    observed_at = models.DateTimeField()
    value = models.FloatField()
    quality = models.SmallIntegerField(choices=Quality.choices, default=Quality.GOOD)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["station"],
                name="latest_doubtful_idx",
                condition=models.Q(quality__gte=DOUBTFUL_FROM),
            )
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.element} {self.value}"


class SetAsideReading(models.Model):
    """A value that did not enter the table of readings, with the reason.

    A value of an address that nobody registered waits here until somebody adopts the address.
    """

    personal_data: ClassVar[tuple[str, ...]] = ()

    address = models.CharField(max_length=64)
    protocol = models.CharField(max_length=10, choices=Protocol.choices, default=Protocol.SL651)
    peer = models.CharField(max_length=60, blank=True)
    element = models.CharField(max_length=24)
    observed_at = models.DateTimeField()
    value = models.FloatField()
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    received_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["address", "received_at"], name="aside_idx"),
            models.Index(fields=["verdict", "received_at"], name="aside_verdict_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.element} {self.verdict}"


class FrameFault(models.Model):
    """Bytes that were no good frame, kept as they came."""

    personal_data: ClassVar[tuple[str, ...]] = ()

    peer = models.CharField(max_length=60)
    protocol = models.CharField(max_length=10, choices=Protocol.choices, default=Protocol.SL651)
    reason = models.CharField(max_length=40)
    payload = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["received_at"], name="fault_received_idx")]

    def __str__(self) -> str:
        return f"{self.peer} {self.reason}"


class Overruling(ScopedModel):
    """A person changed what is known of a reading; the value itself stays as it came."""

    scope_path = "station__division_id"

    station = reference("monitoring.Station")
    element = models.SmallIntegerField()
    observed_at = models.DateTimeField()
    value = models.FloatField()
    before = models.SmallIntegerField(choices=Quality.choices)
    after = models.SmallIntegerField(choices=Quality.choices)
    reason = models.CharField(max_length=200)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    personal_data = ("made_by",)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["station", "observed_at"], name="overruling_station_idx")
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.before} to {self.after}"


class Picture(ScopedModel):
    """A picture that a station sent, as it came (JPEG)."""

    scope_path = "station__division_id"

    station = reference("monitoring.Station")
    observed_at = models.DateTimeField()
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["station", "observed_at"], name="one_picture_a_moment")
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.observed_at}"


class ArchivedMonth(models.Model):
    """A month of readings that was written to a Parquet file and left the table."""

    personal_data: ClassVar[tuple[str, ...]] = ()

    month = models.DateField(unique=True)
    file_name = models.CharField(max_length=80)
    rows = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    written_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
