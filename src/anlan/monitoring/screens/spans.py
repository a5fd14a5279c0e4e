"""The span that an address asks for."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.monitoring.core.spans import SHORTEST, Span, span_between, span_named

LABELS = {
    "6h": gettext_lazy("6 hours"),
    "24h": gettext_lazy("24 hours"),
    "3d": gettext_lazy("3 days"),
    "7d": gettext_lazy("7 days"),
    "30d": gettext_lazy("30 days"),
    "1y": gettext_lazy("1 year"),
}


def asked_span(request: HttpRequest, *, last: datetime | None, now: datetime) -> tuple[Span, str]:
    """Return the span that an address asks for, and a sentence where it cannot be understood."""
    asked = request.GET
    fallback = span_named(asked.get("span", ""), last=last, now=now)
    if not (asked.get("from") or asked.get("to")):
        return fallback, ""
    start, end = asked_moment(asked.get("from", "")), asked_moment(asked.get("to", ""))
    if start is None or end is None:
        return fallback, _(
            "Give “from” and “to” as a day and a time, for example 2024-07-15 20:00."
        )
    found = span_between(start, end)
    if found is None:
        least = int(SHORTEST.total_seconds() // 60)
        return fallback, _(
            "“From” must lie at least %(n)s minutes before “to”, and at most 10 years."
        ) % {"n": least}
    return found, ""


def asked_moment(text: str) -> datetime | None:
    """Return the moment of a text in local time, None for anything else."""
    try:
        found = datetime.fromisoformat(text.strip()[:32])
        return found if found.tzinfo else timezone.make_aware(found)
    except (ValueError, OverflowError):
        return None


def as_field(moment: datetime) -> str:
    """Return a moment as a field for day and time takes it."""
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"
