"""What a verdict on a warning or a communication test is refused for, each with the remedy."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _


class VerdictRefused(ValueError):
    """A word on a warning that cannot be kept as it was given; says what to change."""


class UnderWarning(ValueError):
    """A communication test is asked for while a warning is in force over the division."""

    def __init__(self, *, warnings: int) -> None:
        self.warnings = warnings
        super().__init__(
            _(
                "A warning is in force here. A test now may be taken for it, or for the end of it: "
                "wait, or confirm that the test is to start all the same."
            )
        )


class TestRunning(ValueError):
    """A communication test of the division is still open."""

    __test__ = False  # no test of pytest's

    def __init__(self, *, ends_at: datetime) -> None:
        self.ends_at = ends_at
        super().__init__(
            _("A test is running here until %(at)s; start the next one after it.")
            % {"at": f"{timezone.localtime(ends_at):%Y-%m-%d %H:%M}"}
        )


class TestRefused(ValueError):
    """A communication test that cannot be started as it was asked for; says what to change."""

    __test__ = False  # no test of pytest's


class TestOutOfSight(LookupError):
    """No communication test with this uuid has a person in sight."""

    __test__ = False  # no test of pytest's


class TestEnded(ValueError):
    """An answer to a communication test that came after its end."""

    __test__ = False  # no test of pytest's

    def __init__(self) -> None:
        super().__init__(_("This communication test has ended; nothing is to be answered."))
