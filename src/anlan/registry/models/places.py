"""Places on the map, each with the typed detail that its office records."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Substr

from anlan.kernel.fields import detail_of, reference
from anlan.kernel.records import RecordModel
from anlan.kernel.scope import ScopedModel
from anlan.registry.data import (
    Condition,
    HazardPointKind,
    InfrastructureKind,
    Located,
    PlaceKind,
    SchoolKind,
    ShelterKind,
    StationOwnership,
)


class Place(RecordModel):
    """A thing on the map that somebody answers for; its typed detail stands beside it.

    `code` is what the office calls it, once in a county and kind. A place whose position nobody
    has measured stands at the centre of its division, and `located` says so.
    """

    division = reference("registry.Division")
    kind = models.CharField(max_length=20, choices=PlaceKind.choices)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    lon = models.FloatField()
    lat = models.FloatField()
    located = models.CharField(max_length=10, choices=Located.choices, default=Located.MEASURED)
    address = models.CharField(max_length=120, blank=True)
    remark = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "division", "name"], name="place_kind_idx"),
            models.Index(fields=["code"], name="place_code_idx"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                Substr("division", 1, 6), "kind", "code", name="place_code_once_in_county"
            ),
            models.CheckConstraint(
                name="place_on_earth",
                condition=models.Q(lon__range=(-180, 180), lat__range=(-90, 90)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceDetail(ScopedModel):
    """What one kind of place has beside its name and position."""

    scope_path = "place__division_id"

    place = detail_of("registry.Place", primary_key=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.pk}"


class Reservoir(PlaceDetail):
    """A reservoir's own figures; levels rise from dead level to dam top.

    `storage_curve` is a list of [level in m, storage in m³] rising in both, empty when unknown.
    """

    capacity_m3 = models.BigIntegerField()
    catchment_km2 = models.FloatField(null=True)
    dead_level_m = models.FloatField(null=True)
    flood_limit_level_m = models.FloatField()
    normal_level_m = models.FloatField(null=True)
    design_level_m = models.FloatField()
    check_level_m = models.FloatField()
    dam_top_m = models.FloatField()
    dam_height_m = models.FloatField(null=True)
    spillway_crest_m = models.FloatField(null=True)
    spillway_width_m = models.FloatField(null=True)
    storage_curve = models.JSONField(default=list)
    is_defective = models.BooleanField(default=False)
    people_downstream = models.PositiveIntegerField(null=True)

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


class River(RecordModel):
    """A river of the county with its basin; `course` is a list of [lon, lat] from its source."""

    division = reference("registry.Division")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    basin_km2 = models.FloatField()
    length_km = models.FloatField()
    course = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Substr("division", 1, 6), "code", name="river_code_once_in_county"
            )
        ]

    def __str__(self) -> str:
        return self.name


class RiverSection(PlaceDetail):
    """A gauged section of a river, with its levels and, once surveyed, a trapezoid channel."""

    river = reference("registry.River")
    catchment_km2 = models.FloatField(null=True)
    zero_m = models.FloatField(null=True)
    warning_level_m = models.FloatField()
    guaranteed_level_m = models.FloatField()
    bed_width_m = models.FloatField(null=True)
    side_slope = models.FloatField(null=True)
    bed_slope = models.FloatField(null=True)
    roughness = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="river_levels_rise",
                condition=models.Q(guaranteed_level_m__gt=models.F("warning_level_m")),
            )
        ]


class HazardPoint(PlaceDetail):
    """A registered geohazard point; whom it threatens is told by the households that name it."""

    hazard_kind = models.CharField(max_length=20, choices=HazardPointKind.choices)
    volume_m3 = models.PositiveIntegerField(null=True)
    registered_on = models.DateField(null=True)
    trigger = models.CharField(max_length=80, blank=True)
    threatened_property_wan = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    alarm_signal = models.CharField(max_length=60, blank=True)
    escape_route = models.CharField(max_length=200, blank=True)


class ForestCompartment(PlaceDetail):
    """A compartment of the forest (林班): what grows there and how easily it burns."""

    area_ha = models.FloatField()
    species = models.CharField(max_length=60, blank=True)
    ownership = models.CharField(max_length=12, choices=StationOwnership.choices)
    stock_m3 = models.PositiveIntegerField(null=True)
    fire_risk_class = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="forest_fire_risk_class",
                condition=models.Q(fire_risk_class__isnull=True)
                | models.Q(fire_risk_class__range=(1, 5)),
            )
        ]


class RangerStation(PlaceDetail):
    """A natural-forest guard station; its staff hold the duty over its place."""

    ownership = models.CharField(max_length=12, choices=StationOwnership.choices)
    guarded_ha = models.FloatField(null=True)


class FireCheckpoint(PlaceDetail):
    """A checkpoint on a road into the forest; manned from one day of the year to another."""

    road = models.CharField(max_length=80, blank=True)
    guards = models.PositiveSmallIntegerField(default=1)
    manned_from = models.CharField(max_length=5, blank=True)
    manned_until = models.CharField(max_length=5, blank=True)


class MacroStation(PlaceDetail):
    """A point where somebody watches animals, wells and gas for signs of an earthquake."""

    observes = models.CharField(max_length=60)


class Shelter(PlaceDetail):
    """A place where moved people are taken in, and how many it holds."""

    capacity = models.PositiveIntegerField()
    shelter_kind = models.CharField(
        max_length=12, choices=ShelterKind.choices, default=ShelterKind.SHORT
    )
    is_indoor = models.BooleanField(default=True)
    area_m2 = models.FloatField(null=True)
    facilities = models.CharField(max_length=200, blank=True)


class School(PlaceDetail):
    """A school: who is in it when the alarm comes."""

    school_kind = models.CharField(max_length=12, choices=SchoolKind.choices)
    pupils = models.PositiveIntegerField()
    boarders = models.PositiveIntegerField(default=0)
    staff = models.PositiveIntegerField(default=0)
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="school_boarders_within", condition=models.Q(boarders__lte=models.F("pupils"))
            )
        ]


class Hospital(PlaceDetail):
    """A hospital or health centre: what it can take."""

    grade = models.CharField(max_length=30, blank=True)
    beds = models.PositiveIntegerField()
    ambulances = models.PositiveSmallIntegerField(default=0)
    emergency_phone = models.CharField(max_length=30, blank=True)


class Enterprise(PlaceDetail):
    """An enterprise that can have or cause an accident; `credit_code` is its 18-character code."""

    credit_code = models.CharField(max_length=18, blank=True)
    industry = models.CharField(max_length=60)
    employees = models.PositiveIntegerField()
    is_high_risk = models.BooleanField(default=False)
    has_major_hazard = models.BooleanField(default=False)
    hazards = models.CharField(max_length=200, blank=True)


class Infrastructure(PlaceDetail):
    """A pipeline, road, bridge, power or water facility: how old, in what state, whose."""

    facility_kind = models.CharField(max_length=16, choices=InfrastructureKind.choices)
    owner = models.CharField(max_length=80)
    built_year = models.PositiveSmallIntegerField(null=True)
    length_km = models.FloatField(null=True)
    condition = models.CharField(max_length=12, choices=Condition.choices)
    inspected_on = models.DateField(null=True)
