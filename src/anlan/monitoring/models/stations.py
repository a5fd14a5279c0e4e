"""Stations, what they speak for, and the models of devices that speak JSON."""

from typing import ClassVar

from django.db import models

from anlan.kernel.fields import reference
from anlan.kernel.scope import ScopedModel
from anlan.monitoring.data import Protocol, RainFrom, StationKind
from anlan.registry.data import Hazard


class DeviceModel(models.Model):
    """How the JSON of one model of device is read.

    `mapping` holds `address`, `time` and a list `values` of {path, element, scale, offset}; a path
    is a chain of keys and indexes such as `data.0.rain`. Counties add models without a program.
    """

    personal_data: ClassVar[tuple[str, ...]] = ()

    name = models.CharField(max_length=60, unique=True)
    topic = models.CharField(max_length=120, blank=True)
    mapping = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class Station(ScopedModel):
    """A station that measures, known on its wire by its address.

    On SL 651 the address is ten hexadecimal digits. A station reports at least every
    `interval_min` minutes; what it has not sent for several of them is a silence. `base_m` is
    what relative levels are counted from (水位基值), `rain_from` from what its rain is taken.
    """

    address = models.CharField(max_length=64, unique=True)
    protocol = models.CharField(max_length=10, choices=Protocol.choices, default=Protocol.SL651)
    division = reference("registry.Division")
    place = reference("registry.Place", null=True)
    kind = models.CharField(max_length=1, choices=StationKind.choices)
    name = models.CharField(max_length=60)
    password = models.CharField(max_length=12, default="0000")
    lon = models.FloatField()
    lat = models.FloatField()
    interval_min = models.PositiveIntegerField(default=60)
    base_m = models.FloatField(null=True)
    rain_from = models.CharField(max_length=4, choices=RainFrom.choices, default=RainFrom.PN05)
    device_model = reference("monitoring.DeviceModel", null=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        # The list of stations goes through them division by division, by name.
        indexes: ClassVar = [models.Index(fields=["division", "name"], name="station_list_idx")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="station_reports_at_least_daily",
                condition=models.Q(interval_min__range=(1, 1440)),
            )
        ]

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


class IgnoredAddress(models.Model):
    """An address that nobody registered and that somebody decided not to be shown any more.

    What it sends is still kept within the bounds of the quarantine.
    """

    address = models.CharField(max_length=64)
    protocol = models.CharField(max_length=10, choices=Protocol.choices)
    reason = models.CharField(max_length=200)
    ignored_by = models.CharField(max_length=120)
    ignored_at = models.DateTimeField()

    personal_data: ClassVar[tuple[str, ...]] = ("ignored_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["address", "protocol"], name="ignored_address_once")
        ]

    def __str__(self) -> str:
        return self.address
