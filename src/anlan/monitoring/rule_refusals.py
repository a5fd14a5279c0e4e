"""Why something about rules is not done: sentences that name row, value and remedy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.monitoring.core.critical_rain import RainFault, VillageFault
from anlan.monitoring.core.rules import Fault, RuleFault

SENTENCES: Mapping[RuleFault, str | Promise] = {
    RuleFault.NO_SOURCE: gettext_lazy(
        "Say where the limits come from, in at most %(value)s signs: a plan, a standard, a survey."
    ),
    RuleFault.NO_CONDITION: gettext_lazy("The rule has no condition; add a row."),
    RuleFault.TOO_MANY: gettext_lazy(
        "The rule has %(value)s rows, at most %(other)s are kept; make two rules of it."
    ),
    RuleFault.FOR_MIN: gettext_lazy(
        "It must hold for %(value)s minutes; give steps of 5 minutes from 0 to %(other)s."
    ),
    RuleFault.TOO_LONG: gettext_lazy(
        "The longest window and the minutes that it must hold make %(value)s minutes together;"
        " at most %(other)s (72 hours) are kept. Shorten one of them."
    ),
    RuleFault.NEEDED: gettext_lazy("%(value)s stations are needed; give 1 or more."),
    RuleFault.FALLS_TO: gettext_lazy(
        "A sum falls at %(value)s of its limit; give a share over 0 and up to 1, such as 0.9."
    ),
    RuleFault.FALLS_BY: gettext_lazy(
        "A value falls %(value)s below its limit; give 0 or more, such as 0.1."
    ),
    RuleFault.CLEAR_AFTER: gettext_lazy(
        "It ends after %(value)s minutes below; give 0 to %(other)s."
    ),
    RuleFault.ELEMENT: gettext_lazy(
        "“%(value)s” is no element that stations send; choose one of the list, such as PN05 or Z."
    ),
    RuleFault.NOT_AN_AMOUNT: gettext_lazy(
        "%(value)s cannot be summed up; choose “last value”, or take PN05 for rain."
    ),
    RuleFault.AN_AMOUNT: gettext_lazy(
        "%(value)s is an amount of a while; choose “sum over a window” for it."
    ),
    RuleFault.NOT_PN05: gettext_lazy(
        "Effective antecedent rain is reckoned from PN05, not %(value)s; choose PN05."
    ),
    RuleFault.WINDOW: gettext_lazy(
        "The window is %(value)s minutes; give steps of 5 minutes from 5 to %(other)s (72 hours)."
    ),
    RuleFault.NO_NUMBER: gettext_lazy("The limit is no number; write it as 50 or 102.35."),
    RuleFault.NOT_POSITIVE: gettext_lazy("The limit is %(value)s; give more than 0."),
    RuleFault.TOGETHER: gettext_lazy(
        "“%(value)s” cannot join rows; use one small letter from a to z, or leave it empty."
    ),
    RuleFault.ALONE: gettext_lazy(
        "No other row of this colour and station has the letter “%(value)s”; give it to a second"
        " row, or leave it empty."
    ),
    RuleFault.SEASON: gettext_lazy("“%(value)s” is no day of the year; write it as 06-01."),
    RuleFault.HALF_SEASON: gettext_lazy("A season has a first and a last day; give both or none."),
    RuleFault.TWICE: gettext_lazy("The row says the same as row %(value)s; take one of them out."),
    RuleFault.ORDER: gettext_lazy(
        "A worse colour must have the higher limit; compare this row with row %(value)s."
    ),
    RuleFault.STATION: gettext_lazy(
        "The station is not among those of the rule's division; choose one of the list."
    ),
}


def sentence_of(fault: Fault) -> str:
    """Return what is wrong as a sentence, with the row where there is one."""
    sentence = str(SENTENCES[fault.kind]) % {"value": fault.value, "other": fault.other}
    if not fault.row:
        return sentence
    return _("Row %(row)s: %(sentence)s") % {"row": fault.row, "sentence": sentence}


class RuleRefused(ValueError):
    """Something about a rule that is not done; its sentences are for the person who asked."""

    def __init__(self, *sentences: str, faults: Sequence[Fault] = ()) -> None:
        self.faults = tuple(faults)
        self.sentences = (*sentences, *(sentence_of(fault) for fault in faults))
        super().__init__(" ".join(self.sentences))

    @classmethod
    def for_name(cls, name: str, *, longest: int) -> "RuleRefused":
        """Return the refusal of a name that is empty, too long or taken."""
        return cls(
            _(
                "“%(name)s” cannot be the name: give one that no other rule here has, of at most"
                " %(n)s signs."
            )
            % {"name": name, "n": longest}
        )

    @classmethod
    def has_draft(cls) -> "RuleRefused":
        """Return the refusal of a second draft of one rule."""
        return cls(_("The rule has a draft already; change that one, or delete it first."))

    @classmethod
    def changed_since(cls) -> "RuleRefused":
        """Return the refusal of a change to what somebody else has changed."""
        return cls(_("Somebody else has changed this version in the meantime; look at it again."))

    @classmethod
    def no_draft(cls) -> "RuleRefused":
        """Return the refusal of a change to a version that is no draft any more."""
        return cls(_("This version is no draft any more; copy it into a new one and change that."))

    @classmethod
    def untested(cls) -> "RuleRefused":
        """Return the refusal to put a version in force that was not tested, without a reason."""
        return cls(
            _("This version was not tested on what was measured; test it first, or give a reason.")
        )

    @classmethod
    def too_few_stations(cls, needed: int, there: int) -> "RuleRefused":
        """Return the refusal of a rule that asks for more stations than it reaches."""
        return cls(
            _("%(needed)s stations are needed and the rule reaches %(there)s; ask for fewer.")
            % {"needed": needed, "there": there}
        )

    @classmethod
    def not_live(cls) -> "RuleRefused":
        """Return the refusal to retire what is not in force."""
        return cls(_("The rule is not in force; nothing is to be done."))

    @classmethod
    def being_tested(cls) -> "RuleRefused":
        """Return the refusal of a second test while one runs."""
        return cls(_("A test of this version is running; wait until it has ended."))

    @classmethod
    def for_period(cls, since: date, until: date, *, years: int) -> "RuleRefused":
        """Return the refusal of a period that no test can run over."""
        return cls(
            _(
                "A test cannot run from %(since)s to %(until)s: give a first day before the last,"
                " at most %(years)s years, and none in the future."
            )
            % {"since": since, "until": until, "years": years}
        )

    @classmethod
    def has_warned(cls) -> "RuleRefused":
        """Return the refusal to delete a critical rain that somebody was warned by."""
        return cls(
            _(
                "Somebody was warned by this row, so it stays on record; add a row of today that"
                " takes over."
            )
        )

    @classmethod
    def for_soil(cls, kept_share: float, days: int, *, most: int) -> "RuleRefused":
        """Return the refusal of figures by which no soil dries."""
        return cls(
            _(
                "A share of %(share)s for %(days)s days cannot be: give a county a share over 0"
                " and under 1, 1 to %(most)s days, and where they come from."
            )
            % {"share": kept_share, "days": days, "most": most}
        )


class RuleOutOfSight(LookupError):
    """There is no such rule, version or critical rain among those in sight."""


RAIN_SENTENCES: Mapping[RainFault, str | Promise] = {
    RainFault.NO_VILLAGE: gettext_lazy("%(value)s is no village; give the code of a village."),
    RainFault.WINDOW: gettext_lazy(
        "The window is %(value)s minutes; give steps of 5 minutes from 5 to %(other)s (72 hours)."
    ),
    RainFault.OUT_OF_BOUNDS: gettext_lazy(
        "%(value)s mm cannot be right; give more than 0 and at most %(other)s mm."
    ),
    RainFault.RISES: gettext_lazy(
        "%(value)s mm on wetter soil is more than %(other)s mm on drier soil; wetter soil needs"
        " less rain."
    ),
    RainFault.MOVES_FIRST: gettext_lazy(
        "People would move at %(value)s mm, before they prepare at %(other)s mm; raise it to that."
    ),
    RainFault.SOIL: gettext_lazy(
        "%(value)s mm is not what soil can hold; give more than 0 and at most %(other)s mm."
    ),
    RainFault.NO_SOURCE: gettext_lazy(
        "Say where the limits come from, in at most %(value)s signs: a plan, a standard, a survey."
    ),
}


def rain_sentence(fault: VillageFault) -> str:
    """Return what is wrong with a critical rain as a sentence."""
    return str(RAIN_SENTENCES[fault.kind]) % {"value": fault.value, "other": fault.other}


@dataclass(frozen=True)
class RainComplaint:
    """What is wrong with one of several critical rains: its place among them, field, sentence."""

    index: int
    field: str
    sentence: str


class RainRefused(ValueError):
    """Critical rains of which none was kept, with what is wrong with each."""

    def __init__(self, complaints: Sequence[RainComplaint]) -> None:
        self.complaints = tuple(complaints)
        super().__init__(" ".join(each.sentence for each in complaints))
