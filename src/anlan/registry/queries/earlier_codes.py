"""Which ended codes went into those that an account holds."""

from collections.abc import Iterable

from anlan.kernel import scope
from anlan.registry.data import DivisionChangeKind
from anlan.registry.models import DivisionChange

WHOLE = (DivisionChangeKind.RECODED, DivisionChangeKind.MERGED)


def with_earlier_codes(codes: Iterable[str]) -> list[str]:
    """Return what somebody sees who holds these divisions: they and their earlier codes."""
    held = set(codes)
    return sorted(held | earlier_codes(held))


def earlier_codes(codes: Iterable[str]) -> set[str]:
    """Return the codes that went wholly into these divisions, or into what lies in them.

    Whoever answers for a division may read what was written under its earlier codes. Those that
    lie within the divisions anyhow are not named.
    """
    found: set[str] = set()
    with scope.everywhere("earlier codes"):
        waiting = scope.narrowest(codes)
        while waiting:
            inside, outside = (
                scope.within("division_id", waiting),
                scope.within("from_code", waiting),
            )
            rows = DivisionChange.objects.filter(inside, kind__in=WHOLE).exclude(outside)
            fresh = set(rows.values_list("from_code", flat=True).distinct()) - found
            found |= fresh
            waiting = scope.narrowest(fresh)
    return found
