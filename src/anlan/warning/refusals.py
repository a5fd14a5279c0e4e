"""What the warning room refuses, in sentences for whoever asked; none of it crosses the door."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class AnswerRefused(ValueError):
    """An answer with a count of people that cannot be."""

    def __init__(self, name: str, count: int) -> None:
        self.name, self.count = name, count
        super().__init__(
            _("%(count)s people cannot be: give a number between 0 and 1,000,000.")
            % {"count": count}
        )


class StaleCallback(ValueError):
    """A signed word of a provider that is too old, or that was taken in before."""


class SourceOutOfSight(LookupError):
    """No source of upper-level warnings with this uuid speaks to a place in sight."""


class SourceRefused(ValueError):
    """A source of upper-level warnings that cannot be kept as it was typed; says what to change."""


class DraftOutOfSight(LookupError):
    """No draft with this uuid lies in sight."""


class DraftRefused(ValueError):
    """A draft that cannot be kept as it was typed; says what to change."""


class NotYoursToDraft(PermissionError):
    """Somebody drafts a warning for places over which they may not."""

    def __init__(self) -> None:
        super().__init__(_("You may not draft warnings for these places."))


class AlreadyDecided(ValueError):
    """The draft was issued or discarded before; the first decision stands."""

    def __init__(self) -> None:
        super().__init__(_("This draft was decided before; nothing more is to be done."))


class DraftChanged(ValueError):
    """Somebody changed the draft since the page was opened."""

    def __init__(self) -> None:
        super().__init__(
            _("The draft has changed since you opened this page. Look at it again, then issue it.")
        )


class NothingToWarn(ValueError):
    """No village is left to warn: none is named, or all stand under the same or a worse colour."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "There is no village to warn: none is chosen, or all of them stand under the same "
                "or a worse warning already."
            )
        )


class LimitsMissing(ValueError):
    """Nothing says how long an answer to this colour may take: nobody could be called in time."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing says how long an answer to this colour may take. Ask the administrator to "
                "keep time limits for answers, then issue it."
            )
        )


class NotYoursToIssue(PermissionError):
    """A warning of this colour, or over these villages, is for others to issue."""

    def __init__(self, *, roles: Sequence[str], villages: Sequence[str]) -> None:
        self.roles, self.villages = tuple(roles), tuple(villages)
        super().__init__(
            ngettext(
                "You may not issue this warning for %(n)s of its villages. It is issued by: "
                "%(roles)s.",
                "You may not issue this warning for %(n)s of its villages. It is issued by: "
                "%(roles)s.",
                len(villages),
            )
            % {"n": len(villages), "roles": "、".join(roles)}
        )


class WarningEnded(ValueError):
    """The warning is no longer in force; there is nothing left to change or to cancel."""

    def __init__(self) -> None:
        super().__init__(_("This warning is no longer in force; there is nothing left to do."))


class ReasonMissing(ValueError):
    """A warning is cancelled without a word of why."""

    def __init__(self) -> None:
        super().__init__(_("Write why the warning is cancelled; everybody called reads it."))


class NotYoursToKeep(PermissionError):
    """Somebody keeps the words or the rules of a county that is not theirs."""

    def __init__(self) -> None:
        super().__init__(_("You may not keep the words and rules of this county."))


class TextRefused(ValueError):
    """Words that cannot be kept as they were typed; says what to change."""


class RuleRefused(ValueError):
    """A rule of issuing that cannot be kept as it was typed; says what to change."""
