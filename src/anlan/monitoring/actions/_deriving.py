"""What is computed once for a day: claimed by who computes it first."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from anlan.monitoring.models import DerivedDay


def claim_day(name: str, day: date, *, now: datetime) -> bool:
    """Note that something is computed for a day, in the transaction; False when it was already."""
    _row, is_new = DerivedDay.objects.get_or_create(name=name, day=day, defaults={"done_at": now})
    return is_new


def days_left(name: str, *, last: date, most: int) -> list[date]:
    """Return the days up to the last for which something was not computed, the earliest first.

    Of `most` days at most; before the first day for which it ever was, only the last one.
    """
    done: Collection[date] = set(
        DerivedDay.objects.filter(name=name, day__lte=last).values_list("day", flat=True)
    )
    first = max(min(done, default=last), last - timedelta(days=most - 1))
    count = (last - first).days + 1
    days = (first + timedelta(days=number) for number in range(count))
    return [day for day in days if day not in done]
