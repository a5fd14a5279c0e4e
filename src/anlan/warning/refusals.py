"""What the warning room refuses, in sentences for whoever asked; none of it crosses the door."""

from django.utils.translation import gettext as _


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
