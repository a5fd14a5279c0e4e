"""Whether a duty may be written so: kind, place, person and dates fit. Pure but for words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.kernel.codes import Level, contains, level_of
from anlan.registry.checks.rows import same_county
from anlan.registry.core.place_duties import (
    DIVISION_DUTIES,
    PLACE_DUTIES,
    WITH_OR_WITHOUT_PLACE,
    place_kinds_of,
)
from anlan.registry.data import DutyKind, PlaceKind

Complaint = tuple[str, str]
"""The name of a column of the duties and the sentence that says what is wrong with its value."""

LEVELS = {
    Level.COUNTY: gettext_lazy("county"),
    Level.TOWN: gettext_lazy("town"),
    Level.VILLAGE: gettext_lazy("village"),
}


@dataclass(frozen=True, kw_only=True)
class DutyDraft:
    """A duty as somebody wants to write it; an empty division means that of the place."""

    kind: str
    rank: int
    person_name: str
    person_division: str
    person_left_on: date | None = None
    division_code: str = ""
    place_kind: PlaceKind | None = None
    place_name: str = ""
    place_division: str | None = None
    household_division: str | None = None
    valid_from: date
    valid_until: date | None = None

    @property
    def home(self) -> str:
        """Return the division over which the duty is, that of its place or household by default."""
        return self.division_code or self.place_division or self.household_division or ""


def duty_faults(draft: DutyDraft) -> list[Complaint]:
    """Return what keeps a duty from being written, by column; nothing when it may be."""
    return [
        *_about_values(draft),
        *_about_place(draft),
        *_about_borders(draft),
        *_about_person(draft),
    ]


def _about_values(draft: DutyDraft) -> Iterator[Complaint]:
    if draft.rank not in (1, 2):
        yield "rank", _("The rank is %(rank)s: give 1 for A or 2 for B.") % {"rank": draft.rank}
    if draft.valid_until is not None and draft.valid_until < draft.valid_from:
        yield (
            "valid_until",
            _("The duty ends on %(until)s, before it begins on %(since)s; correct one of them.")
            % {"until": draft.valid_until, "since": draft.valid_from},
        )
    if not draft.home:
        yield "division", _("Name the division, place or household that the duty is over.")


def _about_place(draft: DutyDraft) -> Iterator[Complaint]:
    """Give whether the kind of duty and what it is over fit."""
    if draft.kind not in DutyKind.values:
        yield "kind", _("“%(kind)s” is no duty; choose one of the list.") % {"kind": draft.kind}
        return
    duty = DutyKind(draft.kind)
    said = {"duty": duty.label, "place": draft.place_name}
    if draft.place_kind is not None and duty not in PLACE_DUTIES[draft.place_kind]:
        fitting = "、".join(str(kind.label) for kind in PLACE_DUTIES[draft.place_kind])
        yield (
            "kind",
            _("“%(duty)s” is not held over “%(place)s”; what fits there: %(fitting)s.")
            % {**said, "fitting": fitting},
        )
    level = DIVISION_DUTIES.get(duty)
    if level is not None and draft.home and level_of(draft.home) != level:
        yield (
            "division",
            _("“%(duty)s” is held over a %(level)s; name one.") % {**said, "level": LEVELS[level]},
        )
    if duty is DutyKind.HOUSEHOLD_CARER and draft.household_division is None:
        yield "household", _("A household carer needs the household; name it.")
    if duty is not DutyKind.HOUSEHOLD_CARER and draft.household_division is not None:
        yield "household", _("“%(duty)s” is not held over a household; take it out.") % said
    needs_place = bool(place_kinds_of(duty)) and duty not in WITH_OR_WITHOUT_PLACE
    if needs_place and draft.place_kind is None:
        yield "place", _("“%(duty)s” is held over a place; name the place.") % said


def _about_borders(draft: DutyDraft) -> Iterator[Complaint]:
    """Give whether place and household lie in the division, and all in one county."""
    inner = {"place": draft.place_division, "household": draft.household_division}
    for column, code in inner.items():
        if code is None or not draft.home:
            continue
        if not same_county(draft.home, code):
            yield (
                column,
                _("It lies in another county (%(code)s) than the duty (%(home)s).")
                % {"code": code, "home": draft.home},
            )
        elif not contains(draft.home, code):
            yield (
                column,
                _("It lies in %(code)s and not in the division of the duty, %(home)s.")
                % {"code": code, "home": draft.home},
            )
    if draft.home and not same_county(draft.person_division, draft.home):
        yield (
            "person",
            _("%(person)s belongs to another county (%(code)s); name somebody of this one.")
            % {"person": draft.person_name, "code": draft.person_division},
        )


def _about_person(draft: DutyDraft) -> Iterator[Complaint]:
    left = draft.person_left_on
    ends_before = draft.valid_until is not None and left is not None and draft.valid_until < left
    if left is not None and not ends_before:
        yield (
            "person",
            _("%(person)s left on %(day)s; name whoever followed, or end the duty before that day.")
            % {"person": draft.person_name, "day": left},
        )
