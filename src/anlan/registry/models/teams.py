"""Rescue teams: members, equipment, training, certificates, the yearly check."""

from typing import ClassVar

from django.db import models

from anlan.kernel.fields import reference
from anlan.kernel.records import RecordModel
from anlan.registry.data import Readiness, TeamKind


class Team(RecordModel):
    """A rescue team that can be sent; `readiness` is what its leader or the last check said."""

    division = reference("registry.Division")
    organization = reference("registry.Organization", null=True)
    leader = reference("registry.Person")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=TeamKind.choices)
    readiness = models.CharField(max_length=10, choices=Readiness.choices, default=Readiness.READY)
    duty_phone = models.CharField(max_length=30, blank=True)
    muster_minutes = models.PositiveSmallIntegerField(null=True)

    def __str__(self) -> str:
        return self.name


class TeamMember(RecordModel):
    """A person in a team."""

    scope_path = "team__division_id"

    team = reference("registry.Team")
    person = reference("registry.Person")
    position = models.CharField(max_length=40, blank=True)
    joined_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "person"], name="team_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.team_id}"


class TeamEquipment(RecordModel):
    """What a team has of one kind of equipment, and how much of it works."""

    scope_path = "team__division_id"

    team = reference("registry.Team")
    name = models.CharField(max_length=60)
    model = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=10, blank=True)
    quantity = models.PositiveIntegerField()
    serviceable = models.PositiveIntegerField()
    checked_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "name", "model"], name="team_equipment_once"),
            models.CheckConstraint(
                name="team_equipment_within",
                condition=models.Q(serviceable__lte=models.F("quantity")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TeamTraining(RecordModel):
    """A training or drill that a team held."""

    scope_path = "team__division_id"

    team = reference("registry.Team")
    held_on = models.DateField()
    subject = models.CharField(max_length=80)
    hours = models.DecimalField(max_digits=5, decimal_places=1)
    attended = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["team", "held_on", "subject"], name="team_training_once"
            )
        ]

    def __str__(self) -> str:
        return self.subject


class Certificate(RecordModel):
    """A certificate of a person; without `expires_on` it does not run out."""

    scope_path = "person__division_id"
    personal_data = ("number",)

    person = reference("registry.Person")
    kind = models.CharField(max_length=60)
    number = models.CharField(max_length=40, blank=True)
    issued_on = models.DateField()
    expires_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "kind", "issued_on"], name="certificate_once"
            ),
            models.CheckConstraint(
                name="certificate_runs_forward",
                condition=models.Q(expires_on__isnull=True)
                | models.Q(expires_on__gte=models.F("issued_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class ReadinessCheck(RecordModel):
    """The yearly check of a team: who came, what worked, and the verdict."""

    scope_path = "team__division_id"

    team = reference("registry.Team")
    year = models.PositiveSmallIntegerField()
    checked_on = models.DateField()
    members_enlisted = models.PositiveSmallIntegerField()
    members_present = models.PositiveSmallIntegerField()
    equipment_checked = models.PositiveIntegerField()
    equipment_serviceable = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, choices=Readiness.choices)
    findings = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "year"], name="team_checked_once_a_year"),
            models.CheckConstraint(
                name="team_check_within",
                condition=models.Q(
                    members_present__lte=models.F("members_enlisted"),
                    equipment_serviceable__lte=models.F("equipment_checked"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} in {self.year}"
