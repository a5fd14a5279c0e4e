"""Places on the map, households at risk, and the roads between."""

from typing import ClassVar

from django.db import models

from anlan.kernel.encryption import EncryptedTextField
from anlan.kernel.fields import detail_of, reference
from anlan.kernel.scope import ScopedModel
from anlan.registry.data import (
    HazardPointKind,
    HouseholdThreat,
    PlaceKind,
    StationOwnership,
)


class Place(ScopedModel):
    """A thing on the map that somebody answers for; its typed detail stands beside it."""

    uuid = models.UUIDField(unique=True)
    division = reference("registry.Division")
    kind = models.CharField(max_length=20, choices=PlaceKind.choices)
    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    lon = models.FloatField()
    lat = models.FloatField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "division"], name="place_kind_idx")]

    def __str__(self) -> str:
        return self.name


class Reservoir(ScopedModel):
    """A reservoir's own figures; levels rise from dead level to dam top.

    `storage_curve` is a list of [level in m, storage in m³] rising in both.
    """

    scope_path = "place__division_id"

    place = detail_of("registry.Place", primary_key=True)
    capacity_m3 = models.BigIntegerField()
    catchment_km2 = models.FloatField()
    flood_limit_level_m = models.FloatField()
    design_level_m = models.FloatField()
    check_level_m = models.FloatField()
    dam_top_m = models.FloatField()
    spillway_crest_m = models.FloatField()
    spillway_width_m = models.FloatField()
    storage_curve = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="reservoir_levels_rise",
                condition=models.Q(
                    design_level_m__gte=models.F("flood_limit_level_m"),
                    check_level_m__gte=models.F("design_level_m"),
                    dam_top_m__gte=models.F("check_level_m"),
                ),
            )
        ]

    def __str__(self) -> str:
        return f"reservoir {self.place_id}"


class River(ScopedModel):
    """A river of the county with its basin; `course` is a list of [lon, lat] from its source."""

    division = reference("registry.Division")
    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    basin_km2 = models.FloatField()
    length_km = models.FloatField()
    course = models.JSONField()

    def __str__(self) -> str:
        return self.name


class RiverSection(ScopedModel):
    """A gauged section of a river, with its levels and its channel as a trapezoid."""

    scope_path = "place__division_id"

    place = detail_of("registry.Place", primary_key=True)
    river = reference("registry.River")
    catchment_km2 = models.FloatField()
    zero_m = models.FloatField()
    warning_level_m = models.FloatField()
    guaranteed_level_m = models.FloatField()
    bed_width_m = models.FloatField()
    side_slope = models.FloatField()
    bed_slope = models.FloatField()
    roughness = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="river_levels_rise",
                condition=models.Q(guaranteed_level_m__gt=models.F("warning_level_m")),
            )
        ]

    def __str__(self) -> str:
        return f"section {self.place_id}"


class HazardPoint(ScopedModel):
    """A registered geohazard point; whom it threatens is told by the households that name it."""

    scope_path = "place__division_id"

    place = detail_of("registry.Place", primary_key=True)
    hazard_kind = models.CharField(max_length=20, choices=HazardPointKind.choices)
    volume_m3 = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"hazard point {self.place_id}"


class Shelter(ScopedModel):
    """A place where moved people are taken in, and how many it holds."""

    scope_path = "place__division_id"

    place = detail_of("registry.Place", primary_key=True)
    capacity = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"shelter {self.place_id}"


class RangerStation(ScopedModel):
    """A natural-forest guard station; its staff hold the duty over its place."""

    scope_path = "place__division_id"

    place = detail_of("registry.Place", primary_key=True)
    ownership = models.CharField(max_length=12, choices=StationOwnership.choices)

    def __str__(self) -> str:
        return f"ranger station {self.place_id}"


class MacroStation(ScopedModel):
    """A point where somebody watches animals, wells and gas for signs of an earthquake."""

    scope_path = "place__division_id"

    place = detail_of("registry.Place", primary_key=True)
    observes = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"macro station {self.place_id}"


class Household(ScopedModel):
    """A household at risk: who is threatened by what, and where they go.

    `uuid` is what other systems see. The carer holds the duty that names the household.
    """

    personal_data = ("head_name", "phone", "address")

    uuid = models.UUIDField(unique=True)
    division = reference("registry.Division")
    head_name = models.CharField(max_length=40)
    phone = EncryptedTextField(blank=True)
    address = models.CharField(max_length=120)
    people = models.PositiveSmallIntegerField()
    needing_help = models.PositiveSmallIntegerField(default=0)
    threat = models.CharField(max_length=20, choices=HouseholdThreat.choices)
    hazard_point = reference("registry.HazardPoint", null=True)
    shelter = reference("registry.Shelter")
    route_km = models.FloatField()
    lon = models.FloatField()
    lat = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="household_people",
                condition=models.Q(people__gte=1, needing_help__lte=models.F("people")),
            ),
            models.CheckConstraint(
                name="household_geohazard_names_point",
                condition=~models.Q(threat="geohazard") | models.Q(hazard_point__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"household {self.uuid}"


class RoadNode(ScopedModel):
    """A crossing of the road graph."""

    division = reference("registry.Division")
    lon = models.FloatField()
    lat = models.FloatField()

    def __str__(self) -> str:
        return f"node {self.pk}"


class RoadLink(ScopedModel):
    """A stretch of road between two crossings, usable in both directions."""

    scope_path = "start__division_id"

    start = reference("registry.RoadNode")
    end = reference("registry.RoadNode")
    length_km = models.FloatField()
    speed_kmh = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["start", "end"], name="road_link_once"),
            models.CheckConstraint(name="road_has_length", condition=models.Q(length_km__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.start_id}-{self.end_id}"
