"""What counts as a gap, decided from rows."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.registry.checks.in_posts import towns_without_officer, unbalanced_organs, unfilled_posts
from anlan.registry.checks.limits import DEFAULTS, LimitRow, Limits, limits_on
from anlan.registry.checks.matrix import gap_matrix
from anlan.registry.checks.of_teams import unready_teams
from anlan.registry.checks.on_people import across_borders, overburdened, unchecked_phones
from anlan.registry.checks.over_divisions import unled_divisions
from anlan.registry.checks.over_places import duties_by_object, unanswered_places
from anlan.registry.checks.rows import (
    DivisionRow,
    DutyRow,
    HoldingRow,
    OrganRow,
    PersonRow,
    PlaceRow,
    PostRow,
    TeamRow,
    same_county,
)
from anlan.registry.checks.words import NEXT_STEPS, SENTENCES, SEVERITIES, Gap, GapKind
from anlan.registry.data import DivisionKind, DutyKind, LimitName, PlaceKind, PostKind

DAY = date(2024, 7, 15)
YESTERDAY = DAY - timedelta(days=1)
COUNTY, TOWN, VILLAGE = "990701000000", "990701101000", "990701101201"
RESERVOIR = PlaceRow(1, "u", PlaceKind.RESERVOIR, "北沟水库", VILLAGE)
POINT = PlaceRow(2, "u", PlaceKind.HAZARD_POINT, "坡", VILLAGE)
FOREST = PlaceRow(3, "u", PlaceKind.FOREST_COMPARTMENT, "一林班", VILLAGE)


def person(key=1, *, left=None, phone=True, deputy=False, checked=DAY, at=VILLAGE):
    return PersonRow(key, f"p{key}", f"人{key}", at, left, None, checked, phone, deputy)


def held(kind, who=None, *, rank=1, at=VILLAGE, place=None, until=None, household=None):
    return DutyRow(
        uuid="d",
        kind=kind,
        division_code=at,
        rank=rank,
        person=who or person(),
        place_id=place,
        place_division=VILLAGE if place else None,
        household_id=household,
        household_division=VILLAGE if household else None,
        valid_until=until,
    )


def of_places(places, duties):
    found = unanswered_places(places, held=duties_by_object(duties), day=DAY)
    return [(gap.kind, gap.duty, gap.since) for gap in found]


@pytest.mark.parametrize(
    ("who", "until", "expected"),
    [
        (person(), None, None),
        (person(), DAY, None),
        (person(), YESTERDAY, (GapKind.PLACE_EXPIRED, DAY)),
        (person(left=DAY), None, (GapKind.PLACE_LEFT, DAY)),
        (person(left=DAY + timedelta(days=1)), None, None),
        (person(phone=False), None, (GapKind.PLACE_NO_PHONE, None)),
    ],
)
def test_a_place_needs_somebody_who_is_there_and_can_be_rung(who, until, expected):
    duties = [held(DutyKind.POINT_MONITOR, who, place=POINT.id, until=until)]
    found = of_places([POINT], duties)
    wanted = [] if expected is None else [(expected[0], DutyKind.POINT_MONITOR, expected[1])]
    assert found == wanted


def test_a_deputy_who_can_be_rung_is_enough():
    silent = held(DutyKind.POINT_MONITOR, person(1, phone=False), place=POINT.id)
    deputy = held(DutyKind.POINT_MONITOR, person(2), rank=2, place=POINT.id)
    assert of_places([POINT], [silent, deputy]) == []


def test_a_reservoir_needs_all_three_and_a_forest_any():
    patrol = held(DutyKind.RESERVOIR_PATROL, place=RESERVOIR.id)
    assert [duty for _kind, duty, _since in of_places([RESERVOIR], [patrol])] == [
        DutyKind.RESERVOIR_ADMINISTRATIVE,
        DutyKind.RESERVOIR_TECHNICAL,
    ]
    assert [kind for kind, *_ in of_places([FOREST], [])] == [GapKind.PLACE_NOBODY]
    assert of_places([FOREST], [held(DutyKind.RANGER)]) == []
    assert of_places([FOREST], [held(DutyKind.FOREST_CHIEF, place=FOREST.id)]) == []


@given(
    st.lists(
        st.builds(
            held,
            st.sampled_from(list(DutyKind)),
            st.builds(
                person,
                st.integers(1, 5),
                left=st.sampled_from([None, YESTERDAY]),
                phone=st.booleans(),
            ),
            place=st.sampled_from([None, 1, 2, 3]),
            until=st.sampled_from([None, YESTERDAY]),
        ),
        max_size=8,
    )
)
def test_one_more_reachable_holder_never_makes_a_gap(duties):
    before = of_places([RESERVOIR, POINT, FOREST], duties)
    more = [*duties, held(DutyKind.POINT_MONITOR, person(9), place=POINT.id)]
    after = of_places([RESERVOIR, POINT, FOREST], more)
    assert set(after) <= set(before)
    assert not [gap for gap in after if gap[1] is DutyKind.POINT_MONITOR]


def of_divisions(kind, duties):
    rows = [DivisionRow(VILLAGE if kind is DivisionKind.VILLAGE else TOWN, kind, "村")]
    found = unled_divisions(rows, held=duties_by_object(duties), day=DAY)
    return [gap.kind for gap in found]


def test_a_village_needs_leader_deputy_and_informant():
    lacking = [
        GapKind.VILLAGE_NO_LEADER,
        GapKind.VILLAGE_NO_DEPUTY,
        GapKind.VILLAGE_NO_INFORMANT,
    ]
    assert of_divisions(DivisionKind.VILLAGE, []) == lacking
    leader, informant = held(DutyKind.VILLAGE_LEADER), held(DutyKind.INFORMANT)
    assert of_divisions(DivisionKind.VILLAGE, [leader, informant]) == [GapKind.VILLAGE_NO_DEPUTY]
    second = held(DutyKind.VILLAGE_LEADER, person(2), rank=2)
    assert of_divisions(DivisionKind.VILLAGE, [leader, informant, second]) == []
    own = held(DutyKind.VILLAGE_LEADER, person(deputy=True))
    assert of_divisions(DivisionKind.VILLAGE, [own, informant]) == []


def test_oneself_is_no_deputy_and_a_phone_is_needed():
    leader = held(DutyKind.TOWN_LEADER, person(phone=False), at=TOWN)
    same = held(DutyKind.TOWN_LEADER, person(phone=False), rank=2, at=TOWN)
    assert of_divisions(DivisionKind.TOWN, [leader, same]) == [
        GapKind.DIVISION_NO_PHONE,
        GapKind.TOWN_NO_DEPUTY,
    ]


def post(*holdings, kind=PostKind.OTHER, quota=1, since=date(2020, 1, 1), at=TOWN):
    return PostRow(1, "u", 1, at, "应急办", "专干", kind, quota, since, holdings)


def holding(*, full=True, ended=None):
    return HoldingRow(post_id=1, person="人", is_full_time=full, ended_on=ended)


def test_a_vacant_post_says_since_when():
    def gaps(*posts, towns=frozenset()):
        return [(g.kind, g.since) for g in unfilled_posts(posts, towns=towns, day=DAY)]

    assert gaps(post()) == [(GapKind.POST_VACANT, date(2020, 1, 1))]
    assert gaps(post(since=None)) == [(GapKind.POST_VACANT, None)]
    left = holding(ended=YESTERDAY)
    earlier = holding(ended=date(2021, 1, 1))
    assert gaps(post(earlier, left)) == [(GapKind.POST_VACANT, YESTERDAY)]
    assert gaps(post(holding(), left)) == []
    assert gaps(post(holding(), quota=2)) == [(GapKind.POST_BELOW_QUOTA, None)]
    assert gaps(post(quota=0)) == []
    assert gaps(post(kind=PostKind.EMERGENCY_OFFICER), towns=frozenset({TOWN})) == []


def test_a_town_needs_an_officer_with_no_other_job():
    rows = [DivisionRow(TOWN, DivisionKind.TOWN, "镇")]

    def gaps(*posts):
        return [(g.kind, g.since) for g in towns_without_officer(rows, posts=posts, day=DAY)]

    officer = PostKind.EMERGENCY_OFFICER
    assert gaps() == [(GapKind.TOWN_NO_OFFICER, None)]
    assert gaps(post(kind=officer)) == [(GapKind.TOWN_NO_OFFICER, date(2020, 1, 1))]
    beside = holding(full=False)
    assert gaps(post(beside, kind=officer)) == [(GapKind.TOWN_PART_TIME_OFFICER, None)]
    assert gaps(post(beside, holding(), kind=officer)) == []


def test_organs_are_compared_with_their_quota():
    rows = [OrganRow(n, "u", TOWN, "办", quota, 3) for n, quota in enumerate((None, 3, 4, 2))]
    assert [gap.kind for gap in unbalanced_organs(rows)] == [
        GapKind.ORGAN_UNDER_QUOTA,
        GapKind.ORGAN_OVER_QUOTA,
    ]


def test_too_many_objects_by_duty_and_limit():
    duties = [held(DutyKind.POINT_MONITOR, place=number) for number in range(1, 7)]
    (gap,) = overburdened(duties, limits=Limits(), day=DAY)
    assert (gap.number, gap.limit) == (6, 5)
    assert not list(overburdened(duties[:5], limits=Limits(), day=DAY))
    leaders = [held(DutyKind.RIVER_CHIEF, place=number) for number in range(1, 9)]
    assert not list(overburdened(leaders, limits=Limits(), day=DAY))
    own = Limits(rows=(LimitRow("objects_per_person", COUNTY, 6, date(2024, 1, 1)),))
    assert not list(overburdened(duties, limits=own, day=DAY))


def test_phones_are_noticed_in_the_flood_season_alone():
    late = held(DutyKind.VILLAGE_LEADER, person(1, checked=DAY - timedelta(days=31)))
    right = held(DutyKind.INFORMANT, person(2, checked=DAY - timedelta(days=30)))
    names = {VILLAGE: "坡下村"}
    (gap,) = unchecked_phones([late, right], names=names, limits=Limits(), day=DAY)
    assert (gap.subject, gap.number, gap.since) == ("坡下村", 1, DAY - timedelta(days=31))
    winter = date(2024, 12, 1)
    assert not list(unchecked_phones([late, right], names=names, limits=Limits(), day=winter))


def test_duties_across_the_border_are_found():
    outside = person(3, at="990702101201")
    city = person(4, at="990700000000")
    duties = [held(DutyKind.INFORMANT, outside), held(DutyKind.INFORMANT, city)]
    assert [gap.people for gap in across_borders(duties, day=DAY)] == [("人3",)]
    assert same_county("990700000000", VILLAGE)
    assert not same_county(VILLAGE, "990700000000")


def test_teams_have_a_check_a_year_and_enough_members():
    team = TeamRow("u", TOWN, "队", 9, date(2023, 5, 1), 2023)
    assert [gap.kind for gap in unready_teams([team], limits=Limits(), day=DAY)] == [
        GapKind.TEAM_UNCHECKED,
        GapKind.TEAM_TOO_SMALL,
    ]


def test_a_countys_own_limit_stands_before_everybodys_before_the_programs():
    name = LimitName.TEAM_MEMBERS
    rows = [
        LimitRow(name, None, 20, date(2024, 1, 1)),
        LimitRow(name, COUNTY, 15, date(2024, 1, 1)),
        LimitRow(name, COUNTY, 16, date(2024, 6, 1)),
        LimitRow(name, COUNTY, 99, date(2025, 1, 1)),
    ]
    limits = limits_on(DAY, rows=rows)
    assert limits.of(name, division_code=VILLAGE) == 16
    assert limits.of(name, division_code="990702101201") == 20
    assert Limits().of(name, division_code=VILLAGE) == DEFAULTS[name]


def test_a_season_may_run_over_new_year():
    rows = (
        LimitRow(LimitName.FLOOD_SEASON_FROM, None, 1101, DAY),
        LimitRow(LimitName.FLOOD_SEASON_UNTIL, None, 331, DAY),
    )
    limits = Limits(rows=rows)
    for day, is_in in ((date(2024, 12, 1), True), (date(2024, 3, 31), True), (DAY, False)):
        assert limits.in_flood_season(day, division_code=VILLAGE) is is_in


def test_every_kind_has_its_words():
    for kind in GapKind:
        gap = Gap(kind=kind, division_code=VILLAGE, subject="x", number=1, limit=2)
        assert gap.sentence
        assert "%(" not in gap.sentence
        assert gap.next_step
        assert kind in SEVERITIES
        assert kind in SENTENCES
        assert kind in NEXT_STEPS


@given(
    st.lists(
        st.builds(
            Gap,
            kind=st.sampled_from(list(GapKind)),
            division_code=st.sampled_from([COUNTY, TOWN, VILLAGE]),
            subject=st.just(""),
        )
    ),
    st.booleans(),
)
def test_the_counts_add_up(gaps, by_village):
    divisions = [(COUNTY, "县"), (TOWN, "镇"), (VILLAGE, "村")]
    matrix = gap_matrix(gaps, divisions=divisions, by_village=by_village)
    assert matrix.total == len(gaps) == sum(row.total for row in matrix.rows)
