"""Passwords by the Chinese protection scheme (GB/T 22239-2019, levels 2 and 3, identity check).

At least ten signs of at least three of four kinds, not like the user name, not common, none of the
last five, changed every 90 days.
"""

from datetime import datetime, timedelta

import axes.utils
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from anlan.registry.models import Account, OldPassword
from anlan.registry.refusals import PasswordRefused, StateChanged

KINDS, OLD_KEPT = 3, 5
SHORTEST_NAME_SEEN = 4


def kinds_of(password: str) -> int:
    """Return how many of the four kinds of signs a password has: A, a, 1 and the rest."""
    return sum(
        (
            any(sign.isupper() for sign in password),
            any(sign.islower() for sign in password),
            any(sign.isdigit() for sign in password),
            any(not (sign.isupper() or sign.islower() or sign.isdigit()) for sign in password),
        )
    )


class ThreeKindsValidator:
    """A password has signs of at least three kinds."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError when fewer kinds are there."""
        if kinds_of(password) < KINDS:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        """Return the rule."""
        return _(
            "The password needs at least three of these: capital letters, small letters, digits, "
            "other signs."
        )


class WithoutNameValidator:
    """A password does not hold the user name, forwards or backwards."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError when the name, if it is long enough to guess by, is in it."""
        name = user.username.casefold() if user is not None else ""
        typed = password.casefold()
        if len(name) >= SHORTEST_NAME_SEEN and (name in typed or name[::-1] in typed):
            raise ValidationError(self.get_help_text(), code="password_holds_name")

    def get_help_text(self) -> str:
        """Return the rule."""
        return _("The password must not hold the user name.")


class NotOfOldValidator:
    """A password is none of the account's last five, the present one included."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError for a password that the account had."""
        if user is None or user.pk is None:
            return
        old = OldPassword.objects.filter(account=user).order_by("-replaced_at", "-pk")
        kept = old.values_list("password", flat=True)[: OLD_KEPT - 1]
        if any(check_password(password, each) for each in (user.password, *kept) if each):
            raise ValidationError(self.get_help_text(), code="password_was_used")

    def get_help_text(self) -> str:
        """Return the rule."""
        return _("The password must be none of your last five.")


def check_new_password(password: str, *, account: Account) -> None:
    """Raise PasswordRefused with a sentence for each rule that the password breaks."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise PasswordRefused(error.messages) from error


def replace_password(account: Account, password: str, *, must_change: bool, now: datetime) -> None:
    """Give an account another password and remember the old one; every session of it ends.

    Raises PasswordRefused for one that breaks a rule, StateChanged when somebody else changed it
    at the same moment.
    """
    check_new_password(password, account=account)
    old = account.password
    account.set_password(password)
    changed = Account.objects.filter(pk=account.pk, password=old).update(
        password=account.password,
        password_changed_at=now,
        must_change_password=must_change,
        session_round=F("session_round") + 1,
    )
    if changed != 1:
        raise StateChanged
    OldPassword.objects.create(account=account, password=old, replaced_at=now)
    rows = OldPassword.objects.filter(account=account).order_by("-replaced_at", "-pk")
    rows.filter(pk__in=list(rows.values_list("pk", flat=True)[OLD_KEPT - 1 :])).delete()
    axes.utils.reset(username=account.username)
    account.refresh_from_db()


def is_too_old(account: Account, *, at: datetime) -> bool:
    """Tell whether a password has been in use longer than the rule allows."""
    days: int = settings.ANLAN_PASSWORD_DAYS
    since = account.password_changed_at or account.date_joined
    return days > 0 and at > since + timedelta(days=days)
