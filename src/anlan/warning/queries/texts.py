"""The words that a county keeps, and what they come to for one warning."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from anlan.monitoring.data import Crossing, Measure
from anlan.registry.data import Colour, Hazard
from anlan.warning.core.words import TITLE_LETTERS, TextRow, best_text, filled, one_line
from anlan.warning.data import Audience
from anlan.warning.figures import Telling, figures_of
from anlan.warning.models import WarningText
from anlan.warning.wording import advice, default_text, default_title, nobody_sentence

KeptTexts = Mapping[Audience, Sequence[TextRow]]
"""The words of a county by audience."""


@dataclass(frozen=True)
class Words:
    """A title and a text, ready to send."""

    title: str
    text: str


def kept_texts(county: str) -> KeptTexts:
    """Return the words in use of a county in sight."""
    found: dict[Audience, list[TextRow]] = defaultdict(list)
    rows = texts_in_use(county).values_list(
        "audience", "hazard", "colour", "title", "text", "kept_at"
    )
    for audience, hazard, colour, title, text, kept_at in rows:
        found[Audience(audience)].append(TextRow(hazard, colour, title, text, kept_at))
    return found


def texts_in_use(county: str) -> "QuerySet[WarningText]":
    """Return the rows in use of a county in sight."""
    rows: QuerySet[WarningText] = WarningText.objects.filter(
        division_id=county, ended_at__isnull=True
    )
    return rows


def words_for(audience: Audience, telling: Telling, *, kept: KeptTexts) -> Words:
    """Return the words of a warning for an audience, in the county's language.

    The county's own go first; without any the program's do. Where nobody is answerable in some
    villages, whoever is called and the duty desk read that too.
    """
    with translation.override(settings.LANGUAGE_CODE):
        row = best_text(kept.get(audience, ()), hazard=telling.hazard, colour=telling.colour)
        figures = figures_of(telling)
        title = filled(row.title, figures=figures) if row else ""
        text = filled(row.text, figures=figures) if row else ""
        title = title or default_title(telling, audience=audience)
        text = text or default_text(telling, audience=audience)
        if audience in (Audience.ANSWERABLE, Audience.DESK):
            text = "\n".join(line for line in (text, nobody_sentence(telling)) if line)
        return Words(title=one_line(title)[:TITLE_LETTERS], text=text)


def advice_for(telling: Telling) -> str:
    """Return what the people answerable must do, in the county's language."""
    with translation.override(settings.LANGUAGE_CODE):
        return advice(telling.hazard, colour=telling.colour)


def sample_of(asked: Mapping[str, str], *, now: datetime) -> Telling:
    """Return the figures of an example for a hazard and colour, in the county's language."""
    hazard, colour = asked.get("hazard", ""), asked.get("colour", "")
    with translation.override(settings.LANGUAGE_CODE):
        return Telling(
            hazard=Hazard(hazard) if hazard in Hazard.values else Hazard.FLASH_FLOOD,
            colour=Colour(int(colour)) if colour in ("1", "2", "3", "4") else Colour.ORANGE,
            town=_("Example Town"),
            villages=(_("First Village"), _("Second Village")),
            sender=_("Emergency Management Bureau of %(county)s") % {"county": _("the county")},
            issued_at=now,
            expires_at=now + timedelta(hours=24),
            worst=Crossing(
                id=0,
                hazard=hazard or Hazard.FLASH_FLOOD.value,
                colour=Colour.ORANGE,
                station_name=_("Example Gauge"),
                element="PN05",
                measure=Measure.SUM,
                window_min=60,
                value=33.0,
                threshold=30.0,
                at=now,
                villages=(),
                unit="mm",
            ),
            people=42,
            shelter=_("Example School"),
        )
