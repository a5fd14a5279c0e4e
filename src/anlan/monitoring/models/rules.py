"""Rules as data: thresholds, versions, critical rain, and the exceedances that come of them."""

from typing import ClassVar

from django.db import models

from anlan.kernel.fields import reference
from anlan.kernel.scope import ScopedModel
from anlan.monitoring.data import Measure, RuleState
from anlan.registry.data import Colour, Hazard


class Rule(ScopedModel):
    """What somebody decided to watch for in a division; what it says stands in its versions."""

    uuid = models.UUIDField(unique=True)
    division = reference("registry.Division")
    name = models.CharField(max_length=80)
    hazard = models.CharField(max_length=20, choices=Hazard.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["division", "name"], name="rule_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class RuleVersion(ScopedModel):
    """One version of a rule; a version that was in force is never changed.

    A colour is reached at a station when one of the rule's conditions of that colour holds
    there; thresholds with the same `together` hold only together. It must hold for
    `for_min` minutes, and at `stations_needed` stations of the rule at once. A sum has fallen when
    it is under `falls_to` of its threshold, a value when it is `falls_by` under it; the exceedance
    ends after `clear_after_min` minutes of that. `tested` holds the last back-test as shown, and
    `untested_because` why a version was put in force without one.
    """

    scope_path = "rule__division_id"

    rule = reference("monitoring.Rule")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=RuleState.choices, default=RuleState.DRAFT)
    source = models.CharField(max_length=120)
    for_min = models.PositiveIntegerField(default=0)
    stations_needed = models.PositiveIntegerField(default=1)
    falls_to = models.FloatField(default=0.9)
    falls_by = models.FloatField(default=0.1)
    clear_after_min = models.PositiveIntegerField(default=60)
    tested = models.JSONField(default=dict)
    untested_because = models.CharField(max_length=200, blank=True)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    live_from = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    personal_data = ("made_by",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "number"], name="rule_version_once"),
            models.UniqueConstraint(
                fields=["rule"],
                name="one_live_version",
                condition=models.Q(state=RuleState.LIVE),
            ),
            models.CheckConstraint(
                name="rule_falls_below",
                condition=models.Q(falls_to__range=(0, 1), falls_by__gte=0, stations_needed__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} version {self.number}"


class Threshold(models.Model):
    """A limit with its source: which sum, level or change of which station means which colour.

    `station` empty means every station of the hazard that has no row of its own. A `version`
    empty means a plain limit in force from `effective_from` on, judged by the house's holding
    times. `season_from` and `season_until` are days of the year as MM-DD, both or neither.
    Counties change the rows, not the program.
    """

    personal_data: ClassVar[tuple[str, ...]] = ()

    version = reference("monitoring.RuleVersion", null=True)
    station = reference("monitoring.Station", null=True)
    measured_at = reference("monitoring.Station", null=True)
    hazard = models.CharField(max_length=20, choices=Hazard.choices)
    measure = models.CharField(max_length=12, choices=Measure.choices, default=Measure.SUM)
    element = models.CharField(max_length=24)
    window_min = models.PositiveIntegerField(default=0)
    colour = models.PositiveSmallIntegerField(choices=Colour.choices)
    value = models.FloatField()
    together = models.CharField(max_length=1, blank=True)
    season_from = models.CharField(max_length=5, blank=True)
    season_until = models.CharField(max_length=5, blank=True)
    source = models.CharField(max_length=120)
    effective_from = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    "station",
                    "hazard",
                    "measure",
                    "element",
                    "window_min",
                    "colour",
                    "season_from",
                    "effective_from",
                ],
                name="station_threshold_once",
                condition=models.Q(station__isnull=False, version__isnull=True),
            ),
            models.UniqueConstraint(
                fields=[
                    "hazard",
                    "measure",
                    "element",
                    "window_min",
                    "colour",
                    "season_from",
                    "effective_from",
                ],
                name="default_threshold_once",
                condition=models.Q(station__isnull=True, version__isnull=True),
            ),
            models.CheckConstraint(
                name="threshold_on_a_known_measure",
                condition=models.Q(
                    measure__in=["sum", "rise", "fall", "mean"], window_min__range=(5, 4320)
                )
                | models.Q(measure__in=["last", "antecedent"], window_min=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hazard} {self.measure} {self.element} {self.window_min} min {self.value}"


class CriticalRain(ScopedModel):
    """The rain in a window at which a village prepares to move and moves, by wetness of its soil.

    Three pairs for dry, normal and wet soil, in mm: with antecedent rain of 0.2, 0.5 and 0.8 of
    what the soil can hold (`soil_mm`); between them the limit falls in a straight line. The
    gauges that speak for the village in the hazard measure it. It warns the village beside the
    limits of the gauge itself: whichever is reached first.
    """

    division = reference("registry.Division")
    hazard = models.CharField(max_length=20, choices=Hazard.choices, default=Hazard.FLASH_FLOOD)
    window_min = models.PositiveIntegerField()
    prepare_dry_mm = models.FloatField()
    prepare_normal_mm = models.FloatField()
    prepare_wet_mm = models.FloatField()
    move_dry_mm = models.FloatField()
    move_normal_mm = models.FloatField()
    move_wet_mm = models.FloatField()
    soil_mm = models.FloatField(default=100)
    source = models.CharField(max_length=120)
    effective_from = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["division", "hazard", "window_min", "effective_from"],
                name="critical_rain_once",
            ),
            models.CheckConstraint(
                name="critical_rain_falls_with_wetness",
                condition=models.Q(
                    window_min__range=(5, 4320),
                    prepare_dry_mm__gte=models.F("prepare_normal_mm"),
                    prepare_normal_mm__gte=models.F("prepare_wet_mm"),
                    prepare_wet_mm__gt=0,
                    soil_mm__gt=0,
                    move_dry_mm__gte=models.F("move_normal_mm"),
                    move_normal_mm__gte=models.F("move_wet_mm"),
                    move_wet_mm__gte=models.F("prepare_wet_mm"),
                )
                & models.Q(
                    move_dry_mm__gte=models.F("prepare_dry_mm"),
                    move_normal_mm__gte=models.F("prepare_normal_mm"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.window_min} min"


class QualityLimit(models.Model):
    """What a value of an element may be, and how fast it may change.

    `station` empty means every station. A value outside `low` to `high` is kept and counts
    nowhere; one that changes by more than `step` within `step_min` minutes, or has stood still
    for `stuck_min`, counts and is marked doubtful.
    """

    personal_data: ClassVar[tuple[str, ...]] = ()

    element = models.CharField(max_length=24)
    station = reference("monitoring.Station", null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    step = models.FloatField(null=True)
    step_min = models.PositiveIntegerField(default=5)
    stuck_min = models.PositiveIntegerField(null=True)
    source = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["element"],
                name="default_quality_once",
                condition=models.Q(station__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["element", "station"],
                name="station_quality_once",
                condition=models.Q(station__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element} {self.low} to {self.high}"


class SoilModel(ScopedModel):
    """How a county's soil dries: the share of a day's rain that still counts a day later.

    It counts for `days` days. A county without a row takes the usual 0.84 and 15 days.
    """

    division = reference("registry.Division")
    kept_share = models.FloatField()
    days = models.PositiveIntegerField()
    source = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["division"], name="soil_model_once"),
            models.CheckConstraint(
                name="soil_model_weakens_rain",
                condition=models.Q(kept_share__gt=0, kept_share__lt=1, days__range=(1, 60)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.kept_share}"


class DerivedDay(models.Model):
    """Something that is computed once a day, such as the daily rain, was computed for a day."""

    personal_data: ClassVar[tuple[str, ...]] = ()

    name = models.CharField(max_length=30)
    day = models.DateField()
    done_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "day"], name="derived_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.day}"


class Exceedance(ScopedModel):
    """A station stands at or over a threshold of a hazard, from a moment until another.

    With a `village` it stands for that village alone, by the village's own critical rain; then
    `critical_rain` names it, otherwise `threshold` does. `observed_at` is the instant measured.
    When the colour rises, the row is ended and the next one names it in `follows`.
    """

    scope_path = "station__division_id"

    station = reference("monitoring.Station")
    village = reference("registry.Division", null=True)
    threshold = reference("monitoring.Threshold", null=True)
    critical_rain = reference("monitoring.CriticalRain", null=True)
    hazard = models.CharField(max_length=20, choices=Hazard.choices)
    colour = models.PositiveSmallIntegerField(choices=Colour.choices)
    value = models.FloatField()
    limit = models.FloatField(default=0)
    is_doubtful = models.BooleanField(default=False)
    observed_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    below_since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    follows = reference("monitoring.Exceedance", null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station", "hazard"],
                name="one_open_exceedance",
                condition=models.Q(ended_at__isnull=True, village__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["station", "hazard", "village"],
                name="one_open_exceedance_a_village",
                condition=models.Q(ended_at__isnull=True, village__isnull=False),
            ),
            models.CheckConstraint(
                name="exceedance_of_one_limit",
                condition=models.Q(threshold__isnull=False, critical_rain__isnull=True)
                | models.Q(threshold__isnull=True, critical_rain__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["hazard", "started_at"], name="exceedance_time_idx"),
            models.Index(
                fields=["station"],
                name="exceedance_open_idx",
                condition=models.Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.hazard} {self.colour}"
