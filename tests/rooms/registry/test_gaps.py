"""The gaps of the cast: what they are, whom they are shown to, and how one disappears."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from anlan.kernel import clock, scope
from anlan.kernel.actors import the_program
from anlan.kernel.codes import UnknownDivision
from anlan.kernel.models import JournalEntry
from anlan.registry.actions.set_limit import set_limit
from anlan.registry.api import gaps_in, post_gaps
from anlan.registry.checks.words import PLACE_KINDS, GapKind
from anlan.registry.data import (
    DutyKind,
    HouseholdThreat,
    LimitName,
    PlaceKind,
    Readiness,
    Role,
    TeamKind,
)
from anlan.registry.models import (
    Authority,
    Certificate,
    Division,
    Duty,
    Person,
    ReadinessCheck,
    Reservoir,
    Team,
    TeamMember,
)
from tests.cast import (
    ALONE,
    BANK,
    COUNTY,
    EMPTY,
    FORD,
    LOWER,
    SLOPE,
    UPPER,
    duty,
    household,
    person,
    place,
)

TODAY = date(2024, 7, 15)


def found(*kinds, codes=None):
    return [
        (gap.kind, gap.division_code, gap.subject)
        for gap in gaps_in(codes, at=clock.now(), kinds=kinds or None)
    ]


def reservoir(cast, name="北沟水库", *, at=SLOPE):
    key = place(cast, name, kind=PlaceKind.RESERVOIR, at=at)
    Reservoir.objects.create(
        place_id=key,
        capacity_m3=1_000_000,
        flood_limit_level_m=100,
        design_level_m=101,
        check_level_m=102,
        dam_top_m=103,
    )
    return key


def test_the_cast_lacks_what_its_villages_lack(cast):
    kinds = (GapKind.VILLAGE_NO_LEADER, GapKind.VILLAGE_NO_DEPUTY, GapKind.VILLAGE_NO_INFORMANT)
    assert found(*kinds) == [
        (GapKind.VILLAGE_NO_DEPUTY, BANK, "河边村"),
        (GapKind.VILLAGE_NO_INFORMANT, ALONE, "独户村"),
        (GapKind.VILLAGE_NO_DEPUTY, ALONE, "独户村"),
        (GapKind.VILLAGE_NO_INFORMANT, FORD, "渡口村"),
        (GapKind.VILLAGE_NO_LEADER, EMPTY, "空心村"),
        (GapKind.VILLAGE_NO_INFORMANT, EMPTY, "空心村"),
        (GapKind.VILLAGE_NO_DEPUTY, EMPTY, "空心村"),
    ]


def test_places_with_nobody_are_listed_and_leave_the_list_when_somebody_comes(cast):
    key = reservoir(cast)
    duty(cast.people["slope leader"], DutyKind.RESERVOIR_ADMINISTRATIVE, at=SLOPE, place_id=key)
    lacking = [gap for gap in gaps_in(None, at=clock.now()) if gap.subject == "北沟水库"]
    assert [gap.duty for gap in lacking] == [
        DutyKind.RESERVOIR_TECHNICAL,
        DutyKind.RESERVOIR_PATROL,
    ]
    for kind in (DutyKind.RESERVOIR_TECHNICAL, DutyKind.RESERVOIR_PATROL):
        duty(cast.people["slope leader"], kind, at=SLOPE, place_id=key)
    assert "北沟水库" not in [subject for *_, subject in found()]


@pytest.mark.parametrize(
    ("change", "kind", "since"),
    [
        ({"phone": ""}, GapKind.PLACE_NO_PHONE, None),
        ({"phone": "1380000"}, GapKind.PLACE_NO_PHONE, None),
        ({"left_on": TODAY}, GapKind.PLACE_LEFT, TODAY),
        ({"phone": "", "second_phone": "0916-2212345"}, None, None),
        ({"left_on": TODAY + timedelta(days=1)}, None, None),
    ],
)
def test_whoever_cannot_be_reached_answers_for_nothing(cast, change, kind, since):
    Duty.objects.filter(kind=DutyKind.POINT_MONITOR, rank=2).delete()
    monitor = Person.objects.get(pk=cast.people["slope monitor"])
    for field, value in change.items():
        setattr(monitor, field, value)
    monitor.save()
    gaps = [gap for gap in gaps_in([SLOPE], at=clock.now()) if gap.subject == "slope"]
    assert [(gap.kind, gap.since) for gap in gaps] == ([(kind, since)] if kind else [])


def test_an_expired_duty_says_since_when(cast):
    Duty.objects.filter(kind=DutyKind.POINT_MONITOR).update(valid_until=date(2024, 7, 1))
    (gap,) = [gap for gap in gaps_in([SLOPE], at=clock.now()) if gap.subject == "slope"]
    assert (gap.kind, gap.since) == (GapKind.PLACE_EXPIRED, date(2024, 7, 2))
    assert gap.table == "hazard-points"


def test_a_household_without_carer_is_listed(cast):
    assert found(GapKind.HOUSEHOLD_NO_CARER) == []
    carer = cast.people["slope carer"]
    Person.objects.filter(pk=carer).update(left_on=TODAY)
    assert {subject for *_, subject in found(GapKind.HOUSEHOLD_NO_CARER)} == {"zhao", "qian", "sun"}
    assert found(GapKind.PERSON_LEFT) == [(GapKind.PERSON_LEFT, SLOPE, "slope carer")]


def test_circles_of_deputies_and_borders_are_listed(cast):
    first, second = cast.people["slope leader"], cast.people["bank leader"]
    Person.objects.filter(pk=first).update(deputy_id=second)
    Person.objects.filter(pk=second).update(deputy_id=first)
    assert [kind for kind, *_ in found(GapKind.DEPUTY_CYCLE)] == [GapKind.DEPUTY_CYCLE]
    Division.objects.create(code="990702000000", kind="county", name="邻县", lon=1, lat=1)
    stranger = person(cast, "stranger", at="990702000000")
    duty(stranger, DutyKind.INFORMANT, at=ALONE)
    assert found(GapKind.OTHER_COUNTY) == [(GapKind.OTHER_COUNTY, ALONE, "stranger")]


def test_too_many_objects_by_the_limit_of_the_county(cast):
    assert found(GapKind.TOO_MANY_OBJECTS) == []

    def limited(value, *, county=COUNTY, since=TODAY):
        set_limit(
            LimitName.OBJECTS_PER_PERSON,
            value=value,
            county=county,
            source="县防办 2024",
            effective_from=since,
            by=the_program("tests"),
            now=clock.now(),
        )

    limited(2)
    assert found(GapKind.TOO_MANY_OBJECTS) == [(GapKind.TOO_MANY_OBJECTS, SLOPE, "slope carer")]
    limited(3)
    assert found(GapKind.TOO_MANY_OBJECTS) == []
    limited(1, since=TODAY + timedelta(days=1))
    assert found(GapKind.TOO_MANY_OBJECTS) == []
    assert JournalEntry.objects.filter(act="register_limit.set").count() == 3
    with pytest.raises(UnknownDivision):
        limited(1, county="990709000000")


def test_phones_are_noticed_in_the_season(cast, fixed_clock):
    assert GapKind.PHONE_UNCHECKED in [kind for kind, *_ in found()]
    Person.objects.update(phone_checked_on=date(2024, 7, 1))
    assert found(GapKind.PHONE_UNCHECKED) == []
    fixed_clock.advance(timedelta(days=17))
    assert {code for _, code, _ in found(GapKind.PHONE_UNCHECKED)} >= {SLOPE, UPPER, COUNTY}
    fixed_clock.advance(timedelta(days=120))
    assert found(GapKind.PHONE_UNCHECKED) == []


def test_teams_without_check_members_or_certificate(cast):
    leader = cast.people["upper leader"]
    team = Team.objects.create(
        division_id=UPPER, leader_id=leader, name="上河应急队", kind=TeamKind.FLOOD
    )
    TeamMember.objects.create(team=team, person_id=leader)
    old = Certificate.objects.create(
        person_id=leader, kind="救生员", issued_on=date(2020, 1, 1), expires_on=date(2024, 7, 14)
    )
    assert [kind for kind, *_ in found()].count(GapKind.CERTIFICATE_EXPIRED) == 1
    assert {kind for kind, *_ in found(codes=[UPPER])} >= {
        GapKind.TEAM_UNCHECKED,
        GapKind.TEAM_TOO_SMALL,
    }
    ReadinessCheck.objects.create(
        team=team,
        year=2024,
        checked_on=TODAY,
        members_enlisted=1,
        members_present=1,
        equipment_checked=0,
        equipment_serviceable=0,
        verdict=Readiness.READY,
    )
    Certificate.objects.create(
        person_id=leader, kind="救生员", issued_on=TODAY, expires_on=date(2029, 1, 1)
    )
    assert old.pk
    kinds = [kind for kind, *_ in found(codes=[UPPER])]
    assert GapKind.TEAM_UNCHECKED not in kinds
    assert GapKind.CERTIFICATE_EXPIRED not in kinds


def test_only_what_is_asked_for_and_in_sight(cast):
    assert {code for _, code, _ in found(codes=[LOWER])} <= {LOWER, FORD, EMPTY}
    with scope.limited_to([LOWER]):
        assert {code for _, code, _ in found()} <= {LOWER, FORD, EMPTY}
        assert found(codes=[UPPER]) == []
    assert {kind for kind, *_ in found(*PLACE_KINDS)} <= PLACE_KINDS
    assert GapKind.PHONE_UNCHECKED not in {gap.kind for gap in post_gaps(None, at=clock.now())}


def test_a_county_is_judged_in_few_queries(cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        gaps_in(None, at=clock.now())


# ------------------------------------------------------------------------------------------ pages


def test_the_page_lists_counts_and_narrows(evening, visit):
    page = visit("duty").get(reverse("gaps"))
    text = page.content.decode()
    assert page.context["total"] == len(gaps_in(None, at=clock.now()))
    for name in ("空心村", "上河镇", "下河镇"):
        assert name in text
    wanted = {"kind": GapKind.VILLAGE_NO_LEADER.value, "town": LOWER}
    narrowed = visit("duty").get(reverse("gaps"), wanted)
    assert [line.gap.subject for line in narrowed.context["lines"]] == ["空心村"]
    odd = {"kind": "x", "town": "nonsense", "severity": "9", "page": "-1", "county": "0" * 12}
    assert visit("duty").get(reverse("gaps"), odd).status_code == 200


def test_a_town_sees_its_own_gaps_alone(evening, visit):
    text = visit("lower").get(reverse("gaps"), {"town": UPPER}).content.decode()
    for name in ("上河镇", "坡下村", "河边村", "独户村"):
        assert name not in text
    village = visit("bank").get(reverse("gaps"))
    assert {line.gap.division_code for line in village.context["lines"]} <= {BANK}


def test_a_clerk_who_enters_the_person_sees_the_gap_disappear(evening, visit):
    cast, client, wanted = evening.cast, visit("upper"), {"kind": GapKind.PLACE_NOBODY.value}
    before = client.get(reverse("gaps"), wanted).context["total"]
    duty(
        cast.people["slope leader"],
        DutyKind.SHELTER_KEEPER,
        at=SLOPE,
        place_id=cast.places["school"],
    )
    assert client.get(reverse("gaps"), wanted).context["total"] == before - 1


def test_households_are_hidden_from_those_who_may_not_read_them(evening, visit):
    Duty.objects.filter(kind=DutyKind.HOUSEHOLD_CARER).delete()
    assert "zhao" in visit("duty").get(reverse("gaps"), {"town": UPPER}).content.decode()
    from_keeper = visit("reader")
    Authority.objects.filter(account=evening.accounts["reader"]).update(role=Role.KEEPER)
    text = from_keeper.get(reverse("gaps"), {"town": UPPER}).content.decode()
    assert "坡下村" in text
    assert "zhao" not in text


def test_the_sheet_holds_the_list_of_those_who_may_give_sheets_out(evening, visit):
    answer = visit("duty").get(reverse("gaps_export"), {"kind": GapKind.PLACE_NOBODY.value})
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert visit("slope").get(reverse("gaps_export")).status_code == 403


def test_two_counties_are_asked_for_one_after_the_other(evening, visit):
    Division.objects.create(code="990702000000", kind="county", name="邻县", lon=1, lat=1)
    Division.objects.create(code="990700000000", kind="city", name="试市", lon=1, lat=1)
    Authority.objects.filter(account=evening.accounts["duty"]).update(division_id="990700000000")
    page = visit("duty").get(reverse("gaps"))
    assert "邻县" in page.content.decode()
    assert "lines" not in page.context
    chosen = visit("duty").get(reverse("gaps"), {"county": COUNTY})
    assert chosen.context["total"]


def test_the_page_costs_few_queries(evening, visit, django_assert_max_num_queries):
    client = visit("duty")
    client.get(reverse("gaps"))
    household(
        evening.cast,
        "he",
        at=SLOPE,
        people=2,
        threat=HouseholdThreat.FLOOD,
        to="school",
        carer=evening.cast.people["brook carer"],
    )
    with django_assert_max_num_queries(19):
        client.get(reverse("gaps"))
