from typing import ClassVar

from django.db import models

from anlan.kernel.fields import detail_of, reference
from anlan.kernel.scope import ScopedModel
from anlan.relief.data import MoveState


class HouseholdMove(ScopedModel):
    """One household out of danger because of one warning, step by step.

    The constraints say the order: nobody leaves before being notified, nobody is counted at a
    shelter before leaving. `people` is the count at the time of the order.
    """

    uuid = models.UUIDField(unique=True)
    division = reference("registry.Division")
    household = reference("registry.Household")
    warning = reference("warning.HazardWarning")
    people = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=MoveState.choices)
    ordered_at = models.DateTimeField()
    notified_at = models.DateTimeField(null=True)
    notified_via = models.CharField(max_length=20, blank=True)
    left_at = models.DateTimeField(null=True)
    sheltered_at = models.DateTimeField(null=True)
    shelter = reference("registry.Shelter", null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["household"],
                name="one_open_move_a_household",
                condition=models.Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="notified_after_order",
                condition=models.Q(notified_at__isnull=True)
                | models.Q(notified_at__gte=models.F("ordered_at")),
            ),
            models.CheckConstraint(
                name="left_after_notified",
                condition=models.Q(left_at__isnull=True)
                | (
                    models.Q(notified_at__isnull=False)
                    & models.Q(left_at__gte=models.F("notified_at"))
                ),
            ),
            models.CheckConstraint(
                name="sheltered_after_left",
                condition=models.Q(sheltered_at__isnull=True)
                | (
                    models.Q(left_at__isnull=False)
                    & models.Q(shelter__isnull=False)
                    & models.Q(sheltered_at__gte=models.F("left_at"))
                ),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state"], name="move_state_idx")]

    def __str__(self) -> str:
        return f"{self.household_id} {self.state}"


class ShelterStay(ScopedModel):
    """People of one move in one shelter, from check-in until they leave."""

    scope_path = "move__division_id"

    move = detail_of("relief.HouseholdMove")
    shelter = reference("registry.Shelter")
    people = models.PositiveSmallIntegerField()
    checked_in_at = models.DateTimeField()
    checked_out_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.people} at {self.shelter_id}"


class ShelterLoad(ScopedModel):
    """How many people a shelter holds now; a constraint keeps it within capacity."""

    scope_path = "shelter__place__division_id"

    shelter = detail_of("registry.Shelter", primary_key=True)
    people = models.PositiveIntegerField(default=0)
    capacity = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="shelter_within_capacity",
                condition=models.Q(people__lte=models.F("capacity")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.people} of {self.capacity}"
