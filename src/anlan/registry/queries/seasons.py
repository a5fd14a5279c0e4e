"""The flood season of a county, as a range of days of the year."""

from datetime import date

from anlan.registry.checks.limits import LimitRow, limits_on
from anlan.registry.data import LimitName
from anlan.registry.models import RegisterLimit


def flood_season(division_code: str, *, day: date) -> tuple[str, str]:
    """Return the first and the last day (MM-DD) of the flood season that counts on a day."""
    names = (LimitName.FLOOD_SEASON_FROM, LimitName.FLOOD_SEASON_UNTIL)
    rows = RegisterLimit.objects.filter(name__in=names).values_list(
        "name", "division_id", "value", "effective_from"
    )
    limits = limits_on(day, rows=[LimitRow(*row) for row in rows])
    first, last = (limits.of(name, division_code=division_code) for name in names)
    return _as_text(first), _as_text(last)


def _as_text(month_and_day: int) -> str:
    return f"{month_and_day // 100:02d}-{month_and_day % 100:02d}"
