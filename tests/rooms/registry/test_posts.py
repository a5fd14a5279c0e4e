"""Organs and posts: quota, who is there, what is empty since when."""

from datetime import date

import pytest
from django.urls import reverse

from anlan.kernel import clock, scope
from anlan.registry.api import organ_chart, post_gaps
from anlan.registry.checks.words import GapKind
from anlan.registry.data import OrganKind, PostKind
from anlan.registry.models import Organization, Person, Post, PostHolding
from tests.cast import COUNTY, EMPTY, LOWER, SLOPE, UPPER

SINCE = date(2021, 3, 1)


@pytest.fixture
def offices(cast):
    """Give the two towns their emergency offices and one village its committee, with posts."""
    made = {}
    for name, code, title, kind, person, is_full in (
        ("upper", UPPER, "应急专干", PostKind.EMERGENCY_OFFICER, "upper leader", False),
        ("lower", LOWER, "应急专干", PostKind.EMERGENCY_OFFICER, "", True),
        ("slope", SLOPE, "主任", PostKind.LEADER, "slope leader", True),
    ):
        organ = Organization.objects.create(
            division_id=code, name=f"{name} office", kind=OrganKind.TOWN_OFFICE, staff_quota=2
        )
        post = Post.objects.create(
            division_id=code,
            organization=organ,
            title=title,
            kind=kind,
            quota=1,
            established_on=SINCE,
        )
        if person:
            key = cast.people[person]
            Person.objects.filter(pk=key).update(organization_id=organ.pk)
            PostHolding.objects.create(post=post, person_id=key, is_full_time=is_full, since=SINCE)
        made[name] = post
    return made


def gaps(kind):
    return [
        (gap.division_code, gap.since)
        for gap in post_gaps(None, at=clock.now())
        if gap.kind is kind
    ]


def test_officers_posts_and_organs_that_are_short(cast, offices):
    assert gaps(GapKind.TOWN_PART_TIME_OFFICER) == [(UPPER, None)]
    assert gaps(GapKind.TOWN_NO_OFFICER) == [(LOWER, SINCE)]
    assert gaps(GapKind.POST_VACANT) == []
    assert [code for code, _ in gaps(GapKind.ORGAN_UNDER_QUOTA)] == [UPPER, SLOPE, LOWER]
    Organization.objects.update(staff_quota=0)
    assert [code for code, _ in gaps(GapKind.ORGAN_OVER_QUOTA)] == [UPPER, SLOPE]


def test_a_post_is_vacant_from_the_day_after_the_last(cast, offices):
    PostHolding.objects.filter(post=offices["slope"]).update(until=date(2024, 6, 30))
    assert gaps(GapKind.POST_VACANT) == [(SLOPE, date(2024, 7, 1))]
    Person.objects.filter(pk=cast.people["slope leader"]).update(left_on=date(2024, 6, 1))
    assert gaps(GapKind.POST_VACANT) == [(SLOPE, date(2024, 6, 1))]
    PostHolding.objects.filter(post=offices["slope"]).update(since=date(2024, 8, 1), until=None)
    assert gaps(GapKind.POST_VACANT) == [(SLOPE, SINCE)]


def test_a_post_below_its_quota(cast, offices):
    Post.objects.filter(pk=offices["slope"].pk).update(quota=2)
    assert gaps(GapKind.POST_BELOW_QUOTA) == [(SLOPE, None)]


def test_the_chart_adds_up_over_all_levels(cast, offices):
    chart = organ_chart(COUNTY, at=clock.now())
    assert (chart.total.organs, chart.total.posts, chart.total.quota) == (3, 3, 3)
    assert (chart.total.full_time, chart.total.part_time, chart.total.vacant) == (1, 1, 1)
    assert chart.organs == ()
    assert [(row.code, row.sums.organs) for row in chart.below] == [(UPPER, 2), (LOWER, 1)]
    town = organ_chart(UPPER, at=clock.now())
    assert [organ.name for organ in town.organs] == ["upper office"]
    assert {row.code: row.sums.posts for row in town.below}[SLOPE] == 1
    village = organ_chart(SLOPE, at=clock.now())
    assert [post.people for post in village.organs[0].posts] == [("slope leader",)]
    assert organ_chart(EMPTY, at=clock.now()).total.organs == 0


def test_the_chart_shows_only_what_is_in_sight(cast, offices):
    with scope.limited_to([LOWER]):
        assert organ_chart(COUNTY, at=clock.now()).total.organs == 1


def test_the_page_shows_posts_and_sums(evening, offices, visit):
    text = visit("duty").get(reverse("organs")).content.decode()
    assert f"division={UPPER}" in text
    text = visit("duty").get(reverse("organs"), {"division": LOWER}).content.decode()
    assert "lower office" in text
    assert "2021-03-01" in text
    village = visit("slope").get(reverse("organs")).content.decode()
    assert "slope office" in village
    assert "upper office" not in village


def test_another_town_is_not_found(evening, offices, visit):
    assert visit("lower").get(reverse("organs"), {"division": UPPER}).status_code == 404
    assert visit("lower").get(reverse("organs"), {"division": "nonsense"}).status_code == 404
    assert "upper office" not in visit("lower").get(reverse("organs")).content.decode()


def test_the_page_costs_few_queries(evening, offices, visit, django_assert_max_num_queries):
    client = visit("duty")
    client.get(reverse("organs"))
    with django_assert_max_num_queries(19):
        client.get(reverse("organs"))
