"""Organs and their posts: who should be there, who is, and what is missing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from anlan.kernel.codes import Level, ancestor_of, level_of, prefix_of
from anlan.registry.checks.rows import OrganRow, PostRow
from anlan.registry.checks.words import POST_KINDS, Gap, GapKind
from anlan.registry.data import PostKind
from anlan.registry.queries.gaps import gaps_in
from anlan.registry.queries.ground import Ground

ORGAN_KINDS = POST_KINDS | {GapKind.VILLAGE_NO_DEPUTY, GapKind.TOWN_NO_DEPUTY}


@dataclass(frozen=True)
class PostLine:
    """A post with how many people it should have and has; `vacant_since` while nobody is in it."""

    uuid: str
    title: str
    kind: PostKind
    quota: int
    full_time: int
    part_time: int
    people: tuple[str, ...]
    is_vacant: bool
    vacant_since: date | None

    @property
    def filled(self) -> int:
        """Return how many people are in the post."""
        return self.full_time + self.part_time


@dataclass(frozen=True)
class OrganLine:
    """An organ with its posts."""

    uuid: str
    division_code: str
    name: str
    staff_quota: int | None
    staff: int
    posts: tuple[PostLine, ...]


@dataclass(frozen=True)
class Sums:
    """What organs and posts add up to."""

    organs: int = 0
    posts: int = 0
    quota: int = 0
    full_time: int = 0
    part_time: int = 0
    vacant: int = 0

    @property
    def filled(self) -> int:
        """Return how many people are in posts."""
        return self.full_time + self.part_time


@dataclass(frozen=True)
class SumsBelow:
    """A division below with what its organs and posts, and all within it, add up to."""

    code: str
    name: str
    sums: Sums


@dataclass(frozen=True)
class OrganChart:
    """The organs of one division, the divisions directly below with their sums, and the total."""

    organs: tuple[OrganLine, ...]
    below: tuple[SumsBelow, ...]
    own: Sums
    total: Sums


def post_gaps(codes: Iterable[str] | None, *, at: datetime) -> list[Gap]:
    """Return what posts, organs and deputies lack in some divisions, or in all in sight."""
    return gaps_in(codes, at=at, kinds=ORGAN_KINDS)


def organ_chart(division_code: str, *, at: datetime) -> OrganChart:
    """Return the organs and posts of a division and of all within it, on the local day of `at`."""
    day = timezone.localdate(at)
    ground = Ground(prefixes=[prefix_of(division_code)], day=day)
    lines = _organ_lines(ground.organs, posts=ground.posts, day=day)
    inner = _level_below(division_code)
    by_division: dict[str, list[OrganLine]] = defaultdict(list)
    for line in lines:
        deep = inner is not None and level_of(line.division_code) >= inner
        code = ancestor_of(line.division_code, level=inner) if deep and inner else division_code
        by_division[code].append(line)
    own = tuple(by_division.pop(division_code, ()))
    below = [row for row in ground.divisions if inner is not None and level_of(row.code) == inner]
    return OrganChart(
        organs=own,
        below=tuple(
            SumsBelow(code=row.code, name=row.name, sums=_sums(by_division[row.code]))
            for row in below
        ),
        own=_sums(own),
        total=_sums(lines),
    )


def _level_below(code: str) -> Level | None:
    levels = list(Level)
    number = levels.index(level_of(code)) + 1
    return levels[number] if number < len(levels) else None


def _organ_lines(
    organs: Iterable[OrganRow], *, posts: Iterable[PostRow], day: date
) -> list[OrganLine]:
    by_organ: dict[int, list[PostLine]] = defaultdict(list)
    for post in posts:
        by_organ[post.organization_id].append(_post_line(post, day=day))
    return [
        OrganLine(
            uuid=organ.uuid,
            division_code=organ.division_code,
            name=organ.name,
            staff_quota=organ.staff_quota,
            staff=organ.staff,
            posts=tuple(by_organ[organ.id]),
        )
        for organ in organs
    ]


def _post_line(post: PostRow, *, day: date) -> PostLine:
    filled = post.filled(day)
    full_time = sum(holding.is_full_time for holding in filled)
    return PostLine(
        uuid=post.uuid,
        title=post.title,
        kind=post.kind,
        quota=post.quota,
        full_time=full_time,
        part_time=len(filled) - full_time,
        people=tuple(holding.person for holding in filled),
        is_vacant=not filled and post.quota > 0,
        vacant_since=None if filled else post.vacant_since(day),
    )


def _sums(organs: Sequence[OrganLine]) -> Sums:
    posts = [post for organ in organs for post in organ.posts]
    return Sums(
        organs=len(organs),
        posts=len(posts),
        quota=sum(post.quota for post in posts),
        full_time=sum(post.full_time for post in posts),
        part_time=sum(post.part_time for post in posts),
        vacant=sum(post.is_vacant for post in posts),
    )
