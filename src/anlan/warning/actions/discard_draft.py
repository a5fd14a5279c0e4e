from datetime import datetime

from django.db import transaction
from django.db.models import F

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.api import has_permission_over
from anlan.registry.data import Permission
from anlan.warning.core.words import one_line
from anlan.warning.data import DraftState, WarningOrigin
from anlan.warning.models import WarningDraft
from anlan.warning.queries.drafts import access_draft
from anlan.warning.refusals import AlreadyDecided, NotYoursToDraft

MOST_LETTERS = 200


@transaction.atomic
def discard_draft(draft_uuid: str, *, reason: str, by: Actor, now: datetime) -> None:
    """Discard a draft that waits, for a reason; a rule's only by whoever may issue warnings.

    Raises NotYoursToDraft and AlreadyDecided.
    """
    draft = access_draft(draft_uuid)
    of_rule = draft.origin == WarningOrigin.RULE
    needed = Permission.ISSUE_WARNINGS if of_rule else Permission.DRAFT_WARNINGS
    if not has_permission_over(by.account_id, needed, division_code=draft.division_id, at=now):
        raise NotYoursToDraft
    mine = WarningDraft.objects.filter(pk=draft.pk, state=DraftState.WAITING)
    done = mine.update(state=DraftState.DISCARDED, decided_at=now, version=F("version") + 1)
    if done != 1:
        raise AlreadyDecided
    journal.record(
        "draft.discarded",
        by=by,
        now=now,
        subject=f"draft:{draft.uuid}",
        division_code=draft.division_id,
        detail={"why": one_line(reason)[:MOST_LETTERS]},
    )
