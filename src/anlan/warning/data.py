"""What crosses the warnings' door."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.registry.data import Colour, Hazard


class WarningState(TextChoices):
    """Where a warning stands."""

    OPEN = "open", gettext_lazy("in force")
    REPLACED = "replaced", gettext_lazy("replaced by a higher one")
    LIFTED = "lifted", gettext_lazy("lifted")


class SummonsState(TextChoices):
    """Where the call to one answerable person stands."""

    WAITING = "waiting", gettext_lazy("waiting for an answer")
    ACKNOWLEDGED = "acknowledged", gettext_lazy("acknowledged")
    TAKEN_OVER = "taken_over", gettext_lazy("answered by somebody above")
    UNANSWERED = "unanswered", gettext_lazy("nobody answered")
    REPLACED = "replaced", gettext_lazy("called again under a higher warning")


class RungKind(TextChoices):
    """The steps of a ladder, in order."""

    PERSON = "person", gettext_lazy("the person")
    RETRY = "retry", gettext_lazy("the person again, on another channel")
    DEPUTY = "deputy", gettext_lazy("the deputy")
    TOWN = "town", gettext_lazy("the town leader on duty")
    COUNTY = "county", gettext_lazy("the county duty officer")


class DeliveryState(TextChoices):
    """Where a message stands on its way out."""

    QUEUED = "queued", gettext_lazy("waiting to leave")
    SENDING = "sending", gettext_lazy("leaving")
    ACCEPTED = "accepted", gettext_lazy("accepted by the channel")
    REFUSED = "refused", gettext_lazy("refused by the channel")


@dataclass(frozen=True)
class Message:
    """What a channel carries to one person. `reference` is what an answer must name,
    `duty` the duty by which the person is called."""

    reference: str
    person_id: int
    duty: str
    division_code: str
    title: str
    text: str


@dataclass(frozen=True)
class Receipt:
    """What a channel said of one message."""

    is_accepted: bool
    reason: str = ""


@dataclass(frozen=True)
class LadderStep:
    """A rung as the decision sees it: what it is and how long it may take."""

    kind: RungKind
    person_id: int
    wait: timedelta


@dataclass(frozen=True)
class IssuedWarning:
    """A warning as the rooms above see it."""

    id: int
    uuid: str
    number: str
    hazard: Hazard
    colour: Colour
    town_code: str
    villages: tuple[str, ...]
    issued_at: datetime
    state: WarningState


@dataclass(frozen=True)
class OpenCall:
    """A call to one answerable person as the rooms above see it."""

    id: int
    uuid: str
    warning_uuid: str
    hazard: Hazard
    colour: Colour
    village: str
    person_id: int
    duty: str
    rung: int
    state: SummonsState
    answered_by_id: int | None


@dataclass(frozen=True)
class WarningRecord:
    """A warning with its times, for reports."""

    uuid: str
    number: str
    hazard: Hazard
    colour: Colour
    town_code: str
    villages: tuple[str, ...]
    crossed_at: datetime
    issued_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class CallRecord:
    """A call with its times and the rungs that were rung, for reports."""

    warning_uuid: str
    village: str
    person_id: int
    state: SummonsState
    asked_at: datetime
    answered_at: datetime | None
    answered_in_time: bool
    rungs_rung: tuple[str, ...]


class AlreadyAnswered(ValueError):
    """The call was answered before; the first answer stands."""

    def __init__(self, *, at: datetime | None) -> None:
        self.at = at
        super().__init__(_("This warning was already answered; the first answer stands."))


class CallReplaced(AlreadyAnswered):
    """A higher warning has called the person again; that call is the one to answer."""

    def __init__(self) -> None:
        self.at = None
        ValueError.__init__(
            self, _("A higher warning has replaced this call; answer the newer one.")
        )


class NotYourCall(PermissionError):
    """Somebody answers a call that was not made to them or for them."""

    def __init__(self) -> None:
        super().__init__(_("This call is for somebody else; you stand on no rung of it."))


class WarningOutOfSight(LookupError):
    """No warning with this uuid stands over a village in sight."""


class CallOutOfSight(LookupError):
    """No call with this uuid was made for a village in sight."""
