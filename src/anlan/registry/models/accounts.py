"""Who can log in and what they may do, people and programs."""

from base64 import b32encode
from secrets import token_hex
from typing import Any, ClassVar
from urllib.parse import quote

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from anlan.kernel import clock
from anlan.kernel.encryption import EncryptedTextField
from anlan.kernel.fields import detail_of, reference
from anlan.registry.data import Office, Role


def new_secret() -> str:
    """Return a fresh secret of 160 bits in hexadecimal."""
    return token_hex(20)


class Account(AbstractUser):
    """Somebody who can log in; what they may see is in their authorities.

    `division` keeps the account: its administrators open and close it. One without a division is
    kept from the command line alone. `has_second_factor` once a SecondFactor is confirmed, so that
    each page need not ask. `session_round` counts up to end every session at once.
    """

    personal_data: ClassVar[tuple[str, ...]] = ("username", "first_name", "last_name", "email")

    person = reference("registry.Person", null=True, blank=True)
    division = reference("registry.Division", null=True, blank=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    must_change_password = models.BooleanField(default=False)
    has_second_factor = models.BooleanField(default=False)
    session_round = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.username

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """Return what a session must carry to go on: it changes with the password and the round."""
        content = f"{self.password}/{self.session_round}"
        return salted_hmac("anlan.session", content, secret=secret, algorithm="sha256").hexdigest()


class SecondFactor(ThrottlingMixin, Device):  # type: ignore[misc]  # it publishes no types
    """The secret that an account shares with an app on a phone, which shows a code of the moment.

    `confirmed` once the first code was right. `last_step` is the time step of the last code: a
    code opens once.
    """

    personal_data: ClassVar[tuple[str, ...]] = ("key",)

    STEP_S = 30
    ISSUER = "安澜 Anlan"

    user = detail_of("registry.Account")
    key = EncryptedTextField(default=new_secret)
    last_step = models.BigIntegerField(default=-1)

    def __str__(self) -> str:
        return f"of {self.user_id}"

    def verify_token(self, token: str) -> bool:
        """Tell whether a code is right now, one step either way; a wrong one slows the next."""
        if not self.verify_is_allowed()[0]:
            return False
        code = TOTP(bytes.fromhex(self.key), step=self.STEP_S)
        code.time = clock.now().timestamp()
        is_code = len(token) == code.digits and token.isascii() and token.isdigit()
        right = is_code and code.verify(int(token), tolerance=1, min_t=self.last_step + 1)
        if right:
            self.last_step = code.t()
            self.throttle_reset()
        else:
            self.throttle_increment()
        return right

    def get_throttle_factor(self) -> int:
        """Return the seconds to wait after the first wrong code; each further one doubles them."""
        return 1

    @property
    def key_as_text(self) -> str:
        """Return the secret as an app wants it typed, in groups of four."""
        text = b32encode(bytes.fromhex(self.key)).decode()
        return " ".join(text[at : at + 4] for at in range(0, len(text), 4))

    @property
    def address(self) -> str:
        """Return the secret as the address that a QR code carries."""
        issuer, name = quote(self.ISSUER), quote(self.user.username)
        secret = self.key_as_text.replace(" ", "")
        return f"otpauth://totp/{issuer}:{name}?secret={secret}&issuer={issuer}"


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
