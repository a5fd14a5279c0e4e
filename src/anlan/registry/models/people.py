"""People: organs, posts, accounts, duties, teams."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.encryption import EncryptedTextField
from anlan.kernel.fields import reference
from anlan.kernel.scope import ScopedModel
from anlan.registry.data import (
    DutyKind,
    Role,
    TeamKind,
)


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
