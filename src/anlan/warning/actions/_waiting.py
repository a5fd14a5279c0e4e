"""Warnings that a rule calls for and somebody must decide: a draft by county, hazard, colour."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from anlan.kernel import journal, scope
from anlan.kernel.actors import Actor
from anlan.monitoring.api import crossings, standing_exceedances
from anlan.registry.api import holders
from anlan.registry.data import DutyKind, Role
from anlan.warning.actions._notes import about, tell
from anlan.warning.core.areas import Family
from anlan.warning.core.issuing import Issuing
from anlan.warning.core.words import joined
from anlan.warning.data import DraftState, WarningOrigin
from anlan.warning.models import WarningDraft
from anlan.warning.queries.audience import called_for
from anlan.warning.queries.rules import beyond, issuing_in
from anlan.warning.queries.tellings import tellings_for
from anlan.warning.queries.texts import Words
from anlan.warning.tasks.deciding import escalate


def wait_for_word(family: Family, *, issuing: Issuing, by: Actor, now: datetime) -> str:
    """Let a family wait for somebody's word; return its draft, empty where nothing is new.

    It joins the draft that waits for the same hazard and colour; a milder one whose villages it
    holds all rises to its colour. What was discarded before does not come again.
    """
    fresh = {
        u.crossing.id for part in family.parts for u in part.villages if u.crossing is not None
    }
    with scope.limited_to([family.county]):
        fresh -= _known(family)
        if not fresh:
            return ""
        joined_to = _joined(family, fresh, issuing=issuing, now=now)
        key, act = joined_to or (_made(family, fresh, issuing=issuing, now=now), "draft.made")
        journal.record(
            act,
            by=by,
            now=now,
            subject=f"draft:{key}",
            division_code=family.county,
            cause=f"exceedance:{min(fresh)}",
            detail={
                "hazard": family.hazard.value,
                "colour": int(family.colour),
                "exceedances": sorted(fresh),
            },
        )
        _tell_officers(family, key, issuing=issuing, home=family.county, now=now)
    return key


def _rule_drafts(family: Family) -> Sequence[WarningDraft]:
    rows = WarningDraft.objects.filter(
        division_id=family.county, hazard=family.hazard, origin=WarningOrigin.RULE
    )
    return list(rows.exclude(exceedances=[]).order_by("-made_at", "-pk")[:200])


def _known(family: Family) -> set[int]:
    """Return the exceedances that a draft has held before: those waiting and those decided."""
    return {each for row in _rule_drafts(family) for each in row.exceedances}


def _joined(
    family: Family, fresh: set[int], *, issuing: Issuing, now: datetime
) -> tuple[str, str] | None:
    """Add exceedances to a waiting draft; return its uuid and what the journal says, if any."""
    waiting = [row for row in _rule_drafts(family) if row.state == DraftState.WAITING]
    same = [row for row in waiting if row.colour == family.colour]
    milder = [r for r in waiting if r.colour < family.colour and _is_held(r, family)]
    for row in [*same, *milder]:
        earliest = now + timedelta(minutes=issuing.decide_minutes)
        decide_by = earliest
        if row.colour == family.colour and row.decide_by is not None:
            decide_by = min(row.decide_by, earliest)
        mine = WarningDraft.objects.filter(pk=row.pk, state=DraftState.WAITING, version=row.version)
        done = mine.update(
            exceedances=sorted({*row.exceedances, *fresh}),
            colour=family.colour,
            decide_by=decide_by,
            version=F("version") + 1,
        )
        if done == 1:
            escalate.using(run_after=decide_by).enqueue(str(row.uuid))
            return str(row.uuid), "draft.joined" if row in same else "draft.raised"
    return None


def _is_held(row: WarningDraft, family: Family) -> bool:
    """Tell whether all that still makes a waiting draft stand lies in a worse family."""
    still = standing_exceedances(hazards=[family.hazard]) & set(row.exceedances)
    villages = {code for crossing in crossings(still) for code in crossing.villages}
    return villages <= set(family.meant.villages)


def _made(family: Family, fresh: set[int], *, issuing: Issuing, now: datetime) -> str:
    decide_by = now + timedelta(minutes=issuing.decide_minutes)
    row = WarningDraft.objects.create(
        uuid=uuid.uuid4(),
        division_id=family.county,
        hazard=family.hazard,
        colour=family.colour,
        origin=WarningOrigin.RULE,
        state=DraftState.WAITING,
        event_code=family.event_code,
        exceedances=sorted(fresh),
        made_at=now,
        decide_by=decide_by,
    )
    escalate.using(run_after=decide_by).enqueue(str(row.uuid))
    return str(row.uuid)


def ask_for_word(draft: WarningDraft, family: Family, *, by: Actor, now: datetime) -> None:
    """Ask those who may issue a draft to decide it, where whoever wrote it may not."""
    issuing = issuing_in(family.county, hazard=family.hazard, colour=family.colour, now=now)
    if not beyond(by, issuing=issuing, villages=family.meant.villages, now=now):
        return
    decide_by = now + timedelta(minutes=issuing.decide_minutes)
    WarningDraft.objects.filter(pk=draft.pk, state=DraftState.WAITING).update(decide_by=decide_by)
    escalate.using(run_after=decide_by).enqueue(str(draft.uuid))
    with scope.limited_to([family.county]):
        _tell_officers(
            family, str(draft.uuid), issuing=issuing, home=str(draft.division_id), now=now
        )


def _tell_officers(family: Family, key: str, *, issuing: Issuing, home: str, now: datetime) -> None:
    """Tell the county's duty officers, or the commander of what they may not issue."""
    kind = DutyKind.COUNTY_DUTY if Role.DUTY_OFFICER in issuing.roles else DutyKind.COMMANDER
    people = holders(kind, divisions=[family.county], at=now).get(family.county, ())
    if family.origin == WarningOrigin.RULE and kind is not DutyKind.COUNTY_DUTY:
        duty = holders(DutyKind.COUNTY_DUTY, divisions=[family.county], at=now)
        people = (*people, *duty.get(family.county, ()))
    telling = tellings_for(
        family,
        called_for(family.meant, county=family.county, hazard=family.hazard, at=now),
        now=now,
    ).whole()
    names, more = joined(telling.villages, most=10)
    with translation.override(settings.LANGUAGE_CODE):
        words = Words(
            title=_("To decide: %(hazard)s, %(colour)s, %(n)s villages")
            % {
                "hazard": telling.hazard.label,
                "colour": telling.colour.label,
                "n": len(telling.villages),
            },
            text=_(
                "A warning waits for a decision within %(minutes)s minutes. Villages: "
                "%(villages)s. Open “Warnings”, “Waiting for a decision”."
            )
            % {
                "minutes": issuing.decide_minutes,
                "villages": names + ("…" if more else ""),
            },
        )
    tell(
        about(people, duty=kind, place=home),
        words=words,
        reference=f"draft:{key}",
        now=now,
    )
