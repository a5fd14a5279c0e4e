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
    EXPIRED = "expired", gettext_lazy("run out")


class WarningOrigin(TextChoices):
    """What a warning came from."""

    RULE = "rule", gettext_lazy("a rule of the county")
    UPPER = "upper", gettext_lazy("a warning of an upper level")
    PERSON = "person", gettext_lazy("an officer")


class DraftState(TextChoices):
    """Where a warning stands that waits for somebody's word."""

    WAITING = "waiting", gettext_lazy("waits for a decision")
    ISSUED = "issued", gettext_lazy("issued")
    DISCARDED = "discarded", gettext_lazy("discarded")


class Audience(TextChoices):
    """For whom words are."""

    ANSWERABLE = "answerable", gettext_lazy("persons answerable")
    HOUSEHOLD = "household", gettext_lazy("households at risk")
    BROADCAST = "broadcast", gettext_lazy("loudspeakers")
    DESK = "desk", gettext_lazy("the duty desk")


class AnswerKind(TextChoices):
    """What a person called can say."""

    RECEIVED = "received", gettext_lazy("received, acting")
    MOVING = "moving", gettext_lazy("already moving people")
    DONE = "done", gettext_lazy("done")
    CANNOT_REACH = "cannot_reach", gettext_lazy("cannot reach the place")
    NEED_HELP = "need_help", gettext_lazy("need help")


class AttemptReason(TextChoices):
    """Why the duty officer did not get through."""

    NO_ANSWER = "no_answer", gettext_lazy("no answer")
    BUSY = "busy", gettext_lazy("busy")
    WRONG_NUMBER = "wrong_number", gettext_lazy("wrong number")


class Purpose(TextChoices):
    """Why a message leaves."""

    CALL = "call", gettext_lazy("call that must be answered")
    REASK = "reask", gettext_lazy("question what was done")
    HOUSEHOLD = "household", gettext_lazy("warning of a household")
    BROADCAST = "broadcast", gettext_lazy("loudspeaker")
    NOTE = "note", gettext_lazy("message")
    TEST = "test", gettext_lazy("communication test")


class ChannelKind(TextChoices):
    """How a message can travel."""

    SMS = "sms", gettext_lazy("text message")
    VOICE = "voice", gettext_lazy("voice call with key-press")
    WECOM = "wecom", gettext_lazy("WeCom")
    DINGTALK = "dingtalk", gettext_lazy("DingTalk")
    EMAIL = "email", gettext_lazy("e-mail")
    LOUDSPEAKER_MQTT = "loudspeaker_mqtt", gettext_lazy("loudspeaker by MQTT")
    LOUDSPEAKER_HTTP = "loudspeaker_http", gettext_lazy("loudspeaker by HTTP")
    APPRISE = "apprise", gettext_lazy("another service by Apprise")
    INBOX = "inbox", gettext_lazy("own page")
    BY_HAND = "by_hand", gettext_lazy("phone call by the duty officer")


class VerdictKind(TextChoices):
    """What a warning turned out to be."""

    HIT = "hit", gettext_lazy("it came")
    FALSE_ALARM = "false", gettext_lazy("false alarm")
    AVERTED = "averted", gettext_lazy("it came and harmed nobody")


class TestCallState(TextChoices):
    """How far a person was reached in a communication test."""

    WAITING = "waiting", gettext_lazy("waiting for an answer")
    ANSWERED = "answered", gettext_lazy("answered")
    SILENT = "silent", gettext_lazy("did not answer")
    DEAD = "dead", gettext_lazy("number is dead")


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
    DELIVERED = "delivered", gettext_lazy("reached the phone")
    REFUSED = "refused", gettext_lazy("refused by every channel")
    STALE = "stale", gettext_lazy("not sent: no longer needed")


class UpperState(TextChoices):
    """Where a message of an upper level stands; only one in force asks for anything."""

    IN_FORCE = "in_force", gettext_lazy("in force")
    EXPIRED = "expired", gettext_lazy("run out")
    UPDATED = "updated", gettext_lazy("replaced by an update")
    CANCELLED = "cancelled", gettext_lazy("cancelled by its sender")
    NOTED = "noted", gettext_lazy("a message about another warning")
    EXERCISE = "exercise", gettext_lazy("exercise or test, never acted on")
    REFUSED = "refused", gettext_lazy("not accepted")


