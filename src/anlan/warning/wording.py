"""The words of a warning, with the figures that caused it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from anlan.monitoring.data import Crossing, Measure
from anlan.registry.data import Colour, Hazard
from anlan.warning.core.areas import Draft


def headline(draft: Draft, *, town: str) -> str:
    """Return the line that a phone shows first."""
    return _("%(town)s: %(hazard)s, %(colour)s warning") % {
        "town": town,
        "hazard": draft.hazard.label,
        "colour": draft.colour.label,
    }


def body(draft: Draft, *, villages: Sequence[str]) -> str:
    """Return what was measured, where it threatens, and what to do."""
    worst = draft.worst
    where = _("Villages: %(villages)s.") % {"villages": "、".join(villages)}
    return "\n".join([_measured(worst), where, advice(draft.hazard, colour=draft.colour)])


def _measured(worst: Crossing) -> str:
    """Return the figure that crossed its limit, and whether it is doubtful."""
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
    return told + _(" The value is doubtful: have it looked at.") if worst.is_doubtful else told


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
