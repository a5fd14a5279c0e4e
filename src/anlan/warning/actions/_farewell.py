"""Telling whoever was called that their village no longer stands under a warning."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from anlan.registry.data import Colour, Hazard
from anlan.warning.actions._notes import tell
from anlan.warning.data import SummonsState
from anlan.warning.models import Summons, WarningArea
from anlan.warning.queries.texts import Words


def tell_called(
    areas: Sequence[WarningArea], *, hazard: Hazard, colour: Colour, reason: str, now: datetime
) -> int:
    """Tell everybody called for these villages, once each, and return how many are told."""
    villages = {(area.warning_id, area.division_id) for area in areas}
    rows = (
        Summons.objects.filter(warning__in={warning for warning, _village in villages})
        .exclude(state=SummonsState.REPLACED)
        .order_by("pk")
        .values_list("warning_id", "division_id", "person_id", "duty")
    )
    people = [
        (person, duty, village)
        for warning, village, person, duty in rows
        if (warning, village) in villages
    ]
    with translation.override(settings.LANGUAGE_CODE):
        words = Words(
            title=_("Over: %(hazard)s, %(colour)s warning")
            % {"hazard": hazard.label, "colour": colour.label},
            text="\n".join(
                line
                for line in (
                    _("The warning no longer stands over your village."),
                    _("Reason: %(reason)s") % {"reason": reason} if reason else "",
                )
                if line
            ),
        )
    return tell(people, words=words, reference="over", now=now)
