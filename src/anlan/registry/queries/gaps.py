"""What the register lacks, in some divisions or in all that are in sight."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from anlan.kernel.codes import prefix_of
from anlan.registry.checks.in_posts import towns_without_officer, unbalanced_organs, unfilled_posts
from anlan.registry.checks.of_teams import expired_certificates, unready_teams
from anlan.registry.checks.on_people import (
    across_borders,
    circles_of_deputies,
    gone_on_duty,
    overburdened,
    unchecked_phones,
)
from anlan.registry.checks.over_divisions import TOWNS, unled_divisions
from anlan.registry.checks.over_places import unanswered_places, uncared_households
from anlan.registry.checks.rows import DivisionRow
from anlan.registry.checks.words import (
    DIVISION_KINDS,
    HOUSEHOLD_KINDS,
    PLACE_KINDS,
    Gap,
    GapKind,
)
from anlan.registry.queries.ground import Ground

Check = Callable[[Ground], Iterable[Gap]]

ORDER = {kind: number for number, kind in enumerate(GapKind)}


@dataclass(frozen=True)
class Survey:
    """The gaps, the divisions in which they were looked for, and the towns beside, by code."""

    gaps: tuple[Gap, ...]
    divisions: tuple[DivisionRow, ...]
    towns: tuple[DivisionRow, ...]

    @property
    def names(self) -> dict[str, str]:
        """Return the names of the divisions."""
        return {row.code: row.name for row in self.divisions}


def gaps_in(
    codes: Iterable[str] | None, *, at: datetime, kinds: Iterable[GapKind] | None = None
) -> list[Gap]:
    """Return the gaps on the local day of `at`, by division, kind and subject.

    `codes` are divisions within the scope in force; None means all of it. With `kinds` only these
    are looked for, and only the rows that they need are read. At most 15 queries.
    """
    return _gaps(_ground(codes, at=at), kinds=kinds)


def gap_survey(
    codes: Iterable[str] | None, *, at: datetime, kinds: Iterable[GapKind] | None = None
) -> Survey:
    """Return the gaps with the divisions that they may lie in."""
    ground = _ground(codes, at=at)
    return Survey(
        gaps=tuple(_gaps(ground, kinds=kinds)),
        divisions=tuple(ground.divisions),
        towns=tuple(row for row in ground.known if row.kind in TOWNS),
    )


def _ground(codes: Iterable[str] | None, *, at: datetime) -> Ground:
    return Ground(
        prefixes=None if codes is None else [prefix_of(code) for code in codes],
        day=timezone.localdate(at),
    )


def _gaps(ground: Ground, *, kinds: Iterable[GapKind] | None) -> list[Gap]:
    wanted = frozenset(GapKind if kinds is None else kinds)
    found = [
        gap
        for looked_for, check in CHECKS.items()
        if wanted & looked_for
        for gap in check(ground)
        if gap.kind in wanted
    ]
    return sorted(
        found, key=lambda gap: (gap.division_code, ORDER[gap.kind], gap.subject, gap.uuid)
    )


def _places(ground: Ground) -> Iterable[Gap]:
    return unanswered_places(ground.places, held=ground.held, day=ground.day)


def _divisions(ground: Ground) -> Iterable[Gap]:
    return unled_divisions(ground.divisions, held=ground.held, day=ground.day)


def _officers(ground: Ground) -> Iterable[Gap]:
    return towns_without_officer(ground.divisions, posts=ground.posts, day=ground.day)


def _posts(ground: Ground) -> Iterable[Gap]:
    towns = frozenset(row.code for row in ground.divisions if row.kind in TOWNS)
    return unfilled_posts(ground.posts, towns=towns, day=ground.day)


def _phones(ground: Ground) -> Iterable[Gap]:
    return unchecked_phones(ground.duties, names=ground.names, limits=ground.limits, day=ground.day)


CHECKS: Mapping[frozenset[GapKind], Check] = {
    PLACE_KINDS: _places,
    DIVISION_KINDS: _divisions,
    frozenset({GapKind.TOWN_NO_OFFICER, GapKind.TOWN_PART_TIME_OFFICER}): _officers,
    frozenset({GapKind.POST_VACANT, GapKind.POST_BELOW_QUOTA}): _posts,
    frozenset({GapKind.ORGAN_UNDER_QUOTA, GapKind.ORGAN_OVER_QUOTA}): lambda ground: (
        unbalanced_organs(ground.organs)
    ),
    HOUSEHOLD_KINDS: lambda ground: uncared_households(ground.uncared),
    frozenset({GapKind.PERSON_LEFT}): lambda ground: gone_on_duty(ground.duties, day=ground.day),
    frozenset({GapKind.OTHER_COUNTY}): lambda ground: across_borders(ground.duties, day=ground.day),
    frozenset({GapKind.DEPUTY_CYCLE}): lambda ground: circles_of_deputies(ground.deputies),
    frozenset({GapKind.TOO_MANY_OBJECTS}): lambda ground: overburdened(
        ground.duties, limits=ground.limits, day=ground.day
    ),
    frozenset({GapKind.PHONE_UNCHECKED}): _phones,
    frozenset({GapKind.TEAM_UNCHECKED, GapKind.TEAM_TOO_SMALL}): lambda ground: unready_teams(
        ground.teams, limits=ground.limits, day=ground.day
    ),
    frozenset({GapKind.CERTIFICATE_EXPIRED}): lambda ground: expired_certificates(ground.expired),
}
