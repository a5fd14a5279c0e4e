"""The calls of a duty desk: every one under an open warning in sight, most urgent first."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef

from anlan.kernel.codes import Level, ancestor_of
from anlan.kernel.encryption import masked
from anlan.kernel.models import JournalEntry
from anlan.registry.api import names_of
from anlan.registry.data import Colour, DutyKind, Hazard
from anlan.warning.core.desk import DeskCall, urgency
from anlan.warning.data import AnswerKind, RungKind, SummonsState, WarningState
from anlan.warning.models import Summons, WarningArea

_COLUMNS: Final = (
    "uuid",
    "warning__uuid",
    "warning__hazard",
    "warning__colour",
    "division_id",
    "division__name",
    "division__parent__name",
    "person__name",
    "person__phone",
    "duty",
    "ladder",
    "rung",
    "state",
    "asked_at",
    "due_at",
    "answered_at",
    "answered_by__name",
    "word",
    "report_due_at",
    "reported_at",
    "reasked",
    "notified",
    "moved",
)


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One call as a desk shows it; the phone is masked.

    `people` are the persons rung so far, who may answer: each once, with the rung that they are.
    `tried_at` is when an officer last called by hand in vain.
    """

    call: DeskCall
    uuid: str
    warning_uuid: str
    village: str
    town_code: str
    town: str
    person: str
    phone: str
    duty: DutyKind
    rung: RungKind
    people: tuple[tuple[int, RungKind], ...]
    asked_at: datetime
    answered_at: datetime | None
    answered_by: str
    notified: int | None
    moved: int | None
    tried_at: datetime | None
    tried_why: str


def desk_rows(*, now: datetime, uuids: Iterable[str] | None = None) -> list[DeskRow]:
    """Return the calls of open warnings to villages in sight that stand under them, by urgency.

    With `uuids` only these calls; one that is not among the answers waits at no desk any more.
    """
    under = WarningArea.objects.filter(
        warning_id=OuterRef("warning_id"),
        division_id=OuterRef("division_id"),
        released_at__isnull=True,
    )
    found = Summons.objects.filter(Exists(under), warning__state=WarningState.OPEN)
    found = found.exclude(state=SummonsState.REPLACED)
    if uuids is not None:
        found = found.filter(uuid__in=list(uuids))
    read = [dict(zip(_COLUMNS, each, strict=True)) for each in found.values_list(*_COLUMNS)]
    tried = _attempts({each["warning__uuid"] for each in read})
    rows = [_row(each, tried=tried.get(str(each["uuid"]), (None, ""))) for each in read]
    return sorted(rows, key=lambda row: (*urgency(row.call, now=now), row.uuid))


def names_on(rows: Iterable[DeskRow]) -> Mapping[int, str]:
    """Return the names in sight of everybody who was rung for these calls."""
    return names_of({person for row in rows for person, _rung in row.people})


def _attempts(warnings: Iterable[UUID]) -> dict[str, tuple[datetime | None, str]]:
    """Return when and why an officer last called by hand in vain, by call."""
    entries = JournalEntry.objects.filter(
        act="summons.attempted", cause__in=[f"warning:{uuid}" for uuid in warnings]
    )
    return {
        subject.partition(":")[2]: (at, str(json.loads(detail).get("reason", "")))
        for subject, at, detail in entries.order_by("pk").values_list("subject", "at", "detail")
    }


def _row(row: Mapping[str, Any], *, tried: tuple[datetime | None, str]) -> DeskRow:
    reached = row["ladder"][: row["rung"] + 1]
    call = DeskCall(
        division_code=row["division_id"],
        hazard=Hazard(row["warning__hazard"]),
        colour=Colour(row["warning__colour"]),
        state=SummonsState(row["state"]),
        rungs_left=len(row["ladder"]) - len(reached),
        due_at=row["due_at"],
        report_due_at=row["report_due_at"],
        reported_at=row["reported_at"],
        reasked=row["reasked"],
        word=AnswerKind(row["word"]) if row["word"] else None,
    )
    return DeskRow(
        call=call,
        uuid=str(row["uuid"]),
        warning_uuid=str(row["warning__uuid"]),
        village=row["division__name"],
        town_code=ancestor_of(row["division_id"], level=Level.TOWN),
        town=row["division__parent__name"] or "",
        person=row["person__name"],
        phone=masked(row["person__phone"]),
        duty=DutyKind(row["duty"]),
        rung=RungKind(reached[-1][0]),
        people=_people(reached),
        asked_at=row["asked_at"],
        answered_at=row["answered_at"],
        answered_by=row["answered_by__name"] or "",
        notified=row["notified"],
        moved=row["moved"],
        tried_at=tried[0],
        tried_why=tried[1],
    )


def _people(reached: Sequence[Sequence[Any]]) -> tuple[tuple[int, RungKind], ...]:
    """Return each person on these rungs once, by the first rung on which they stand."""
    found: dict[int, RungKind] = {}
    for kind, person_id, _minutes in reached:
        found.setdefault(int(person_id), RungKind(kind))
    return tuple(found.items())
