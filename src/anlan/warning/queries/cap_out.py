"""Warnings in sight as they leave for others: one by its number, or those of a place.

A warning is whole for whoever sees all its villages. Others get an excerpt of those in sight,
which says so. No person is named in any of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from anlan.kernel import scope
from anlan.kernel.codes import Level, ancestor_of, prefix_of
from anlan.registry.api import bearings, outlines_in
from anlan.registry.data import Colour, Hazard
from anlan.warning.cap_wording import CHINESE, last_words_of, words_of
from anlan.warning.core.cap_out import OutgoingWarning, cancel_of, first_numbers
from anlan.warning.core.cap_shapes import joint_rings
from anlan.warning.data import WarningOrigin, WarningOutOfSight, WarningState
from anlan.warning.models import HazardWarning, WarningArea

KEPT: Final = timedelta(days=7)
MOST_WARNINGS: Final = 200


def access_outgoing(number: str) -> tuple[OutgoingWarning, bool]:
    """Return the warning in sight that a message's number is of, and whether it is its end.

    Raises WarningOutOfSight where there is none, or where it has not been lifted.
    """
    if not number.isprintable():
        raise WarningOutOfSight(number)
    rows = {row.number: row for row in _rows().filter(number__in=(number, *first_numbers(number)))}
    if number in rows:
        return outgoing([rows[number]])[0], False
    for row in rows.values():
        (found,) = outgoing([row])
        if cancel_of(found) is not None:
            return found, True
    raise WarningOutOfSight(number)


def newest_outgoing() -> OutgoingWarning | None:
    """Return the newest warning in force in sight, or None."""
    newest = _rows().filter(state=WarningState.OPEN).order_by("-issued_at", "-pk")[:1]
    return next(iter(outgoing(newest)), None)


def outgoing_in(code: str, *, now: datetime) -> list[OutgoingWarning]:
    """Return the warnings over a division that are in force or ended within seven days.

    The newest 200, newest first; without the outlines of their villages.
    """
    since = now - KEPT
    stands = Q(released_at__isnull=True) | Q(released_at__gte=since)
    here = WarningArea.objects.filter(stands, scope.within("division_id", [prefix_of(code)]))
    rows = _rows().filter(
        Q(state=WarningState.OPEN) | Q(ended_at__gte=since), pk__in=here.values("warning_id")
    )
    return outgoing(rows.order_by("-issued_at", "-pk")[:MOST_WARNINGS], is_outlined=False)


def open_outgoing(code: str) -> list[OutgoingWarning]:
    """Return the newest 200 warnings in force over a division, newest first, outlined."""
    here = WarningArea.objects.filter(
        scope.within("division_id", [prefix_of(code)]), released_at__isnull=True
    )
    rows = _rows().filter(state=WarningState.OPEN, pk__in=here.values("warning_id"))
    return outgoing(rows.order_by("-issued_at", "-pk")[:MOST_WARNINGS], is_standing=True)


def outgoing(
    rows: Iterable[HazardWarning], *, is_outlined: bool = True, is_standing: bool = False
) -> list[OutgoingWarning]:
    """Return warnings as they leave, with the villages in sight; `is_standing`: those still under.

    The number of queries is that of the towns with outlines, and seven.
    """
    found = list(rows)
    villages = _villages(found, is_standing=is_standing)
    totals = {} if is_standing else _totals(found)
    replaced = _replaced(found)
    outlines = _outlines(found) if is_outlined else {}
    counties = {ancestor_of(row.division_id, level=Level.COUNTY) for row in found}
    with scope.everywhere("a warning names the county that issues it"):
        names = {code: each.name for code, each in bearings(counties).items()}
    return [
        _outgoing(
            row,
            villages=villages[row.pk],
            is_whole=totals.get(row.pk, 0) <= len(villages[row.pk]),
            replaces=replaced[row.pk],
            outlines=outlines,
            county_name=names.get(ancestor_of(row.division_id, level=Level.COUNTY), ""),
        )
        for row in found
    ]


def _outgoing(
    row: HazardWarning,
    *,
    villages: Sequence[tuple[str, str]],
    is_whole: bool,
    replaces: Sequence[tuple[str, datetime]],
    outlines: dict[str, Any],
    county_name: str,
) -> OutgoingWarning:
    names = [name for _code, name in villages]
    drawn = [outlines[code] for code, _name in villages if code in outlines]
    # A polygon that leaves villages out would mislead whoever reads no codes.
    is_outlined = bool(drawn) and len(drawn) == len(villages)
    rings = tuple(row.polygons) if row.polygons else joint_rings(drawn) if is_outlined else ()
    return OutgoingWarning(
        number=row.number,
        hazard=Hazard(row.hazard),
        colour=Colour(row.colour),
        state=WarningState(row.state),
        origin=WarningOrigin(row.origin),
        event_code=row.event_code,
        sender=sender_for(row.division_id),
        sender_name=row.sender_name or county_name,
        issued_at=row.issued_at,
        onset_at=row.onset_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        villages=tuple(code for code, _name in villages),
        rings=rings,
        replaces=tuple(replaces),
        words=words_of(row, town=row.division.name, villages=names),
        last_words=last_words_of(row, town=row.division.name, villages=names),
        is_exercise=settings.ANLAN_DRILL,
        excerpt="" if is_whole else _excerpt(),
    )


def sender_for(code: str) -> str:
    """Return by what the county of a division is known as a sender of messages."""
    told: str = settings.ANLAN_CAP_SENDER
    return told or f"anlan@{code[: Level.COUNTY]}.invalid"


def _excerpt() -> str:
    with override(CHINESE):
        return _("An excerpt: other villages under this warning are out of sight of its reader.")


def _rows() -> "QuerySet[HazardWarning]":
    under = WarningArea.objects.values("warning_id")
    with scope.everywhere("a village sees the warning of its town that it stands under"):
        rows: QuerySet[HazardWarning] = HazardWarning.objects.filter(pk__in=under)
    return rows.select_related("division", "follows").defer("division__boundary")


def _villages(
    rows: Sequence[HazardWarning], *, is_standing: bool
) -> dict[int, list[tuple[str, str]]]:
    """Return the villages in sight under each warning, by code and name."""
    areas = WarningArea.objects.filter(warning__in=[row.pk for row in rows])
    if is_standing:
        areas = areas.filter(released_at__isnull=True)
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    values = areas.order_by("division_id").values_list("warning_id", "division_id")
    for warning_id, code, name in values.annotate(name=F("division__name")):
        found[warning_id].append((code, name))
    return found


def _totals(rows: Sequence[HazardWarning]) -> dict[int, int]:
    """Return over how many villages each warning was issued, in sight or not."""
    with scope.everywhere("whoever gets an excerpt is told that it is one"):
        areas = WarningArea.objects.filter(warning__in=[row.pk for row in rows])
        counted = areas.order_by().values("warning_id").annotate(n=Count("pk"))
        return dict(counted.values_list("warning_id", "n"))


def _replaced(rows: Sequence[HazardWarning]) -> dict[int, list[tuple[str, datetime]]]:
    """Return the warnings that ended as each began, because it took all their villages over."""
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    with scope.everywhere("an update names what it replaces"):
        followed = WarningArea.objects.filter(
            warning__in=[row.pk for row in rows],
            follows__warning__state=WarningState.REPLACED,
            follows__warning__ended_at=F("warning__issued_at"),
        )
        named = followed.order_by("follows__warning__issued_at", "follows__warning_id")
        for warning_id, number, issued_at in named.values_list(
            "warning_id", "follows__warning__number", "follows__warning__issued_at"
        ):
            found[warning_id][number] = issued_at
    for row in rows:
        before = row.follows
        if before and before.state == WarningState.REPLACED and before.ended_at == row.issued_at:
            found[row.pk][before.number] = before.issued_at
    return defaultdict(list, {key: list(named.items()) for key, named in found.items()})


def _outlines(rows: Sequence[HazardWarning]) -> dict[str, Any]:
    """Return the outlines of the villages in sight of the warnings' towns, by code."""
    towns = sorted({row.division_id for row in rows if not row.polygons})
    return {each.code: each.outline for town in towns for each in outlines_in(town)}
