"""Why something about accounts, authorities and tokens is not done: a sentence with a remedy."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _


class Refusal(ValueError):
    """Something that is not done; its text is for the person who asked."""


class PasswordRefused(Refusal):
    """A new password that breaks a rule; `sentences` say which."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__(" ".join(self.sentences))


class WrongPassword(Refusal):
    """The present password was not right."""

    def __init__(self) -> None:
        super().__init__(_("The present password is not right. Type it again; capitals count."))


class UserNameRefused(Refusal):
    """A user name that is taken or has the wrong form."""


class UserNameTaken(UserNameRefused):
    """A user name that another account has."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("The user name “%(name)s” is taken. Choose another one.") % {"name": name}
        )


class UserNameMalformed(UserNameRefused):
    """A user name with signs that it may not have."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“%(name)s” is no user name: use 2 to 60 letters, digits and the signs @ . + - _.")
            % {"name": name}
        )


class AccountOutOfSight(LookupError):
    """An account that does not exist, or that whoever asks does not manage."""

    def __init__(self, account_id: int) -> None:
        self.account_id = account_id
        super().__init__(_("There is no such account among those that you manage."))


class NotYourself(Refusal):
    """Somebody was about to change what they themselves may do."""

    def __init__(self) -> None:
        super().__init__(
            _("Nobody changes their own account here. Ask another administrator of your county.")
        )


class AccountAbove(Refusal):
    """The account may do something that whoever manages it may not."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This account holds authority outside what you manage. "
                "Ask the administrator of the division above."
            )
        )


class MayNotGrant(Refusal):
    """A role or a division beyond what the granter holds."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "You may give only roles that do not go beyond your own, within the divisions "
                "that you manage. Choose another role or division."
            )
        )


class AlreadyHeld(Refusal):
    """The account holds the authority already."""

    def __init__(self) -> None:
        super().__init__(_("The account holds this role there already; nothing is to be done."))


class OfficeOnlyForClerks(Refusal):
    """An office was named for a role that has none."""

    def __init__(self) -> None:
        super().__init__(
            _("Only an office clerk is limited to one office. Leave the office empty.")
        )


class NotInForce(Refusal):
    """The authority has ended or was withdrawn."""

    def __init__(self) -> None:
        super().__init__(_("This authority has ended already; nothing is to be done."))


class PersonOutOfSight(Refusal):
    """A person that does not exist, has left, or is not in sight."""

    def __init__(self) -> None:
        super().__init__(
            _("This person is not in the register here, or has left. Choose somebody else.")
        )


class StateChanged(Refusal):
    """Somebody else closed or opened the account in between."""

    def __init__(self) -> None:
        super().__init__(_("The account is in this state already. Look at its page again."))


class NotYoursToHandOn(Refusal):
    """A role that the giver does not hold there, or holds only from somebody else."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "You may hand on only a role that you hold yourself, over that division or one "
                "around it; what was handed to you cannot be handed on, nor can administration."
            )
        )


class HandedInACircle(Refusal):
    """The receiver handed the same role to the giver."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "%(name)s has handed this role to you, so you cannot hand it back. "
                "End that delegation instead."
            )
            % {"name": name}
        )


class ReceiverRefused(Refusal):
    """Nobody in the giver's county who can take the authority."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“%(name)s” is no open account of your county. Check the user name.") % {"name": name}
        )


class EndsTooLate(Refusal):
    """A delegation longer than allowed, or than the giver's own authority."""

    def __init__(self, latest: datetime) -> None:
        super().__init__(
            _("The delegation may last until %(at)s at the latest. Choose fewer days.")
            % {"at": f"{timezone.localtime(latest):%Y-%m-%d %H:%M}"}
        )


class FactorNeeded(Refusal):
    """A role demands the second factor that somebody was about to give up."""

    def __init__(self) -> None:
        super().__init__(
            _("Your role needs the second factor. An administrator can set it up afresh for you.")
        )


class TokenRefused(Refusal):
    """A token that goes beyond its issuer, or has no name, permission or end."""
