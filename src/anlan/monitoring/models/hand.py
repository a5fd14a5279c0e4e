"""What people report by hand: macro anomalies, and the spreadsheets in which such things come."""

from typing import ClassVar

from django.db import models

from anlan.kernel.fields import reference
from anlan.kernel.scope import ScopedModel
from anlan.monitoring.data import HandSubject, MacroKind, MacroSign, MacroState
from anlan.registry.data import ImportMode, ImportState


class MacroReport(ScopedModel):
    """What a macro-observation station saw of one kind on one day; nothing unusual counts too.

    An anomaly waits as reported until another person than the reporter has verified it, or has
    dismissed it with a reason. What a later report of the same day replaced stands in `earlier`,
    oldest first, so that nothing that was said is lost.
    """

    scope_path = "place__division_id"

    uuid = models.UUIDField(unique=True)
    place = reference("registry.Place")
    day = models.DateField()
    kind = models.CharField(max_length=12, choices=MacroKind.choices)
    is_anomaly = models.BooleanField(default=False)
    sign = models.CharField(max_length=12, choices=MacroSign.choices, blank=True)
    description = models.CharField(max_length=200, blank=True)
    animals = models.PositiveIntegerField(null=True)
    water_level_m = models.FloatField(null=True)
    temperature_c = models.FloatField(null=True)
    reporter = models.CharField(max_length=120)
    reporter_account = reference("registry.Account", null=True)
    reporter_person = reference("registry.Person", null=True)
    reported_at = models.DateTimeField()
    earlier = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=MacroState.choices, default=MacroState.REPORTED)
    judged_by = models.CharField(max_length=120, blank=True)
    judged_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    personal_data = ("description", "reporter", "earlier", "judged_by", "reason")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "day", "kind"], name="macro_report_once"),
            models.CheckConstraint(
                name="macro_only_an_anomaly_is_judged",
                condition=models.Q(is_anomaly=True) | models.Q(state=MacroState.REPORTED),
            ),
            models.CheckConstraint(
                name="macro_judged_by_somebody",
                condition=models.Q(state=MacroState.REPORTED, judged_at__isnull=True)
                | (
                    ~models.Q(state=MacroState.REPORTED)
                    & models.Q(judged_at__isnull=False)
                    & ~models.Q(judged_by="")
                ),
            ),
            models.CheckConstraint(
                name="macro_dismissed_with_a_reason",
                condition=~models.Q(state=MacroState.DISMISSED) | ~models.Q(reason=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["day", "place"], name="macro_day_idx"),
            models.Index(
                fields=["day"],
                name="macro_open_idx",
                condition=models.Q(is_anomaly=True, state=MacroState.REPORTED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.day} {self.kind}"


class HandSheet(models.Model):
    """A spreadsheet of things seen by eye: looked through, then written once its sender says so.

    `content` is the file itself, encrypted, kept until the sheet is old. The counts are those of
    the rows when it was looked through, from `finished_at` on those of what was written.
    """

    personal_data: ClassVar[tuple[str, ...]] = ("content", "by")

    uuid = models.UUIDField(unique=True)
    subject = models.CharField(max_length=10, choices=HandSubject.choices)
    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    account = reference("registry.Account", null=True)
    by = models.CharField(max_length=120)
    mode = models.CharField(max_length=12, choices=ImportMode.choices, default=ImportMode.ALL)
    state = models.CharField(max_length=10, choices=ImportState.choices)
    total_rows = models.PositiveIntegerField(default=0)
    new_rows = models.PositiveIntegerField(default=0)
    changed_rows = models.PositiveIntegerField(default=0)
    unchanged_rows = models.PositiveIntegerField(default=0)
    bad_rows = models.PositiveIntegerField(default=0)
    plan_digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "created_at"], name="hand_sheet_account_idx")
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.file_name}"
