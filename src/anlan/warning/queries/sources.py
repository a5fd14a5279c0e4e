"""Reads of the sources of upper-level warnings: how they are doing, and what of them is amiss."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from anlan.warning.data import (
    EntryOutcome,
    UpperState,
)
from anlan.warning.gateways.cap.signature import certificate_name, read_certificates
from anlan.warning.models import FeedEntry, WarningSource
from anlan.warning.queries.upper_sight import sources_in_sight, upper_in_sight
from anlan.warning.refusals import SourceOutOfSight
from anlan.warning.upper_wording import fault_sentence, form_sentence

MOST_UNREADABLE = 20


@dataclass(frozen=True)
class SourceRow:
    """A source in a list, its fault in words."""

    uuid: str
    name: str
    address: str
    division: str
    division_code: str
    requires_signature: bool
    every_seconds: int
    polled_at: datetime | None
    answered_at: datetime | None
    due_at: datetime
    fault: str
    failures: int
    ended_at: datetime | None
    unreadable: int
    in_force: int


@dataclass(frozen=True)
class UnreadableEntry:
    """A message of a feed that could not be read: where it stood, why, and at which element."""

    link: str
    why: str
    element: str
    value: str
    line: int | None
    came_at: datetime


@dataclass(frozen=True)
class TrustedCertificate:
    """A certificate that a county trusts: whose it is and until when it is valid."""

    name: str
    valid_from: datetime
    valid_until: datetime


def listed_sources() -> list[SourceRow]:
    """Return the sources in sight, those that are asked first, then by name."""
    return sorted(
        _source_rows(sources_in_sight()), key=lambda row: (row.ended_at is not None, row.name)
    )


def access_source(uuid: str) -> WarningSource:
    """Return one source in sight, or raise SourceOutOfSight."""
    row = sources_in_sight().filter(uuid=uuid).first()
    if row is None:
        raise SourceOutOfSight(uuid)
    return row


def source_row(source: WarningSource) -> SourceRow:
    """Return a source as its page shows it."""
    return _source_rows([source])[0]


def unreadable_entries(source: WarningSource) -> list[UnreadableEntry]:
    """Return the latest messages of a source that could not be read, newest first."""
    rows = FeedEntry.objects.filter(source=source, outcome=EntryOutcome.UNREADABLE)
    return [
        UnreadableEntry(
            link=row.link,
            why=form_sentence(row.reason),
            element=row.element,
            value=row.value,
            line=row.line,
            came_at=row.came_at,
        )
        for row in rows.order_by("-came_at", "-pk")[:MOST_UNREADABLE]
    ]


def certificates_of(source: WarningSource) -> list[TrustedCertificate]:
    """Return the certificates that the county trusts for a source."""
    return [
        TrustedCertificate(
            name=certificate_name(each),
            valid_from=each.not_valid_before_utc,
            valid_until=each.not_valid_after_utc,
        )
        for each in read_certificates(source.trusted_certificates)
    ]


def _source_rows(rows: Iterable[WarningSource]) -> list[SourceRow]:
    found = list(rows)
    keys = [row.pk for row in found]
    unreadable = _counts(FeedEntry.objects.filter(source__in=keys, outcome=EntryOutcome.UNREADABLE))
    in_force = _counts(upper_in_sight().filter(source__in=keys, state=UpperState.IN_FORCE))
    return [
        SourceRow(
            uuid=str(row.uuid),
            name=row.name,
            address=row.address,
            division=row.division.name,
            division_code=row.division_id,
            requires_signature=row.requires_signature,
            every_seconds=row.every_seconds,
            polled_at=row.polled_at,
            answered_at=row.answered_at,
            due_at=row.due_at,
            fault=fault_sentence(row.fault, detail=row.fault_detail),
            failures=row.failures,
            ended_at=row.ended_at,
            unreadable=unreadable.get(row.pk, 0),
            in_force=in_force.get(row.pk, 0),
        )
        for row in found
    ]


def _counts(rows: "QuerySet[Any]") -> dict[int, int]:
    counted = rows.order_by().values("source_id").annotate(n=Count("pk"))
    return dict(counted.values_list("source_id", "n"))
