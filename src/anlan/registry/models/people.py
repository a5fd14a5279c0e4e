"""People: organs, posts, persons and what they answer for."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.encryption import EncryptedTextField
from anlan.kernel.fields import reference
from anlan.kernel.records import RecordModel
from anlan.registry.data import DutyKind, OrganKind, PostKind


class Organization(RecordModel):
    """An organ that people belong to: a bureau, a town government, a village committee.

    `staff_quota` is how many people its 三定 gives it; None while nobody has said.
    """

    division = reference("registry.Division")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=OrganKind.choices, default=OrganKind.OTHER)
    staff_quota = models.PositiveSmallIntegerField(null=True)
    duty_phone = models.CharField(max_length=30, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "division", "name"], name="organization_kind_idx")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["division", "name"], name="organization_once")
        ]

    def __str__(self) -> str:
        return self.name


class Person(RecordModel):
    """Somebody the county can call. Numbers are encrypted at rest and masked on pages.

    `phone_index` and `id_index` are keyed digests by which a number is found without opening it.
    `deputy` takes this person's calls when no duty names another B. Whoever has left stays in the
    register with the day.
    """

    personal_data = ("name", "phone", "second_phone", "id_number")

    division = reference("registry.Division", db_index=False)  # person_name_idx
    organization = reference("registry.Organization", null=True)
    name = models.CharField(max_length=40)
    title = models.CharField(max_length=40, blank=True)
    phone = EncryptedTextField(blank=True)
    phone_index = models.CharField(max_length=32, blank=True)
    second_phone = EncryptedTextField(blank=True)
    id_number = EncryptedTextField(blank=True)
    id_index = models.CharField(max_length=32, blank=True)
    deputy = reference("registry.Person", null=True)
    phone_checked_on = models.DateField(null=True)
    left_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["phone_index"], name="person_phone_idx"),
            models.Index(fields=["division", "name", "left_on"], name="person_name_idx"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["id_index"], name="person_id_once", condition=~models.Q(id_index="")
            ),
            models.CheckConstraint(
                name="person_not_own_deputy", condition=~models.Q(deputy=models.F("id"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Post(RecordModel):
    """A position of an organ, with how many people it should have; `established_on` by its 三定."""

    division = reference("registry.Division")
    organization = reference("registry.Organization")
    title = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=PostKind.choices, default=PostKind.OTHER)
    quota = models.PositiveSmallIntegerField(default=1)
    established_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "division"], name="post_kind_idx")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "title"], name="post_once")
        ]

    def __str__(self) -> str:
        return self.title


class PostHolding(RecordModel):
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


class Duty(RecordModel):
    """A person answers for a division, a place or a household; rank 1 is A, 2 the deputy B."""

    person = reference("registry.Person")
    kind = models.CharField(max_length=30, choices=DutyKind.choices)
    division = reference("registry.Division", db_index=False)  # duty_place_idx
    place = reference("registry.Place", null=True)
    household = reference("registry.Household", null=True)
    rank = models.PositiveSmallIntegerField(default=1)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        verbose_name = _("duty")
        indexes: ClassVar = [
            models.Index(fields=["division", "kind", "rank"], name="duty_place_idx"),
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
