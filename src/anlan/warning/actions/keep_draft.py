import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.api import check_divisions, has_permission_over, places_to_warn
from anlan.registry.data import Permission
from anlan.warning.actions._waiting import ask_for_word
from anlan.warning.core.typed import TypedWarning, home_of
from anlan.warning.core.words import TEXT_LETTERS, TITLE_LETTERS, cleaned, one_line
from anlan.warning.data import DraftState, WarningOrigin
from anlan.warning.models import WarningDraft
from anlan.warning.queries.drafts import MOST_PLACES, access_draft, resolved
from anlan.warning.queries.upper_warnings import access_upper_warning
from anlan.warning.refusals import AlreadyDecided, DraftChanged, DraftRefused, NotYoursToDraft


@transaction.atomic
def keep_draft(
    typed: TypedWarning, *, draft_uuid: str = "", version: int = 0, by: Actor, now: datetime
) -> str:
    """Keep a warning that somebody writes, a new one or one that waits; return its uuid.

    Raises DraftRefused with what to change, UnknownDivision for a code of no division in sight,
    NotYoursToDraft, AlreadyDecided, and DraftChanged when somebody else has changed it meanwhile.
    """
    _check(typed, now=now)
    before = access_draft(draft_uuid) if draft_uuid else None
    row = _row(typed, before=before)
    found = resolved(row, now=now)
    everywhere = {*found.villages, *found.skipped}
    if not everywhere:
        raise DraftRefused(_("This area holds no village of the register. Choose another one."))
    row.division_id = _home(row, everywhere)
    if not has_permission_over(
        by.account_id, Permission.DRAFT_WARNINGS, division_code=row.division_id, at=now
    ):
        raise NotYoursToDraft
    if before is None:
        row.uuid, row.made_at, row.state = uuid.uuid4(), now, DraftState.WAITING
        row.save(force_insert=True)
    else:
        _change(row, version=version)
    journal.record(
        "draft.changed" if before else "draft.made",
        by=by,
        now=now,
        subject=f"draft:{row.uuid}",
        division_code=row.division_id,
        cause=f"upper_warning:{typed.upper_uuid}" if typed.upper_uuid else "",
        detail={
            "hazard": typed.hazard.value,
            "colour": int(typed.colour),
            "villages": len(everywhere),
        },
    )
    if before is None:
        ask_for_word(row, resolved(row, now=now).family, by=by, now=now)
    return str(row.uuid)


def _check(typed: TypedWarning, *, now: datetime) -> None:
    check_divisions([typed.home, *typed.areas])
    if len(typed.places) > MOST_PLACES:
        raise DraftRefused(
            _("Name at most %(n)s places; of more choose their villages.") % {"n": MOST_PLACES}
        )
    if len(places_to_warn(typed.places)) != len(set(typed.places)):
        raise DraftRefused(_("One of the places is no longer in the register; choose it again."))
    if typed.expires_at is not None and typed.expires_at <= now:
        raise DraftRefused(_("The warning would end before it begins: give a later end."))
    begins = typed.onset_at
    if begins is not None and typed.expires_at is not None and typed.expires_at <= begins:
        raise DraftRefused(_("The warning would end before it begins: give a later end."))
    if len(typed.title) > TITLE_LETTERS or len(typed.text) > TEXT_LETTERS:
        raise DraftRefused(
            _("The title holds %(title)s letters and the text %(text)s; shorten them.")
            % {"title": TITLE_LETTERS, "text": TEXT_LETTERS}
        )


def _row(typed: TypedWarning, *, before: WarningDraft | None) -> WarningDraft:
    """Return the row as typed; what a rule has found stays with it."""
    upper = access_upper_warning(typed.upper_uuid) if typed.upper_uuid else None
    row = before or WarningDraft(
        uuid=uuid.uuid4(),
        origin=WarningOrigin.UPPER if upper else WarningOrigin.PERSON,
        upper=upper,
        follows=typed.follows or None,
        event_code=(upper.event_code[:10] if upper else ""),
    )
    if before is None or before.origin != WarningOrigin.RULE:
        row.hazard = typed.hazard
    row.colour = typed.colour
    row.areas, row.places = list(typed.areas), list(typed.places)
    row.polygons = [[list(corner) for corner in ring] for ring in typed.polygons]
    row.onset_at, row.expires_at = typed.onset_at, typed.expires_at
    row.title, row.text = one_line(typed.title), cleaned(typed.text)
    row.instruction = cleaned(typed.instruction)
    if row.origin != WarningOrigin.RULE:
        row.division_id = typed.home
    return row


def _home(row: WarningDraft, villages: Collection[str]) -> str:
    """Return where a draft belongs: its town or its county.

    A rule's stays with the county, an update where all that it follows lies.
    """
    if row.origin == WarningOrigin.RULE or row.follows:
        return str(row.division_id)
    home = home_of(villages)
    if not home:
        raise DraftRefused(
            _("A warning is issued in one county. Choose where it is in force, in one county.")
        )
    return home


def _change(row: WarningDraft, *, version: int) -> None:
    mine = WarningDraft.objects.filter(pk=row.pk, state=DraftState.WAITING)
    done = mine.filter(version=version).update(
        division_id=row.division_id,
        hazard=row.hazard,
        colour=row.colour,
        areas=row.areas,
        places=row.places,
        polygons=row.polygons,
        onset_at=row.onset_at,
        expires_at=row.expires_at,
        title=row.title,
        text=row.text,
        instruction=row.instruction,
        version=F("version") + 1,
    )
    if done != 1:
        raise DraftChanged if mine.exists() else AlreadyDecided
