"""The words of a warning for others, in Chinese as it was issued and in English."""

from collections.abc import Sequence
from typing import Final

from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from anlan.registry.data import Colour, Hazard
from anlan.warning.core.cap_out import Words, event_code_for
from anlan.warning.gateways.cap.events import event_types
from anlan.warning.models import HazardWarning
from anlan.warning.wording import advice

CHINESE: Final = "zh-hans"
ENGLISH: Final = "en"


def words_of(row: HazardWarning, *, town: str, villages: Sequence[str]) -> tuple[Words, ...]:
    """Return what a warning says: in Chinese word for word, in English what can be put into it.

    The English text gives the hazard, the colour, the place and what to do; the figures that
    caused the warning stand in the Chinese one.
    """
    with override(CHINESE):
        chinese = Words(
            language="zh-CN",
            event=_event(row),
            headline=row.headline,
            description=row.text,
            instruction=row.instruction,
            area=_place(town, villages),
        )
    with override(ENGLISH):
        english = Words(
            language="en-US",
            event=_event(row),
            headline=_headline(row, town=town),
            description=" ".join([_where(villages), _("The Chinese text says more.")]),
            instruction=advice(Hazard(row.hazard), colour=Colour(row.colour)),
            area=chinese.area,
        )
    return chinese, english


def last_words_of(row: HazardWarning, *, town: str, villages: Sequence[str]) -> tuple[Words, ...]:
    """Return what is said when a warning is lifted; nothing of one that is not."""
    if row.ended_at is None:
        return ()
    found = []
    for before in words_of(row, town=town, villages=villages):
        with override(CHINESE if before.language == "zh-CN" else ENGLISH):
            told = _("The warning of %(issued)s was lifted on %(ended)s.") % {
                "issued": f"{timezone.localtime(row.issued_at):%Y-%m-%d %H:%M}",
                "ended": f"{timezone.localtime(row.ended_at):%Y-%m-%d %H:%M}",
            }
            lifted = _("%(headline)s: lifted") % {"headline": before.headline}
        found.append(
            Words(
                language=before.language,
                event=before.event,
                headline=lifted,
                description=told,
                instruction="",
                area=before.area,
            )
        )
    return tuple(found)


def _event(row: HazardWarning) -> str:
    """Return what threatens, by its code where it is known, in the language of the moment."""
    code = row.event_code or event_code_for(Hazard(row.hazard))
    kind = event_types().get(code[:5])  # senders qualify a code by level, as in 11B0302
    if kind is None:
        return str(Hazard(row.hazard).label)
    return kind.chinese if _is_chinese() else kind.english


def _is_chinese() -> bool:
    return get_language() == CHINESE


def _headline(row: HazardWarning, *, town: str) -> str:
    return _("%(town)s: %(hazard)s, %(colour)s warning") % {
        "town": town,
        "hazard": Hazard(row.hazard).label,
        "colour": Colour(row.colour).label,
    }


def _where(villages: Sequence[str]) -> str:
    return _("Villages: %(villages)s.") % {"villages": "、".join(villages)}


def _place(town: str, villages: Sequence[str]) -> str:
    return f"{town}：{'、'.join(villages)}" if villages else town
