"""Numbers by which the register is judged, for a county to change."""

from typing import ClassVar

from django.db import models

from anlan.kernel.fields import reference
from anlan.registry.data import LimitName


class RegisterLimit(models.Model):
    """A county's own value in the place of the program's; without a division it is for all.

    Days of the year are written as month and day: 601 is 1 June. The latest one in force counts.
    """

    personal_data: ClassVar[tuple[str, ...]] = ()

    name = models.CharField(max_length=24, choices=LimitName.choices)
    division = reference("registry.Division", null=True)
    value = models.PositiveIntegerField()
    source = models.CharField(max_length=120)
    effective_from = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name", "division", "effective_from"],
                name="register_limit_once_a_day",
                condition=models.Q(division__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["name", "effective_from"],
                name="register_limit_for_all_once_a_day",
                condition=models.Q(division__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.value} from {self.effective_from}"
