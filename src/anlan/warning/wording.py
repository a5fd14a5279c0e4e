"""The words of a warning where a county keeps none of its own, with the figures that caused it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anlan.monitoring.data import Crossing, Measure
from anlan.registry.data import Colour, Hazard
from anlan.warning.core.words import joined
from anlan.warning.data import Audience
from anlan.warning.figures import Telling, moment

NAMED = 30  # villages that a text names; of more it says how many


def default_title(telling: Telling, *, audience: Audience) -> str:
    """Return the line that a phone shows first."""
    title = _("%(town)s: %(hazard)s, %(colour)s warning") % {
        "town": telling.town,
        "hazard": telling.hazard.label,
        "colour": telling.colour.label,
    }
    if audience is Audience.DESK:
        return _("Issued: %(title)s") % {"title": title}
    return title


def default_text(telling: Telling, *, audience: Audience) -> str:
    """Return what was measured, where and until when it threatens, what to do, and who says so."""
    if audience is Audience.HOUSEHOLD:
        lines = [*_measured(telling.worst), household_advice(telling), _signed(telling)]
    elif audience is Audience.BROADCAST:
        lines = [*_measured(telling.worst), advice(telling.hazard, colour=telling.colour)]
    elif audience is Audience.DESK:
        lines = [*_measured(telling.worst), _where(telling), *_when(telling)]
    else:
        lines = [
            *_measured(telling.worst),
            _where(telling),
            *_when(telling),
            advice(telling.hazard, colour=telling.colour),
            _signed(telling),
        ]
    return "\n".join(lines)


def nobody_sentence(telling: Telling) -> str:
    """Return what is said of villages where nobody is answerable, nothing where there are none."""
    if not telling.from_above:
        return ""
    names, more = joined(telling.from_above, most=NAMED)
    return _("In %(villages)s nobody is answerable: the level above is called in their place.") % {
        "villages": _and_more(names, more)
    }


def _where(telling: Telling) -> str:
    names, more = joined(telling.villages, most=NAMED)
    return _("Villages: %(villages)s.") % {"villages": _and_more(names, more)}


def _and_more(names: str, more: int) -> str:
    if not more:
        return names
    return ngettext(
        "%(villages)s and %(n)s more village", "%(villages)s and %(n)s more villages", more
    ) % {"villages": names, "n": more}


def _when(telling: Telling) -> list[str]:
    lines = []
    if telling.onset_at is not None and telling.onset_at > telling.issued_at:
        lines.append(_("Begins: %(at)s.") % {"at": moment(telling.onset_at)})
    if telling.expires_at is not None:
        lines.append(_("In force until %(at)s.") % {"at": moment(telling.expires_at)})
    return lines


def _signed(telling: Telling) -> str:
    """Return who issues the warning and when: the law asks for both (article 64)."""
    return _("%(sender)s, %(at)s") % {"sender": telling.sender, "at": moment(telling.issued_at)}


def _measured(worst: Crossing | None) -> list[str]:
    """Return the figure that crossed its limit, and whether it is doubtful."""
    if worst is None:
        return []
    sentence = {
        Measure.SUM: _(
            "%(station)s measured %(value).1f mm in %(hours)s h (limit %(limit).1f mm)."
        ),
        Measure.ANTECEDENT: _(
            "%(station)s: effective rain of the last days %(value).1f mm (limit %(limit).1f mm)."
        ),
        Measure.RISE: _(
            "%(station)s rose by %(value).2f %(unit)s in %(hours)s h (limit %(limit).2f %(unit)s)."
        ),
        Measure.FALL: _(
            "%(station)s fell by %(value).2f %(unit)s in %(hours)s h (limit %(limit).2f %(unit)s)."
        ),
    }.get(
        worst.measure, _("%(station)s stands at %(value).2f %(unit)s (limit %(limit).2f %(unit)s).")
    )
    figures = {
        "station": worst.station_name,
        "value": worst.value,
        "hours": f"{worst.window_min / 60:g}",
        "limit": worst.threshold,
        "unit": worst.unit,
    }
    told = sentence % figures
    return [told + _(" The value is doubtful: have it looked at.") if worst.is_doubtful else told]


def advice(hazard: Hazard, *, colour: Colour) -> str:
    """Return what the people answerable must do now, by colour and hazard."""
    if hazard is Hazard.RAINSTORM:
        return {
            Colour.BLUE: _("Stay reachable and watch the rain."),
            Colour.YELLOW: _("Look after low places and those who live alone."),
            Colour.ORANGE: _("Stop work outdoors; check dangerous houses and slopes."),
            Colour.RED: _("Keep everybody indoors on safe ground; be ready to move people."),
        }[colour]
    return {
        Colour.BLUE: _("Stay reachable and look at the danger spots."),
        Colour.YELLOW: _("Patrol the danger spots; prepare shelters and lists."),
        Colour.ORANGE: _("Move those who need help and all who live in danger, now."),
        Colour.RED: _("Move everybody at risk at once. Then report who is out."),
    }[colour]


def household_advice(telling: Telling) -> str:
    """Return what a household at risk must do now."""
    if not telling.shelter:
        return _("Leave for safe ground now and follow the village cadres.")
    return _("Leave now for %(shelter)s and follow the village cadres.") % {
        "shelter": telling.shelter
    }
