from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, ancestor_of
from anlan.registry.api import holders
from anlan.registry.data import Colour, DutyKind, Hazard
from anlan.warning.actions._notes import about, tell
from anlan.warning.data import DraftState
from anlan.warning.figures import moment
from anlan.warning.models import WarningDraft
from anlan.warning.queries.texts import Words

ABOVE = (DutyKind.DUTY_LEADER, DutyKind.COMMANDER)


@transaction.atomic
def escalate_drafts(draft_uuids: Iterable[str] | None, *, by: Actor, now: datetime) -> list[str]:
    """Tell the county's duty leader and commander of drafts whose time to decide has run out.

    Of these drafts, or of all with None. Each is told of once; returns those told of.
    """
    rows = WarningDraft.objects.filter(state=DraftState.WAITING, decide_by__lte=now)
    if draft_uuids is not None:
        rows = rows.filter(uuid__in=list(draft_uuids))
    told = []
    for row in rows.order_by("decide_by", "pk"):
        mine = WarningDraft.objects.filter(
            pk=row.pk, state=DraftState.WAITING, decide_by=row.decide_by
        )
        if mine.update(decide_by=None, version=F("version") + 1) == 1:
            _tell(row, by=by, now=now)
            told.append(str(row.uuid))
    return told


def _tell(row: WarningDraft, *, by: Actor, now: datetime) -> None:
    county = ancestor_of(row.division_id, level=Level.COUNTY)
    people = []
    for kind in ABOVE:
        found = holders(kind, divisions=[county], at=now).get(county, ())
        people += about(found, duty=kind, place=row.division_id)
    words = Words(
        title=_("Nobody has decided: %(hazard)s, %(colour)s")
        % {"hazard": Hazard(row.hazard).label, "colour": Colour(row.colour).label},
        text=_(
            "A warning waits for a decision since %(at)s and nobody has issued or discarded it. "
            "Open “Warnings”, “Waiting for a decision”, and decide."
        )
        % {"at": moment(row.made_at)},
    )
    tell(people, words=words, reference=f"draft:{row.uuid}", now=now)
    journal.record(
        "draft.escalated",
        by=by,
        now=now,
        subject=f"draft:{row.uuid}",
        division_code=row.division_id,
        detail={"told": len({person for person, _duty, _code in people})},
    )
