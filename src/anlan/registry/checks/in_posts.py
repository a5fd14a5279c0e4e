"""Posts that are empty, organs that are short of people, towns without emergency officer. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from anlan.registry.checks.over_divisions import TOWNS
from anlan.registry.checks.rows import DivisionRow, OrganRow, PostRow
from anlan.registry.checks.words import Gap, GapKind
from anlan.registry.data import PostKind


def unfilled_posts(posts: Iterable[PostRow], *, towns: frozenset[str], day: date) -> Iterator[Gap]:
    """Give each post with fewer people than its quota.

    The emergency officer of a town is left out while nobody is in the post: the town lacks an
    officer then, and one hole is told once.
    """
    for post in posts:
        filled = len(post.filled(day))
        told = post.kind is PostKind.EMERGENCY_OFFICER and post.division_code in towns
        if filled >= post.quota or (told and not filled):
            continue
        yield Gap(
            kind=GapKind.POST_BELOW_QUOTA if filled else GapKind.POST_VACANT,
            division_code=post.division_code,
            subject=f"{post.organ} {post.title}",
            table="posts",
            uuid=post.uuid,
            since=None if filled else post.vacant_since(day),
            number=filled,
            limit=post.quota,
        )


def towns_without_officer(
    divisions: Iterable[DivisionRow], *, posts: Iterable[PostRow], day: date
) -> Iterator[Gap]:
    """Give each town without an emergency officer, or with officers beside another job alone."""
    by_town: dict[str, list[PostRow]] = defaultdict(list)
    for post in posts:
        if post.kind is PostKind.EMERGENCY_OFFICER:
            by_town[post.division_code].append(post)
    for division in divisions:
        if division.kind in TOWNS:
            gap = _officer_gap(division, by_town[division.code], day=day)
            if gap is not None:
                yield gap


def unbalanced_organs(organs: Iterable[OrganRow]) -> Iterator[Gap]:
    """Give each organ with fewer or more people than its staff quota."""
    for organ in organs:
        if organ.staff_quota is None or organ.staff == organ.staff_quota:
            continue
        is_short = organ.staff < organ.staff_quota
        yield Gap(
            kind=GapKind.ORGAN_UNDER_QUOTA if is_short else GapKind.ORGAN_OVER_QUOTA,
            division_code=organ.division_code,
            subject=organ.name,
            table="organizations",
            uuid=organ.uuid,
            number=organ.staff,
            limit=organ.staff_quota,
        )


def _officer_gap(division: DivisionRow, posts: Sequence[PostRow], *, day: date) -> Gap | None:
    filled = [holding for post in posts for holding in post.filled(day)]
    if any(holding.is_full_time for holding in filled):
        return None
    since = [found for post in posts if (found := post.vacant_since(day)) is not None]
    return Gap(
        kind=GapKind.TOWN_PART_TIME_OFFICER if filled else GapKind.TOWN_NO_OFFICER,
        division_code=division.code,
        subject=division.name,
        table="posts" if posts else "divisions",
        uuid=posts[0].uuid if posts else "",
        since=None if filled else max(since, default=None),
        people=tuple(dict.fromkeys(holding.person for holding in filled)),
    )
