"""Why something seen by eye is not taken: sentences that name the value and the remedy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.monitoring.core.macro import MacroFault
from anlan.monitoring.core.staff import LevelFault

LEVEL_SENTENCES: Mapping[LevelFault, str | Promise] = {
    LevelFault.IN_FUTURE: gettext_lazy(
        "%(at)s has not come yet; give the time at which the staff was read."
    ),
    LevelFault.TOO_OLD: gettext_lazy(
        "%(at)s is more than 7 days ago; hand older readings to the county with their paper."
    ),
    LevelFault.NO_NUMBER: gettext_lazy("The level at %(gauge)s is no number; write it as 102.35."),
    LevelFault.TOO_FINE: gettext_lazy(
        "%(level)s m is finer than a staff can be read; round it to whole centimetres."
    ),
    LevelFault.TOO_LOW: gettext_lazy(
        "%(level)s m at %(gauge)s is impossible: at least %(low)s m. Look at the staff again."
    ),
    LevelFault.TOO_HIGH: gettext_lazy(
        "%(level)s m at %(gauge)s is impossible: at most %(high)s m. Look at the staff again."
    ),
    LevelFault.OTHER_VALUE: gettext_lazy(
        "%(gauge)s has another level for %(at)s already: %(other)s m. Correct that reading, or give"
        " another time."
    ),
    LevelFault.LEAPS: gettext_lazy(
        "%(level)s m at %(gauge)s is %(change)s m from the last level, %(other)s m at %(before)s."
        " Confirm it if it is right."
    ),
}
MACRO_SENTENCES: Mapping[MacroFault, str | Promise] = {
    MacroFault.IN_FUTURE: gettext_lazy("%(day)s has not come yet; give the day of observation."),
    MacroFault.TOO_OLD: gettext_lazy("%(day)s is more than %(high)s days ago; correct the day."),
    MacroFault.STRANGE_SIGN: gettext_lazy(
        "“%(value)s” is no sign of “%(kind)s”; choose another one or describe it."
    ),
    MacroFault.STRANGE_FIGURE: gettext_lazy(
        "“%(kind)s” has no such figure; leave it empty or put it under its own kind."
    ),
    MacroFault.OUT_OF_BOUNDS: gettext_lazy(
        "%(value)s cannot be right: give a value between %(low)s and %(high)s."
    ),
    MacroFault.SAYS_NOTHING: gettext_lazy(
        "An anomaly of “%(kind)s” needs a sign or a description; say what was seen."
    ),
    MacroFault.NORMAL_WITH_SIGNS: gettext_lazy(
        "“%(kind)s” is called normal, and yet something was seen; choose “anomaly”, or take the"
        " sign, the description and the number of animals out."
    ),
    MacroFault.TAKEN_BACK: gettext_lazy(
        "An anomaly of “%(kind)s” is reported for %(day)s; only another person can dismiss it,"
        " with a reason."
    ),
    MacroFault.VERIFIED_ALREADY: gettext_lazy(
        "The anomaly of “%(kind)s” on %(day)s is verified and stays; report what is new to the"
        " county by phone."
    ),
    MacroFault.TWICE: gettext_lazy(
        "“%(kind)s” of %(day)s stands here twice with different words; keep one of them."
    ),
}


@dataclass(frozen=True)
class Complaint:
    """What is wrong with one of several: its place among them, the field, the sentence.

    With `is_question` it is taken once it has been confirmed.
    """

    index: int
    column: str
    sentence: str
    is_question: bool = False


class HandRefused(ValueError):
    """Readings or reports of which none was taken, with what is wrong with each."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        self.complaints = tuple(complaints)
        super().__init__(" ".join(each.sentence for each in complaints))


class ReadMeanwhile(RuntimeError):
    """Somebody else has entered something for the same gauge and time, or station and day."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has entered the same in the meantime; look at it again first.")
        )


class NotPermitted(PermissionError):
    """Somebody may not do this over the division."""

    def __init__(self, division_code: str) -> None:
        self.division_code = division_code
        super().__init__(
            _("You may not do this for %(code)s; ask your county's administrator for the role.")
            % {"code": division_code}
        )


class GaugeOutOfSight(LookupError):
    """There is no such gauge read by eye among those in sight."""


class StationOutOfSight(LookupError):
    """There is no such macro-observation station among those in sight."""


class ReportOutOfSight(LookupError):
    """There is no such macro-observation report among those in sight."""


class SheetOutOfSight(LookupError):
    """There is no such spreadsheet among those of this account."""


class NothingToCorrect(ValueError):
    """There is no counting level at this gauge and time, or it says the same already."""


class MayNotVerify(ValueError):
    """A report that this person cannot verify or dismiss now; the text says why."""


class SheetNotReady(RuntimeError):
    """The spreadsheet is not in the state that this step needs."""
