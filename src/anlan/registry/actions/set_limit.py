from datetime import date, datetime

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.data import LimitName
from anlan.registry.models import RegisterLimit
from anlan.registry.queries.divisions import check_divisions


@transaction.atomic
def set_limit(
    name: LimitName,
    *,
    value: int,
    county: str | None,
    source: str,
    effective_from: date,
    by: Actor,
    now: datetime,
) -> None:
    """Set a number by which the register is judged from a day on, for one county or for all.

    A value set before for the same day is replaced. Raises UnknownDivision when the county does
    not exist.
    """
    if county is not None:
        check_divisions([county])
    RegisterLimit.objects.update_or_create(
        name=name,
        division_id=county,
        effective_from=effective_from,
        defaults={"value": value, "source": source},
    )
    journal.record(
        "register_limit.set",
        by=by,
        now=now,
        subject=f"limit:{name.value}",
        division_code=county or "",
        detail={"value": value, "source": source, "from": effective_from.isoformat()},
    )
