import secrets
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.api import crossings
from anlan.registry.api import answerable_people, bearings
from anlan.registry.data import Answerable, Bearing, Colour, Hazard
from anlan.warning.actions._limits import answer_waits
from anlan.warning.core.areas import Draft, drafts_for
from anlan.warning.core.ladder import as_rows, ladder_for
from anlan.warning.core.limits import Waits
from anlan.warning.data import SummonsState, WarningState
from anlan.warning.facts import warnings_issued
from anlan.warning.models import HazardWarning, Summons, WarningArea
from anlan.warning.tasks.ringing import ring
from anlan.warning.wording import body, headline


@transaction.atomic
def issue_warnings(exceedance_ids: Iterable[int], *, by: Actor, now: datetime) -> list[str]:
    """Issue the warnings that these exceedances call for and return their uuids.

    Each warning freezes its audience with the ladder behind every person. A village that rises
    to a worse colour leaves its old warning in the same transaction. Issuing the same exceedances
    again changes nothing.
    """
    found = crossings(exceedance_ids)
    standing = _standing({village for crossing in found for village in crossing.villages})
    drafts = drafts_for(
        found, standing={key: Colour(area.colour) for key, area in standing.items()}
    )
    uuids: list[str] = []
    names = bearings(
        code for draft in drafts for code in (draft.town, *(u.village for u in draft.villages))
    )
    people = _answerable(drafts, now=now)
    waits = {
        (hazard, colour): answer_waits(hazard, colour=colour, now=now)
        for hazard, colour in {(draft.hazard, draft.colour) for draft in drafts}
    }
    for draft in drafts:
        own = [p for u in draft.villages for p in people[draft.hazard, u.village]]
        warning = _issue(
            draft,
            names=names,
            people=own,
            waits=waits[draft.hazard, draft.colour],
            standing=standing,
            by=by,
            now=now,
        )
        uuids.append(str(warning.uuid))
    if uuids:
        warnings_issued.send(sender=None, warning_uuids=uuids)
    return uuids


def _standing(villages: set[str]) -> dict[tuple[str, Hazard], WarningArea]:
    rows = WarningArea.objects.filter(division_id__in=villages, released_at__isnull=True)
    return {(row.division_id, Hazard(row.hazard)): row for row in rows}


def _answerable(
    drafts: Sequence[Draft], *, now: datetime
) -> dict[tuple[Hazard, str], list[Answerable]]:
    """Return the answerable people of every village drafted, asked once a hazard."""
    found: dict[tuple[Hazard, str], list[Answerable]] = defaultdict(list)
    for hazard in sorted({draft.hazard for draft in drafts}):
        villages = {u.village for draft in drafts if draft.hazard is hazard for u in draft.villages}
        for person in answerable_people(villages, hazard=hazard, at=now):
            found[hazard, person.division_code].append(person)
    return found


def _issue(
    draft: Draft,
    *,
    names: Mapping[str, Bearing],
    people: Sequence[Answerable],
    waits: Waits,
    standing: dict[tuple[str, Hazard], WarningArea],
    by: Actor,
    now: datetime,
) -> HazardWarning:
    villages = [under.village for under in draft.villages]
    warning: HazardWarning = HazardWarning.objects.create(
        uuid=uuid.uuid4(),
        number=_number(draft.town, now=now),
        division_id=draft.town,
        hazard=draft.hazard,
        colour=draft.colour,
        state=WarningState.OPEN,
        headline=headline(draft, town=names[draft.town].name),
        text=body(draft, villages=[names[village].name for village in villages]),
        crossed_at=draft.crossed_at,
        issued_at=now,
    )
    replaced = [standing[v, draft.hazard] for v in villages if (v, draft.hazard) in standing]
    _release(replaced, now=now)
    WarningArea.objects.bulk_create(
        WarningArea(
            warning=warning,
            division_id=under.village,
            hazard=draft.hazard,
            colour=draft.colour,
            exceedance_id=under.crossing.id,
            entered_at=now,
            follows=standing.get((under.village, draft.hazard)),
        )
        for under in draft.villages
    )
    _summon(warning, people=people, waits=waits, now=now)
    journal.record(
        "warning.issued",
        by=by,
        now=now,
        subject=f"warning:{warning.uuid}",
        division_code=draft.town,
        cause=f"exceedance:{draft.worst.id}",
        detail={
            "hazard": draft.hazard.value,
            "colour": int(draft.colour),
            "villages": len(villages),
            "people": len(people),
            "replaces": len(replaced),
        },
    )
    ring.enqueue(str(warning.uuid))
    return warning


def _release(replaced: Sequence[WarningArea], *, now: datetime) -> None:
    """Take villages out of the warnings that a worse one follows; end those left empty.

    Whoever has not yet answered the milder call is called by the worse one and by nothing else.
    """
    WarningArea.objects.filter(pk__in=[area.pk for area in replaced]).update(released_at=now)
    for warning_id in sorted({area.warning_id for area in replaced}):
        Summons.objects.filter(
            warning_id=warning_id,
            division_id__in=[a.division_id for a in replaced if a.warning_id == warning_id],
            state=SummonsState.WAITING,
        ).update(state=SummonsState.REPLACED, due_at=None)
        if not WarningArea.objects.filter(warning_id=warning_id, released_at__isnull=True).exists():
            HazardWarning.objects.filter(pk=warning_id, state=WarningState.OPEN).update(
                state=WarningState.REPLACED, ended_at=now
            )


def _summon(
    warning: HazardWarning, *, people: Sequence[Answerable], waits: Waits, now: datetime
) -> None:
    rows = []
    for person in people:
        ladder = ladder_for(person, waits=waits)
        rows.append(
            Summons(
                uuid=uuid.uuid4(),
                warning=warning,
                division_id=person.division_code,
                person_id=person.person_id,
                duty=person.duty,
                ladder=as_rows(ladder),
                state=SummonsState.WAITING,
                asked_at=now,
                due_at=now + ladder[0].wait,
                report_minutes=waits.report_minutes,
            )
        )
    Summons.objects.bulk_create(rows)


def _number(town: str, *, now: datetime) -> str:
    """Return a number in the 31-character form of the national platform, unique by chance.

    Division (6) + branch, unit and extension (8), entry time (14) and a serial. The branch digits
    here carry the town and two random digits, since one second can issue several.
    """
    local = timezone.localtime(now)
    return f"{town[:6]}{town[6:9]}{secrets.randbelow(10**5):05d}_{local:%Y%m%d%H%M%S}_0"
