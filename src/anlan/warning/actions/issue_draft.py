import uuid
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import F

from anlan.kernel import journal, scope
from anlan.kernel.actors import Actor
from anlan.registry.api import bearings
from anlan.registry.data import Colour, Hazard
from anlan.warning.actions._families import issue_family
from anlan.warning.actions._farewell import tell_called
from anlan.warning.actions._leaving import leave
from anlan.warning.core.areas import Family
from anlan.warning.data import DraftState, WarningOrigin, WarningState
from anlan.warning.facts import warnings_issued, warnings_lifted
from anlan.warning.models import AnswerLimit, WarningDraft
from anlan.warning.queries.drafts import Resolved, access_draft, resolved
from anlan.warning.queries.rules import beyond, is_of_town, issuing_in
from anlan.warning.queries.tellings import government_of
from anlan.warning.refusals import (
    AlreadyDecided,
    DraftChanged,
    LimitsMissing,
    NothingToWarn,
    NotYoursToIssue,
    WarningEnded,
)
from anlan.warning.tasks.deciding import expire


@transaction.atomic
def issue_draft(draft_uuid: str, *, version: int, by: Actor, now: datetime) -> list[str]:
    """Issue the warnings of a draft as it was looked at, and return their uuids.

    Whoever is called is found and frozen now. Pressed twice, or by two at once, it issues once:
    the other hears AlreadyDecided. Raises DraftChanged for another version than the present one,
    NotYoursToIssue where the county's rules give this colour or these villages to others,
    NothingToWarn, LimitsMissing, and WarningEnded for an update of what has ended.
    """
    draft = access_draft(draft_uuid)
    if draft.state != DraftState.WAITING:
        raise AlreadyDecided
    found = resolved(draft, now=now)
    if found.is_over:
        raise WarningEnded
    if not found.villages:
        raise NothingToWarn
    _check_issuer(found.family, found.villages, by=by, now=now)
    family = replace(found.family, uuid=str(uuid.uuid4()), sender=_sender(draft, by=by, now=now))
    _decide(draft, version=version, family=family.uuid, now=now)
    try:
        uuids = issue_family(family, by=by, now=now)
    except AnswerLimit.DoesNotExist as error:
        raise LimitsMissing from error
    _let_go(found, by=by, now=now)
    journal.record(
        "draft.issued",
        by=by,
        now=now,
        subject=f"draft:{draft.uuid}",
        division_code=draft.division_id,
        detail={"warnings": len(uuids), "villages": len(found.villages)},
    )
    warnings_issued.send(sender=None, warning_uuids=uuids)
    if family.expires_at is not None:
        expire.using(run_after=family.expires_at).enqueue()
    return uuids


def _check_issuer(family: Family, villages: Collection[str], *, by: Actor, now: datetime) -> None:
    issuing = issuing_in(family.county, hazard=family.hazard, colour=family.colour, now=now)
    forbidden = beyond(by, issuing=issuing, villages=villages, now=now)
    if forbidden:
        roles = [str(role.label) for role in sorted(issuing.roles)]
        raise NotYoursToIssue(roles=roles, villages=forbidden)


def _sender(draft: WarningDraft, *, by: Actor, now: datetime) -> str:
    """Return in whose name a warning goes out; empty means the county's."""
    if draft.origin == WarningOrigin.RULE or by.account_id is None or not is_of_town(by, now=now):
        return ""
    return government_of(bearings([draft.division_id])[draft.division_id].name)


def _decide(draft: WarningDraft, *, version: int, family: str, now: datetime) -> None:
    mine = WarningDraft.objects.filter(pk=draft.pk, state=DraftState.WAITING)
    done = mine.filter(version=version).update(
        state=DraftState.ISSUED, decided_at=now, family=family, version=F("version") + 1
    )
    if done != 1:
        raise DraftChanged if mine.exists() else AlreadyDecided


def _let_go(found: Resolved, *, by: Actor, now: datetime) -> None:
    """Release the villages that an update no longer holds, and tell whoever was called there."""
    if not found.leaving:
        return
    with scope.limited_to([found.family.county]):
        warnings = {area.warning_id: area.warning for area in found.leaving}
        tell_called(
            found.leaving,
            hazard=Hazard(found.family.hazard),
            colour=Colour(found.leaving[0].colour),
            reason="",
            now=now,
        )
        leave(found.leaving, into=WarningState.REPLACED, by=by, now=now)
    warnings_lifted.send(sender=None, warning_uuids=[str(row.uuid) for row in warnings.values()])
