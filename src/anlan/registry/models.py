from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.encryption import EncryptedTextField
from anlan.kernel.fields import detail_of, reference
from anlan.kernel.scope import ScopedModel
from anlan.registry.data import (
    DivisionKind,
    DutyKind,
    HazardPointKind,
    HouseholdThreat,
    PlaceKind,
    Role,
    StationOwnership,
    TeamKind,
)


class Division(ScopedModel):
    """A county, town or village: the tree on which everything else hangs.

    Terrain areas of a town or village add up to its own area; a parent's figures are the sums of
    its children's and are not stored again.
    """

    scope_path = "code"

    code = models.CharField(primary_key=True, max_length=12)
    parent = reference("registry.Division", null=True)
    kind = models.CharField(max_length=12, choices=DivisionKind.choices)
    name = models.CharField(max_length=60)
    population = models.PositiveIntegerField(default=0)
    households = models.PositiveIntegerField(default=0)
    plain_km2 = models.DecimalField(max_digits=9, decimal_places=4, default=0)
    hill_km2 = models.DecimalField(max_digits=9, decimal_places=4, default=0)
    mountain_km2 = models.DecimalField(max_digits=9, decimal_places=4, default=0)
    lon = models.FloatField()
    lat = models.FloatField()
    elevation_m = models.FloatField(default=0)
    boundary = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="division_areas_not_negative",
                condition=models.Q(plain_km2__gte=0, hill_km2__gte=0, mountain_km2__gte=0),
            ),
            models.CheckConstraint(
                name="division_on_earth",
                condition=models.Q(lon__range=(-180, 180), lat__range=(-90, 90)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Organization(ScopedModel):
    """An organ that people belong to: a bureau, a town government, a village committee."""

    division = reference("registry.Division")
    name = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["division", "name"], name="organization_once")
        ]

    def __str__(self) -> str:
        return self.name


class Person(ScopedModel):
    """Somebody the county can call. The phone is encrypted at rest and masked on pages."""

    personal_data = ("name", "phone")

    division = reference("registry.Division")
    organization = reference("registry.Organization", null=True)
    name = models.CharField(max_length=40)
    phone = EncryptedTextField(blank=True)

    def __str__(self) -> str:
        return self.name


class Account(AbstractUser):
    """Somebody who can log in; what they may see is in their authorities."""

    personal_data: ClassVar[tuple[str, ...]] = ("username", "first_name", "last_name", "email")

    person = reference("registry.Person", null=True, blank=True)

    def __str__(self) -> str:
        return self.username


class Authority(models.Model):
    """What an account may do and where: a role over a division and all that lies in it."""

    personal_data: ClassVar[tuple[str, ...]] = ()

    account = reference("registry.Account")
    role = models.CharField(max_length=20, choices=Role.choices)
    division = reference("registry.Division")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "role", "division"], name="authority_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} {self.division_id}"


class Post(ScopedModel):
    """A position of an organ, with how many people it should have."""

    division = reference("registry.Division")
    organization = reference("registry.Organization")
    title = models.CharField(max_length=60)
    quota = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "title"], name="post_once")
        ]

    def __str__(self) -> str:
        return self.title


class PostHolding(ScopedModel):
    """A person in a post from a day on, full-time or beside another job."""

    scope_path = "post__division_id"

    post = reference("registry.Post")
    person = reference("registry.Person")
    is_full_time = models.BooleanField()
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="holding_runs_forward",
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.post_id}"


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


class ForestStand(ScopedModel):
    """The forest of one town by the forest survey; cover counts stocked and special shrub land."""

    division = detail_of("registry.Division", primary_key=True)
    forest_land_ha = models.DecimalField(max_digits=12, decimal_places=2)
    stocked_ha = models.DecimalField(max_digits=12, decimal_places=2)
    special_shrub_ha = models.DecimalField(max_digits=12, decimal_places=2)
    growing_stock_m3 = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="forest_stocked_within_land",
                condition=models.Q(forest_land_ha__gte=models.F("stocked_ha")),
            )
        ]

    def __str__(self) -> str:
        return f"forest of {self.division_id}"


class Team(ScopedModel):
    """A rescue team that can be sent."""

    division = reference("registry.Division")
    organization = reference("registry.Organization", null=True)
    leader = reference("registry.Person")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=TeamKind.choices)

    def __str__(self) -> str:
        return self.name


class TeamMember(ScopedModel):
    """A person in a team."""

    scope_path = "team__division_id"

    team = reference("registry.Team")
    person = reference("registry.Person")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "person"], name="team_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.team_id}"


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


class Duty(ScopedModel):
    """A person answers for a division, a place or a household; rank 1 is A, 2 the deputy B."""

    person = reference("registry.Person")
    kind = models.CharField(max_length=30, choices=DutyKind.choices)
    division = reference("registry.Division")
    place = reference("registry.Place", null=True)
    household = reference("registry.Household", null=True)
    rank = models.PositiveSmallIntegerField(default=1)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        verbose_name = _("duty")
        indexes: ClassVar = [
            models.Index(fields=["division", "kind", "rank"], name="duty_place_idx")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="duty_runs_forward",
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
            ),
            models.CheckConstraint(name="duty_rank", condition=models.Q(rank__gte=1, rank__lte=2)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


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
