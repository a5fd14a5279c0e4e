from datetime import datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, level_of
from anlan.monitoring.actions._rules import turn_limits
from anlan.monitoring.core.rules import LONGEST_SOURCE
from anlan.monitoring.models import SoilModel
from anlan.monitoring.queries.permitted import check_permitted
from anlan.monitoring.rule_refusals import RuleRefused
from anlan.registry.api import check_divisions
from anlan.registry.data import Permission

MOST_DAYS = 60


@transaction.atomic
def keep_soil_model(
    division_code: str, *, kept_share: float, days: int, source: str, by: Actor, now: datetime
) -> None:
    """Set how the soil of a county dries: the share of a day's rain that counts a day later.

    Raises RuleRefused for figures that cannot be, NotPermitted, InvalidDivisionCode and
    UnknownDivision.
    """
    check_divisions([division_code])
    check_permitted(Permission.KEEP_STATIONS, [division_code], by=by, now=now)
    is_county = level_of(division_code) is Level.COUNTY
    is_good = is_county and 0 < kept_share < 1 and 1 <= days <= MOST_DAYS
    if not is_good or not source.strip() or len(source) > LONGEST_SOURCE:
        raise RuleRefused.for_soil(kept_share, days, most=MOST_DAYS)
    SoilModel.objects.update_or_create(
        division_id=division_code,
        defaults={"kept_share": kept_share, "days": days, "source": source.strip()},
    )
    turn_limits()
    journal.record(
        "soil_model.kept",
        by=by,
        now=now,
        subject=f"soil_model:{division_code}",
        division_code=division_code,
        detail={"kept_share": kept_share, "days": days, "source": source.strip()},
    )