class SignatureVerdict(TextChoices):
    """What the signature in a message of an upper level is worth."""

    UNSIGNED = "unsigned", gettext_lazy("not signed")
    VALID = "valid", gettext_lazy("signed by a trusted sender")
    UNTRUSTED = "untrusted", gettext_lazy("signed, but by nobody we trust")
    BROKEN = "broken", gettext_lazy("the signature does not fit the message")


class Refusal(TextChoices):
    """Why a message of an upper level is kept and not accepted."""

    UNSIGNED = "unsigned", gettext_lazy("The source must sign; this message is not signed.")
    UNTRUSTED = (
        "untrusted",
        gettext_lazy("The source must sign; nobody that the county trusts signed this message."),
    )
    BROKEN = "broken", gettext_lazy("The message was changed after it was signed, or is forged.")
    DISPLACED = (
        "displaced",
        gettext_lazy("A signed message under the same number came later and stands instead."),
    )


class Reach(TextChoices):
    """Whether a message of an upper level is about our places."""

    HERE = "here", gettext_lazy("our places")
    UNKNOWN = "unknown", gettext_lazy("its area could not be located: read it")
    ELSEWHERE = "elsewhere", gettext_lazy("none of our places")


class EntryOutcome(TextChoices):
    """What became of an entry of a feed."""

    TAKEN = "taken", gettext_lazy("received")
    UNREADABLE = "unreadable", gettext_lazy("not readable")


@dataclass(frozen=True)
class Message:
    """What a channel carries to one person. `reference` is what an answer must name,
    `duty` the duty by which the person is called, `division_code` the place that it is about.

    A letter that gathers several messages to one person names the others in `also`, each by its
    reference and its place. `to` is the number or address, where the channel needs one; `key`
    names this try, `link` is where it can be answered with one tap.
    """

    reference: str
    person_id: int | None
    duty: str
    division_code: str
    title: str
    text: str
    also: tuple[tuple[str, str], ...] = ()
    purpose: Purpose = Purpose.NOTE
    key: str = ""
    to: str = ""
    link: str = ""
    cap: bytes = b""


@dataclass(frozen=True)
class Receipt:
    """What a channel said of one message.

    Of what was not accepted, `may_retry` tells that another time may do; `is_unknown` that it may
    have left all the same, so that it must not leave again at once.
    """

    is_accepted: bool
    reason: str = ""
    may_retry: bool = False
    is_unknown: bool = False
    reference: str = ""
    provider_id: int | None = None


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
    """A warning with its times, for reports, and what it turned out to be, where somebody said so.

    `lead_minutes` is from its issue until what it warned of came; negative: it was too late.
    """

    uuid: str
    number: str
    hazard: Hazard
    colour: Colour
    town_code: str
    villages: tuple[str, ...]
    crossed_at: datetime
    issued_at: datetime
    ended_at: datetime | None
    verdict: VerdictKind | None = None
    lead_minutes: float | None = None


@dataclass(frozen=True)
class CallRecord:
    """A call with its times and the rungs that were rung, for reports.

    `reported_at` is when it was told what was done: how many people were notified and moved.
    """

    warning_uuid: str
    village: str
    person_id: int
    state: SummonsState
    asked_at: datetime
    answered_at: datetime | None
    answered_in_time: bool
    rungs_rung: tuple[str, ...]
    reported_at: datetime | None = None
    notified: int | None = None
    moved: int | None = None


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


class UpperWarningOutOfSight(LookupError):
    """No message of an upper level with this uuid is about a place in sight."""


@dataclass(frozen=True)
class UpperNotice:
    """A warning of an upper level in force, as the rooms above see it.

    `places` are the divisions that it touches, each with all that lies in it; `hazard` is empty
    for an event of which the program knows none, `colour` None where the sender gives no level.
    """

    uuid: str
    county: str
    hazard: Hazard | None
    colour: Colour | None
    event_code: str
    headline: str
    places: tuple[str, ...]
    sent_at: datetime
    lapses_at: datetime


@dataclass(frozen=True)
class ReceivedAlert:
    """How a message of an upper level stands after it was received, and whether it is new."""

    uuid: str
    state: UpperState
    is_new: bool


@dataclass(frozen=True)
class NextPoll:
    """When a source is asked next, and by which token."""

    token: str
    at: datetime


@dataclass(frozen=True)
class SourceDraft:
    """A source of upper-level warnings as somebody types it; certificates in PEM, one by one."""

    name: str
    address: str
    division_code: str
    trusted_certificates: str = ""
    requires_signature: bool = False
    every_seconds: int = 60
