"""Which messages of upper levels are in sight, and which sources.

Whoever's place is touched sees the message; whoever lies in a county sees its sources.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from anlan.kernel import scope
from anlan.kernel.codes import CODE_DIGITS, Level
from anlan.warning.models import UpperPlace, UpperWarning, WarningSource


def upper_in_sight() -> "QuerySet[UpperWarning]":
    """Return the messages for a county in sight, and those that touch a place in sight.

    A message that touches a county touches its villages: they see it, though the county itself
    lies above what they see.
    """
    prefixes, is_everywhere = scope.active().prefixes, scope.active().is_everywhere
    with scope.everywhere("a village sees the warning that its county stands under"):
        rows: QuerySet[UpperWarning] = UpperWarning.objects.all()
        if is_everywhere:
            return rows
        touched = UpperPlace.objects.filter(_near("division_id", prefixes))
    own = scope.within("division_id", prefixes)
    return rows.filter(own | Q(pk__in=touched.values("warning_id")))


def sources_in_sight() -> "QuerySet[WarningSource]":
    """Return the sources that speak to what is in sight, or to a county around it."""
    active = scope.active()
    with scope.everywhere("a village sees whether its county hears the upper levels"):
        rows: QuerySet[WarningSource] = WarningSource.objects.select_related("division")
    if not active.is_everywhere:
        rows = rows.filter(_near("division_id", active.prefixes))
    return rows.defer("division__boundary")


def places_in_sight(warning_ids: Iterable[int]) -> "QuerySet[UpperPlace]":
    """Return the places that these messages touch, of those in sight and around it, by code."""
    active = scope.active()
    with scope.everywhere("a village sees the warning that its county stands under"):
        rows: QuerySet[UpperPlace] = UpperPlace.objects.filter(warning__in=list(warning_ids))
    if not active.is_everywhere:
        rows = rows.filter(_near("division_id", active.prefixes))
    return rows.select_related("division").defer("division__boundary").order_by("division_id")


def _near(path: str, prefixes: Iterable[str]) -> Q:
    """Return the condition that a division lies in what the prefixes hold, or around it."""
    around = {
        prefix[:digits].ljust(CODE_DIGITS, "0")
        for prefix in prefixes
        for digits in Level
        if digits < len(prefix)
    }
    return scope.within(path, prefixes) | Q(**{f"{path}__in": sorted(around)})
