"""A family of warnings, issued in one act from a plain plan: by a rule, from a draft, as an update.

There is no other way into force. Each warning freezes who is called, with the ladder behind them.
"""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from anlan.kernel import journal, scope
from anlan.kernel.actors import Actor
from anlan.monitoring.api import standing_exceedances
from anlan.registry.data import Answerable
from anlan.warning.actions._called import call, told_already
from anlan.warning.actions._leaving import leave
from anlan.warning.actions._limits import answer_waits
from anlan.warning.actions._spreading import tell_desk, tell_households
from anlan.warning.core.areas import Draft, Family
from anlan.warning.core.limits import Waits
from anlan.warning.data import Audience, SummonsState, WarningState
from anlan.warning.models import HazardWarning, WarningArea
from anlan.warning.queries.audience import Called, called_for
from anlan.warning.queries.tellings import Tellings, tellings_for
from anlan.warning.queries.texts import advice_for, words_for


@dataclass(frozen=True)
class Issue:
    """What is known of a family while it is issued: who is called, what is said, what it follows.

    `standing` are the villages that stand under a warning of the hazard already.
    """

    family: Family
    called: Called
    tellings: Tellings
    standing: dict[str, WarningArea]
    holding: frozenset[int]
    waits: Waits

    def people_in(self, part: Draft) -> list[Answerable]:
        """Return who is called for the villages of one warning."""
        codes = set(part.codes)
        return [person for person in self.called.people if person.division_code in codes]


def issue_family(family: Family, *, by: Actor, now: datetime) -> list[str]:
    """Issue the warnings of a family and return their uuids; the caller announces them.

    A village that stands under a warning of the hazard leaves it in the same transaction. Raises
    AnswerLimit.DoesNotExist where nothing says how long an answer may take.
    """
    with scope.limited_to([family.county]):
        issue = _prepared(family, now=now)
        rows = [_issue(part, issue, by=by, now=now) for part in family.parts]
        tell_households(family, rows, issue.called, issue.tellings, now=now)
        tell_desk(family, rows, issue.called, issue.tellings, now=now)
    return [str(row.uuid) for row in rows]


def _prepared(family: Family, *, now: datetime) -> Issue:
    villages = [code for part in family.parts for code in part.codes]
    areas = WarningArea.objects.filter(
        division_id__in=villages, hazard=family.hazard, released_at__isnull=True
    ).select_related("warning")
    standing = {area.division_id: area for area in areas}
    held = any(area.exceedance_id for area in standing.values())
    called = called_for(family.meant, county=family.county, hazard=family.hazard, at=now)
    return Issue(
        family=family,
        called=called,
        tellings=tellings_for(family, called, now=now),
        standing=standing,
        holding=frozenset(standing_exceedances(hazards=[family.hazard]) if held else ()),
        waits=answer_waits(family.hazard, colour=family.colour, now=now),
    )


def _issue(part: Draft, issue: Issue, *, by: Actor, now: datetime) -> HazardWarning:
    family = issue.family
    replaced = [issue.standing[code] for code in part.codes if code in issue.standing]
    warning = _written(part, issue, follows=replaced[0].warning_id if replaced else None, now=now)
    answered = told_already(replaced, colour=family.colour)
    leave(replaced, into=WarningState.REPLACED, calls=SummonsState.REPLACED, by=by, now=now)
    WarningArea.objects.bulk_create(
        WarningArea(
            warning=warning,
            division_id=under.village,
            hazard=family.hazard,
            colour=family.colour,
            exceedance_id=under.crossing.id
            if under.crossing is not None
            else _inherited(under.village, issue),
            entered_at=now,
            follows=issue.standing.get(under.village),
        )
        for under in part.villages
    )
    people = issue.people_in(part)
    called = call(warning, people=people, answered=answered, waits=issue.waits, now=now)
    journal.record(
        "warning.issued",
        by=by,
        now=now,
        subject=f"warning:{warning.uuid}",
        division_code=part.town,
        cause=family.cause or (f"exceedance:{part.worst.id}" if part.worst else ""),
        detail=_detail(part, issue, people=called, replaces=len(replaced)),
    )
    return warning


def _detail(
    part: Draft, issue: Issue, *, people: int, replaces: int
) -> dict[str, int | str | list[str]]:
    found: dict[str, int | str | list[str]] = {
        "hazard": issue.family.hazard.value,
        "colour": int(issue.family.colour),
        "villages": len(part.villages),
        "people": people,
        "replaces": replaces,
    }
    above = sorted(issue.called.from_above & set(part.codes))
    nobody = sorted(issue.called.nobody & set(part.codes))
    if above:
        found["called_above_for"] = above
    if nobody:
        found["nobody_for"] = nobody
    return found


def _written(part: Draft, issue: Issue, *, follows: int | None, now: datetime) -> HazardWarning:
    family = issue.family
    telling = issue.tellings.of(part)
    words = words_for(Audience.ANSWERABLE, telling, kept=issue.tellings.kept)
    warning: HazardWarning = HazardWarning.objects.create(
        uuid=uuid.uuid4(),
        number=_number(part.town, now=now),
        division_id=part.town,
        hazard=family.hazard,
        colour=family.colour,
        state=WarningState.OPEN,
        headline=family.title or words.title,
        text=issue.tellings.with_note(family.text, telling) or words.text,
        instruction=family.instruction or advice_for(telling),
        event_code=family.event_code,
        sender_name=telling.sender[:80],
        origin=family.origin,
        family=family.uuid,
        follows_id=follows,
        upper_id=family.upper_id,
        polygons=[list(ring) for ring in family.meant.polygons],
        crossed_at=min(part.crossed_at or now, now),
        issued_at=now,
        onset_at=family.onset_at,
        expires_at=family.expires_at,
    )
    return warning


def _inherited(village: str, issue: Issue) -> int | None:
    """Return the exceedance that goes on holding a village up, when it still stands."""
    before = issue.standing.get(village)
    if before is None or before.exceedance_id not in issue.holding:
        return None
    return before.exceedance_id


def _number(town: str, *, now: datetime) -> str:
    """Return a number in the 31-character form of the national platform, unique by chance.

    Division (6) + branch, unit and extension (8), entry time (14) and a serial. The branch digits
    here carry the town and five random digits, since one second can issue several.
    """
    local = timezone.localtime(now)
    return f"{town[:6]}{town[6:9]}{secrets.randbelow(10**5):05d}_{local:%Y%m%d%H%M%S}_0"
