"""The road graph."""

from typing import ClassVar

from django.db import models

from anlan.kernel.fields import reference
from anlan.kernel.scope import ScopedModel


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
