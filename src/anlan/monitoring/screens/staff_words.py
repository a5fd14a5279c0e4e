"""How levels read by eye are told: how they stand, what was stored, what is known of them."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.monitoring.core.staff import Entered, Mark, Standing, standing
from anlan.monitoring.data import Quality
from anlan.registry.data import Colour


def mark_name(mark: Mark) -> str:
    """Return what a mark is called: the register's word, or the colour of the rule."""
    return mark.name or _("%(colour)s limit") % {"colour": Colour(mark.colour).label}


def standing_text(found: Standing | None) -> str:
    """Return how a level stands against what matters at its gauge."""
    if found is None:
        return _("No warning level is set for this gauge.")
    facts = {
        "by": f"{abs(found.above_m):.2f}",
        "mark": mark_name(found.mark),
        "level": f"{found.mark.level_m:.2f}",
    }
    if found.is_reached:
        return _("%(by)s m above the %(mark)s (%(level)s m).") % facts
    return _("%(by)s m below the %(mark)s (%(level)s m).") % facts


def entered_text(entered: Entered, name: str, marks: Sequence[Mark]) -> str:
    """Return what was stored and how it stands."""
    at = timezone.localtime(entered.at)
    facts = {"gauge": name, "level": f"{entered.level_m:.2f}", "at": f"{at:%m-%d %H:%M}"}
    told = (
        _("Stored: %(gauge)s %(level)s m at %(at)s.")
        if entered.is_new
        else _("%(gauge)s %(level)s m at %(at)s stands there already.")
    ) % facts
    return f"{told} {standing_text(standing(entered.level_m, marks))}"


def quality_label(quality: int) -> str:
    """Return what is known of a stored level."""
    return str(Quality(quality).label)
