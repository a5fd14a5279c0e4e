"""What is kept for how long: which months stay in the table and which go to the archive."""

from datetime import UTC, date, datetime, timedelta


def month_of(moment: datetime) -> date:
    """Return the first day of an instant's month in UTC, by which readings are partitioned."""
    return moment.astimezone(UTC).date().replace(day=1)


def months_before(month: date, *, count: int) -> date:
    """Return the first day of the month so many before."""
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def following(month: date) -> date:
    """Return the first day of the next month."""
    return months_before(month, count=-1)


def oldest_kept(now: datetime, *, months: int) -> date:
    """Return the oldest month that stays in the table when so many full ones are kept."""
    return months_before(month_of(now), count=months)


def days_between(first: date, last: date) -> list[date]:
    """Return every day from the first to the last, both included."""
    return [first + timedelta(days=each) for each in range((last - first).days + 1)]
