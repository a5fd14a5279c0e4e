"""The limits of a county for answers, as they stand at a moment."""

from datetime import datetime

from django.utils import timezone

from anlan.registry.data import Colour, Hazard
from anlan.warning.core.limits import LimitRow, Waits, waits_of
from anlan.warning.models import AnswerLimit


def answer_waits(hazard: Hazard, *, colour: Colour, now: datetime) -> Waits:
    """Return what each rung is given; raise AnswerLimit.DoesNotExist where no row covers it."""
    rows = AnswerLimit.objects.filter(
        colour=colour, effective_from__lte=timezone.localdate(now)
    ).values_list("hazard", "rung", "minutes", "report_minutes", "effective_from")
    waits = waits_of((LimitRow(*row) for row in rows), hazard=hazard, colour=colour)
    if waits is None:
        raise AnswerLimit.DoesNotExist(f"no answer limit for colour {colour.label}")
    return waits
