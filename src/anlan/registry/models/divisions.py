"""The division tree, its history and its forests."""

from typing import ClassVar

from django.db import models

from anlan.kernel.fields import detail_of, reference
from anlan.kernel.records import RecordModel
from anlan.kernel.scope import ScopedModel
from anlan.registry.data import DivisionChangeKind, DivisionKind


class Division(ScopedModel):
    """A county, town or village: the tree on which everything else hangs.

    Terrain areas of a town or village add up to its own area; a parent's figures are the sums of
    its children's and are not stored again. A division that was merged away stays, with the day
    on which it ended; a division whose place on the map nobody has given has no `lon` and `lat`.
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
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    elevation_m = models.FloatField(default=0)
    boundary = models.JSONField(null=True)
    ended_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        # Lists and choices of divisions read these alone: a row with its boundary is a long one.
        indexes: ClassVar = [
            models.Index(fields=["code", "ended_on", "kind", "name"], name="division_list_idx"),
            models.Index(fields=["kind", "code", "ended_on", "name"], name="division_kind_idx"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="division_areas_not_negative",
                condition=models.Q(plain_km2__gte=0, hill_km2__gte=0, mountain_km2__gte=0),
            ),
            models.CheckConstraint(
                name="division_on_earth",
                condition=models.Q(lon__isnull=True, lat__isnull=True)
                | models.Q(lon__range=(-180, 180), lat__range=(-90, 90)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DivisionChange(ScopedModel):
    """One step in the history of a division: from which code and name it came, when, on what basis.

    A merger of three villages is three rows with one `division`; a split into two is two rows
    with one `from_code`.
    """

    division = reference("registry.Division")
    kind = models.CharField(max_length=12, choices=DivisionChangeKind.choices)
    on = models.DateField()
    from_code = models.CharField(max_length=12)
    from_name = models.CharField(max_length=60)
    to_name = models.CharField(max_length=60)
    basis = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["from_code"], name="division_change_from_idx")]

    def __str__(self) -> str:
        return f"{self.from_code} {self.kind} {self.division_id}"


class ForestStand(RecordModel):
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
