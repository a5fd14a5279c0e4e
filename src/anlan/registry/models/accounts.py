"""Who can log in and what they may do, people and programs."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from anlan.kernel.fields import reference
from anlan.registry.data import Office, Role


class Account(AbstractUser):
    """Somebody who can log in; what they may see is in their authorities."""

    personal_data: ClassVar[tuple[str, ...]] = ("username", "first_name", "last_name", "email")

    person = reference("registry.Person", null=True, blank=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    must_change_password = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.username


class OldPassword(models.Model):
    """The hash of a password that an account had: it may not come back soon."""

    personal_data: ClassVar[tuple[str, ...]] = ()

    account = reference("registry.Account")
    password = models.CharField(max_length=128)
    replaced_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"of {self.account_id} until {self.replaced_at:%Y-%m-%d}"


class Authority(models.Model):
    """What an account may do and where: a role over a division and all that lies in it.

    `office` limits a clerk to the records of one desk. An authority that somebody handed on names
    who did, and always ends.
    """

    personal_data: ClassVar[tuple[str, ...]] = ()

    account = reference("registry.Account")
    role = models.CharField(max_length=20, choices=Role.choices)
    division = reference("registry.Division")
    office = models.CharField(max_length=12, choices=Office.choices, blank=True)
    delegated_by = reference("registry.Account", null=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "role", "division", "office", "valid_from"],
                name="authority_once_from",
            ),
            models.CheckConstraint(
                name="authority_handed_on_ends",
                condition=models.Q(delegated_by__isnull=True) | models.Q(valid_until__isnull=False),
            ),
            models.CheckConstraint(
                name="authority_runs_forward",
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} {self.division_id}"


class ApiToken(models.Model):
    """The key of another program: what it may do, where, until when.

    Only the digest of the key is kept; `hint` is its beginning, by which people know it again.
    """

    personal_data: ClassVar[tuple[str, ...]] = ()

    uuid = models.UUIDField(unique=True)
    application = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    division = reference("registry.Division")
    permissions = models.JSONField(default=list)
    issued_by = reference("registry.Account", null=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="token_runs_forward", condition=models.Q(expires_at__gt=models.F("issued_at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.hint}"
