"""The calls under a warning: frozen when it is issued, each with its ladder."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from anlan.kernel.bulk import insert_rows
from anlan.registry.data import Answerable, Colour
from anlan.warning.actions._notes import tell
from anlan.warning.core.ladder import as_rows, ladder_for
from anlan.warning.core.limits import Waits
from anlan.warning.data import SummonsState
from anlan.warning.models import HazardWarning, Summons, WarningArea
from anlan.warning.queries.texts import Words
from anlan.warning.steps import ring_people_of

ANSWERED = (SummonsState.ACKNOWLEDGED, SummonsState.TAKEN_OVER)
Call = tuple[str, int]
"""A village and a person called for it."""


def told_already(replaced: Sequence[WarningArea], *, colour: Colour) -> set[Call]:
    """Return who has answered for a village that comes under no worse colour than it stood under.

    They are told what has changed and not called again; a worse colour calls everybody.
    """
    calm = {(a.warning_id, a.division_id) for a in replaced if a.colour >= colour}
    if not calm:
        return set()
    rows = Summons.objects.filter(
        warning__in={warning for warning, _village in calm}, state__in=ANSWERED
    ).values_list("warning_id", "division_id", "person_id")
    return {(village, person) for warning, village, person in rows if (warning, village) in calm}


def call(
    warning: HazardWarning,
    *,
    people: Sequence[Answerable],
    answered: set[Call],
    waits: Waits,
    now: datetime,
) -> int:
    """Call everybody who has not answered before, tell the others; return how many are called."""
    again = [p for p in people if (p.division_code, p.person_id) in answered]
    fresh = [p for p in people if (p.division_code, p.person_id) not in answered]
    ladders = [(person, ladder_for(person, waits=waits)) for person in fresh]
    insert_rows(
        Summons,
        (
            (
                uuid.uuid4(),
                person.division_code,
                person.person_id,
                person.duty.value,
                as_rows(ladder),
                now + ladder[0].wait,
            )
            for person, ladder in ladders
        ),
        columns=("uuid", "division_id", "person_id", "duty", "ladder", "due_at"),
        same={
            "warning_id": warning.pk,
            "state": SummonsState.WAITING.value,
            "asked_at": now,
            "report_minutes": waits.report_minutes,
        },
    )
    called = {person.person_id for person in fresh}
    tell(
        [(p.person_id, p.duty, p.division_code) for p in again if p.person_id not in called],
        words=Words(title=warning.headline, text=warning.text),
        reference=f"warning:{warning.uuid}",
        now=now,
    )
    if fresh:
        ring_people_of(str(warning.uuid))
    return len(fresh)
