"""What crosses relief's door."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class MoveState(TextChoices):
    """Where a household's move stands."""

    ORDERED = "ordered", gettext_lazy("ordered")
    NOTIFIED = "notified", gettext_lazy("notified")
    LEFT = "left", gettext_lazy("on the way")
    SHELTERED = "sheltered", gettext_lazy("at the shelter")
    RETURNED = "returned", gettext_lazy("returned home")
    RELEASED = "released", gettext_lazy("no longer needed")


@dataclass(frozen=True)
class OrderedMove:
    """A household's move as the people who carry it out see it."""

    uuid: str
    household_id: int
    needing_help: int
    route_km: float
    carer_ids: tuple[int, ...]


class WrongStep(ValueError):
    """A step of a move out of its order: for example leaving before being notified."""

    def __init__(self, *, step: str, state: str) -> None:
        self.step, self.state = step, state
        super().__init__(
            _("“%(step)s” cannot follow “%(state)s” in a household's move.")
            % {"step": step, "state": state}
        )


class ShelterFull(ValueError):
    """No shelter in the town has room for the household."""

    def __init__(self, *, people: int) -> None:
        self.people = people
        super().__init__(
            _("No shelter nearby has room for %(people)s people; open another one.")
            % {"people": people}
        )


@dataclass(frozen=True)
class MoveRecord:
    """A move with the times of its steps, for reports."""

    household_id: int
    division_code: str
    people: int
    state: MoveState
    ordered_at: datetime
    notified_at: datetime | None
    left_at: datetime | None
    sheltered_at: datetime | None
    ended_at: datetime | None
