"""What crosses the plans' door."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from anlan.registry.data import Colour, DutyKind


class ResponseLevel(IntegerChoices):
    """How strong a response is; level I is the strongest, so a smaller number is more."""

    FIRST = 1, _("level I")
    SECOND = 2, _("level II")
    THIRD = 3, _("level III")
    FOURTH = 4, _("level IV")


class TaskSpread(TextChoices):
    """Whether a task is done once for the county or in each division hit."""

    COUNTY = "county", _("once for the county")
    TOWN = "town", _("in each town hit")
    VILLAGE = "village", _("in each village hit")


@dataclass(frozen=True)
class TaskOutline:
    """A task of a plan's level, before it is opened.

    A division counts as hit from the colour `hit_from` on: the mildest that calls the level.
    """

    template_id: int
    level: ResponseLevel
    title: str
    duty: DutyKind
    spread: TaskSpread
    within: timedelta
    hit_from: Colour


@dataclass(frozen=True)
class CalledLevel:
    """The level that a plan asks for, and the condition that asks for it."""

    plan_id: int
    plan_name: str
    level: ResponseLevel
    because: str
