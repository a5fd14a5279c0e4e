"""Reads of the calls (叫应) for the pages: whose they are, how far they went, who answered."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from anlan.kernel import scope
from anlan.kernel.encryption import masked
from anlan.registry.api import names_of, phones_of
from anlan.registry.data import Colour, DutyKind, Hazard
from anlan.warning.data import (
    AnswerKind,
    CallOutOfSight,
    ChannelKind,
    DeliveryState,
    Purpose,
    RungKind,
    SummonsState,
    WarningState,
)
from anlan.warning.models import Delivery, Summons
from anlan.warning.queries.under import still_under

CAN_BE_ANSWERED = (SummonsState.WAITING, SummonsState.UNANSWERED)


@dataclass(frozen=True)
class DeliveryRow:
    """One message of a call, as the page shows it."""

    rung: RungKind | None
    purpose: Purpose
    person: str
    channel: str
    state: DeliveryState
    at: datetime
    reason: str


@dataclass(frozen=True)
class CallRow:
    """One call as the page shows it; the phone is masked.

    `rung_people` are the persons rung so far, who may answer: pairs of id and name.
    """

    uuid: str
    village: str
    division_code: str
    person: str
    person_id: int
    phone: str
    duty: DutyKind
    state: SummonsState
    asked_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    answered_by: str
    answered_via: str
    word: AnswerKind | None
    report_due_at: datetime | None
    reported_at: datetime | None
    notified: int | None
    moved: int | None
    rung: RungKind
    rung_people: tuple[tuple[int, str], ...]
    deliveries: tuple[DeliveryRow, ...]
    headline: str
    text: str
    hazard: Hazard
    colour: Colour
    warning_uuid: str

    @property
    def minutes(self) -> float | None:
        """Return how many minutes the answer took, or None while there is none."""
        if self.answered_at is None:
            return None
        return (self.answered_at - self.asked_at) / timedelta(minutes=1)

    @property
    def can_be_answered(self) -> bool:
        """Tell whether an answer would still be taken."""
        return self.state in CAN_BE_ANSWERED


@dataclass(frozen=True)
class CallSpan:
    """When somebody was called and when an answer came."""

    asked_at: datetime
    answered_at: datetime | None


def calls_under(warning_id: int) -> list[CallRow]:
    """Return the calls in sight under a warning, those that still wait first, by village."""
    rows = call_rows(Summons.objects.filter(warning_id=warning_id).order_by("division_id", "pk"))
    order = {state: number for number, state in enumerate(CAN_BE_ANSWERED)}
    return sorted(rows, key=lambda row: order.get(row.state, len(order)))


def access_call(uuid: str) -> CallRow:
    """Return one call made for a village in sight, or raise CallOutOfSight."""
    rows = call_rows(Summons.objects.filter(uuid=uuid))
    if not rows:
        raise CallOutOfSight(uuid)
    return rows[0]


def open_calls_of(person_id: int) -> list[CallRow]:
    """Return the calls in sight that wait for this person, most urgent colour first."""
    return call_rows(_open_for(person_id).order_by("-warning__colour", "asked_at", "pk"))


def calls_to_report_of(person_id: int) -> list[CallRow]:
    """Return the calls in sight that this person has answered without telling what was done.

    Only villages still under the warning are asked about, the longest waiting first.
    """
    rows = Summons.objects.filter(
        still_under(),
        answered_by=person_id,
        reported_at__isnull=True,
        report_minutes__isnull=False,
    )
    return call_rows(rows.order_by("answered_at", "pk"))


def count_open_calls_of(person_id: int) -> int:
    """Return how many calls in sight wait for this person."""
    return _open_for(person_id).count()


def call_spans(county_prefix: str, *, since: datetime, until: datetime) -> list[CallSpan]:
    """Return when the calls of a county in sight were made and answered, made within a span.

    A call that a higher warning replaced is left out: it waits for nobody.
    """
    rows = Summons.objects.filter(
        scope.within("division_id", [county_prefix]), asked_at__range=(since, until)
    ).exclude(state=SummonsState.REPLACED)
    return [CallSpan(*row) for row in rows.values_list("asked_at", "answered_at")]


def call_rows(summons: Iterable[Summons]) -> list[CallRow]:
    """Return calls as pages show them, with the messages sent for each."""
    found = summons
    if isinstance(found, QuerySet):
        found = found.select_related("warning", "division", "person", "answered_by")
    rows = list(found)
    deliveries = _deliveries(row.pk for row in rows)
    rung = {row.pk: _rung_people(row) for row in rows}
    people = {person for ids in rung.values() for person in ids}
    names = names_of(people) | {row.person_id: row.person.name for row in rows}
    phones = phones_of(row.person_id for row in rows)
    return [
        CallRow(
            uuid=str(row.uuid),
            village=row.division.name,
            division_code=row.division_id,
            person=row.person.name,
            person_id=row.person_id,
            phone=masked(phones.get(row.person_id, "")),
            duty=DutyKind(row.duty),
            state=SummonsState(row.state),
            asked_at=row.asked_at,
            due_at=row.due_at,
            answered_at=row.answered_at,
            answered_by=row.answered_by.name if row.answered_by else "",
            answered_via=row.answered_via,
            word=AnswerKind(row.word) if row.word else None,
            report_due_at=row.report_due_at,
            reported_at=row.reported_at,
            notified=row.notified,
            moved=row.moved,
            rung=RungKind(row.ladder[min(row.rung, len(row.ladder) - 1)][0]),
            rung_people=tuple((id_, names[id_]) for id_ in rung[row.pk] if id_ in names),
            deliveries=tuple(deliveries[row.pk]),
            headline=row.warning.headline,
            text=row.warning.text,
            hazard=Hazard(row.warning.hazard),
            colour=Colour(row.warning.colour),
            warning_uuid=str(row.warning.uuid),
        )
        for row in rows
    ]


def _open_for(person_id: int) -> "QuerySet[Summons]":
    rung = Delivery.objects.filter(person_id=person_id).values("summons_id")
    rows: QuerySet[Summons] = Summons.objects.filter(
        Q(person_id=person_id) | Q(pk__in=rung),
        state__in=CAN_BE_ANSWERED,
        warning__state=WarningState.OPEN,
    )
    return rows


def channel_label(channel: str) -> str:
    """Return what a channel is called, or its own name for one that no county's provider serves."""
    known = dict(ChannelKind.choices)
    return str(known.get(channel, channel))


def _rung_people(row: Summons) -> list[int]:
    """Return the persons on the rungs reached so far, each once, the first one first."""
    return list(dict.fromkeys(int(step[1]) for step in row.ladder[: row.rung + 1]))


def _deliveries(summons_ids: Iterable[int]) -> dict[int, list[DeliveryRow]]:
    found: dict[int, list[DeliveryRow]] = defaultdict(list)
    rows = Delivery.objects.filter(summons_id__in=list(summons_ids)).select_related("person")
    for row in rows.order_by("queued_at", "pk"):
        found[row.summons_id].append(
            DeliveryRow(
                rung=RungKind(row.rung) if row.rung else None,
                purpose=Purpose(row.purpose),
                person=row.person.name if row.person else "",
                channel=channel_label(row.channel),
                state=DeliveryState(row.state),
                at=row.sent_at or row.queued_at,
                reason=row.reason,
            )
        )
    return found
