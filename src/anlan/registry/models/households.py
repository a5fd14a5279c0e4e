"""Households at risk."""

from typing import ClassVar

from django.db import models

from anlan.kernel.encryption import EncryptedTextField
from anlan.kernel.fields import reference
from anlan.kernel.records import RecordModel
from anlan.registry.data import HouseholdThreat


class Household(RecordModel):
    """A household at risk: who is threatened by what, and where they go.

    `needing_help` is how many of its people cannot leave alone; the counts beside it say why and
    may overlap. The carer holds the duty that names the household.
    """

    personal_data = ("head_name", "phone", "address", "id_number")

    division = reference("registry.Division", db_index=False)  # household_head_idx
    head_name = models.CharField(max_length=40)
    phone = EncryptedTextField(blank=True)
    phone_index = models.CharField(max_length=32, blank=True)
    id_number = EncryptedTextField(blank=True)
    id_index = models.CharField(max_length=32, blank=True)
    address = models.CharField(max_length=120)
    people = models.PositiveSmallIntegerField()
    needing_help = models.PositiveSmallIntegerField(default=0)
    elderly = models.PositiveSmallIntegerField(default=0)
    disabled = models.PositiveSmallIntegerField(default=0)
    infants = models.PositiveSmallIntegerField(default=0)
    chronically_ill = models.PositiveSmallIntegerField(default=0)
    lives_alone = models.BooleanField(default=False)
    threat = models.CharField(max_length=20, choices=HouseholdThreat.choices)
    hazard_point = reference("registry.HazardPoint", null=True)
    shelter = reference("registry.Shelter")
    route = models.CharField(max_length=200, blank=True)
    route_km = models.FloatField()
    lon = models.FloatField()
    lat = models.FloatField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["division", "head_name"], name="household_head_idx"),
            models.Index(fields=["threat", "division", "head_name"], name="household_threat_idx"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="household_people",
                condition=models.Q(
                    people__gte=1,
                    needing_help__lte=models.F("people"),
                    elderly__lte=models.F("people"),
                    disabled__lte=models.F("people"),
                    infants__lte=models.F("people"),
                    chronically_ill__lte=models.F("people"),
                ),
            ),
            models.CheckConstraint(
                name="household_alone_is_one",
                condition=models.Q(lives_alone=False) | models.Q(people=1),
            ),
            models.CheckConstraint(
                name="household_geohazard_names_point",
                condition=~models.Q(threat="geohazard") | models.Q(hazard_point__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"household {self.uuid}"
