import uuid
from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.actions._rules import check_text, checked_name, write_conditions
from anlan.monitoring.core.rules import RuleText
from anlan.monitoring.models import Rule, RuleVersion
from anlan.monitoring.queries.permitted import check_permitted
from anlan.registry.api import check_divisions
from anlan.registry.data import Hazard, Permission


@transaction.atomic
def draft_rule(
    text: RuleText,
    *,
    name: str,
    hazard: Hazard,
    division_code: str,
    by: Actor,
    now: datetime,
) -> str:
    """Write a new rule of a division as a draft that judges nothing yet, and return its uuid.

    Raises RuleRefused with all that is wrong with it, NotPermitted, InvalidDivisionCode and
    UnknownDivision.
    """
    check_divisions([division_code])
    check_permitted(Permission.KEEP_STATIONS, [division_code], by=by, now=now)
    plain = checked_name(name, division_code=division_code)
    check_text(text, division_code=division_code, hazard=hazard)
    rule = Rule.objects.create(
        uuid=uuid.uuid4(), division_id=division_code, name=plain, hazard=hazard
    )
    version = RuleVersion.objects.create(
        rule=rule,
        number=1,
        source=text.source.strip(),
        for_min=text.for_min,
        stations_needed=text.stations_needed,
        falls_to=text.falls_to,
        falls_by=text.falls_by,
        clear_after_min=text.clear_after_min,
        made_by=by.label,
        made_at=now,
    )
    write_conditions(version, text.conditions, source=version.source, now=now)
    journal.record(
        "rule.drafted",
        by=by,
        now=now,
        subject=f"rule:{rule.uuid}",
        division_code=division_code,
        detail={"name": plain, "hazard": hazard.value, "version": 1},
    )
    return str(rule.uuid)
