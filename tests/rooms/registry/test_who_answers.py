"""Who answers for a place at a time, as the register, the page and a duty's entry say it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from anlan.kernel import clock, scope
from anlan.kernel.models import JournalEntry
from anlan.registry.api import answerable_people, who_answers_for
from anlan.registry.data import DeputyCycle, DutyKind, Hazard, PlaceKind, PlaceOutOfSight
from anlan.registry.models import Division, Duty, Person, Place
from anlan.registry.queries.duty_drafts import (
    DutyKeys,
    DutyRefused,
    check_duty,
    check_new_deputies,
    duty_complaints,
)
from tests.cast import (
    ALONE,
    BANK,
    COUNTY,
    EMPTY,
    FORD,
    LONG_AGO,
    LOWER,
    SLOPE,
    UPPER,
    duty,
    person,
    place,
)


def asked(cast, what, hazard=Hazard.GEOHAZARD):
    found = who_answers_for(what, hazard=hazard, at=clock.now())
    return {cast.name_of(p.person_id): [cast.name_of(r.person_id) for r in p.ladder] for p in found}


def test_a_hazard_point_names_its_monitor_first(cast):
    found = asked(cast, cast.places["slope"])
    assert next(iter(found.items())) == (
        "slope monitor",
        ["second monitor", "upper leader", "county officer"],
    )
    assert {"slope leader", "slope informant", "slope carer"} <= set(found)


def test_the_steps_go_from_guarantor_to_town_to_county(cast):
    for name, kind, code, rank in (
        ("village guarantor", DutyKind.VILLAGE_GUARANTOR, ALONE, 1),
        ("upper second", DutyKind.TOWN_LEADER, UPPER, 2),
        ("town guarantor", DutyKind.TOWN_GUARANTOR, UPPER, 1),
    ):
        duty(person(cast, name, at=UPPER), kind, at=code, rank=rank)
    steps = ["village guarantor", "upper leader", "upper second", "town guarantor"]
    assert asked(cast, ALONE) == {"alone leader": [*steps, "county officer"]}
    warned = answerable_people([ALONE], hazard=Hazard.GEOHAZARD, at=clock.now())
    assert [len(p.ladder) for p in warned] == [2]  # a warning rings the town, then the county


def test_a_town_and_a_county_answer_for_themselves(cast):
    assert asked(cast, UPPER) == {"upper leader": ["county officer"]}
    assert asked(cast, COUNTY) == {
        "county officer": ["county second", "commander"],
        "commander": ["county second", "county officer"],
    }


@pytest.mark.parametrize("kind", list(PlaceKind))
def test_every_kind_of_place_can_be_asked_about(cast, kind):
    key = place(cast, "new", kind=kind, at=ALONE)
    assert "alone leader" in asked(cast, key, Hazard.RAINSTORM)
    assert asked(cast, str(Place.objects.get(pk=key).uuid), Hazard.RAINSTORM)


def test_whoever_has_left_is_passed_over(cast):
    deputy = cast.people["slope deputy"]
    Person.objects.filter(pk=deputy).update(left_on=date(2024, 7, 15))
    assert asked(cast, SLOPE)["slope leader"] == ["upper leader", "county officer"]
    Person.objects.filter(pk=cast.people["slope monitor"]).update(left_on=date(2024, 7, 15))
    found = asked(cast, cast.places["slope"])
    assert "slope monitor" not in found
    at = clock.now() - timedelta(days=1)
    earlier = who_answers_for(cast.places["slope"], hazard=Hazard.GEOHAZARD, at=at)
    assert cast.people["slope monitor"] == earlier[0].person_id


def test_a_persons_own_deputy_takes_the_calls(cast):
    own = person(cast, "own deputy", at=UPPER)
    Person.objects.filter(pk=cast.people["alone leader"]).update(deputy_id=own)
    ladder = ["own deputy", "upper leader", "county officer"]
    assert asked(cast, ALONE) == {"alone leader": ladder}
    (warned,) = answerable_people([ALONE], hazard=Hazard.GEOHAZARD, at=clock.now())
    assert [cast.name_of(rung.person_id) for rung in warned.ladder] == ladder
    Person.objects.filter(pk=own).update(left_on=date(2024, 7, 1))
    (warned,) = answerable_people([ALONE], hazard=Hazard.GEOHAZARD, at=clock.now())
    assert [cast.name_of(rung.person_id) for rung in warned.ladder] == ladder[1:]
    assert asked(cast, ALONE) == {"alone leader": ladder[1:]}


@pytest.mark.parametrize("what", ["990709000000", 99999, "x", "", "9" * 40])
def test_what_nobody_knows_is_refused(cast, what):
    with pytest.raises(PlaceOutOfSight):
        who_answers_for(what, hazard=Hazard.GEOHAZARD, at=clock.now())


def test_a_place_of_another_town_is_out_of_sight(cast):
    with scope.limited_to([LOWER]):
        for what in (cast.places["slope"], SLOPE, UPPER):
            with pytest.raises(PlaceOutOfSight):
                who_answers_for(what, hazard=Hazard.GEOHAZARD, at=clock.now())
        assert asked(cast, EMPTY) == {"lower leader": []}


# ---------------------------------------------------------------------------- entering a duty


def keys(cast, who="bank leader", kind=DutyKind.POINT_MONITOR, **more):
    values = {"division_code": SLOPE, "place_id": cast.places["slope"], "rank": 1} | more
    return DutyKeys(person_id=cast.people[who], kind=kind, valid_from=LONG_AGO, **values)


def columns(cast, **more):
    (complaints,) = duty_complaints([keys(cast, **more)])
    assert all(sentence for _column, sentence in complaints)
    return [column for column, _sentence in complaints]


def test_a_right_duty_is_let_through(cast):
    check_duty(keys(cast))
    check_duty(keys(cast, division_code=""))
    check_duty(keys(cast, division_code=UPPER))
    check_duty(keys(cast, kind=DutyKind.INFORMANT, place_id=None, division_code=BANK))


@pytest.mark.parametrize(
    ("more", "column"),
    [
        ({"rank": 3}, "rank"),
        ({"division_code": BANK}, "place"),
        ({"kind": DutyKind.RESERVOIR_PATROL}, "kind"),
        ({"kind": "king"}, "kind"),
        ({"place_id": None}, "place"),
        ({"valid_until": date(2019, 1, 1)}, "valid_until"),
        ({"kind": DutyKind.HOUSEHOLD_CARER, "place_id": None}, "household"),
        ({"kind": DutyKind.TOWN_LEADER, "place_id": None}, "division"),
        ({"kind": DutyKind.INFORMANT, "place_id": None, "division_code": ""}, "division"),
    ],
)
def test_what_does_not_fit_is_said_by_column(cast, more, column):
    assert columns(cast, **more) == [column]


def test_another_county_and_one_who_has_left_are_refused(cast):
    Division.objects.create(code="990702000000", kind="county", name="邻县", lon=1, lat=1)
    person(cast, "stranger", at="990702000000")
    assert columns(cast, who="stranger") == ["person"]
    assert columns(cast, division_code="990702000000") == ["place", "person"]
    Person.objects.filter(pk=cast.people["bank leader"]).update(left_on=date(2024, 7, 1))
    with pytest.raises(DutyRefused, match="2024-07-01") as caught:
        check_duty(keys(cast))
    assert [column for column, _sentence in caught.value.complaints] == ["person"]
    assert columns(cast, valid_until=date(2024, 6, 30)) == []


def test_many_duties_cost_three_queries(cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        duty_complaints([keys(cast, kind=kind) for kind in DutyKind])


def test_a_circle_of_deputies_is_refused_by_name(cast):
    first, second, third = (cast.people[n] for n in ("slope leader", "bank leader", "alone leader"))
    Person.objects.filter(pk=first).update(deputy_id=second)
    check_new_deputies({second: third}, names={})
    with pytest.raises(DeputyCycle, match="slope leader") as caught:
        check_new_deputies({second: first}, names={})
    assert set(caught.value.person_ids) == {first, second}
    check_new_deputies({first: None, second: first}, names={})


# ------------------------------------------------------------------------------------- the page


def test_the_page_shows_numbered_steps_with_masked_phones(evening, visit):
    answer = visit("duty").get(
        reverse("who_answers"), {"place": SLOPE, "hazard": Hazard.GEOHAZARD.value}
    )
    text = answer.content.decode()
    monitor = Person.objects.get(pk=evening.cast.people["slope monitor"])
    assert "slope monitor" in text
    assert f"{monitor.phone[:3]}****{monitor.phone[-4:]}" in text
    assert monitor.phone not in text
    assert "tel:" not in text
    steps = [[step.number for step, _number in ladder] for ladder in answer.context["ladders"]]
    assert steps
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in steps)


def test_numbers_are_shown_to_those_who_may_call_and_noted_down(evening, visit):
    address = reverse("who_answers") + f"?place={SLOPE}&hazard=geohazard"
    monitor = Person.objects.get(pk=evening.cast.people["slope monitor"])
    before = JournalEntry.objects.filter(act="personal.shown").count()
    assert visit("reader").post(address).status_code == 403
    assert monitor.phone not in visit("reader").get(address).content.decode()
    assert JournalEntry.objects.filter(act="personal.shown").count() == before
    text = visit("duty").post(address).content.decode()
    assert f"tel:{monitor.phone}" in text
    entry = JournalEntry.objects.filter(subject=f"person:{monitor.uuid}").latest("id")
    assert (entry.act, entry.division_code) == ("personal.shown", SLOPE)
    assert monitor.phone not in str(entry.detail)


def test_a_village_shows_no_number_of_another(evening, visit):
    address = reverse("who_answers") + f"?place={BANK}"
    text = visit("slope").post(address).content.decode()
    assert "bank leader" not in text
    assert "tel:" not in text
    own = visit("slope").post(reverse("who_answers") + f"?place={SLOPE}").content.decode()
    assert "tel:" in own
    assert "upper leader" not in own


def test_a_name_leads_to_what_bears_it(evening, visit):
    text = visit("duty").get(reverse("who_answers"), {"place": "坡"}).content.decode()
    assert f"place={SLOPE}" in text
    other = visit("lower").get(reverse("who_answers"), {"place": "坡下"}).content.decode()
    assert f"place={SLOPE}" not in other
    for odd in ({}, {"place": "x", "hazard": "y", "at": "z"}, {"place": "9" * 80, "at": "2024-99"}):
        assert visit("duty").get(reverse("who_answers"), odd).status_code == 200


def test_the_moment_asked_for_counts(evening, visit):
    Duty.objects.filter(person_id=evening.cast.people["ford leader"]).update(
        valid_until=date(2024, 7, 20)
    )
    wanted = {"place": FORD, "at": "2024-07-20T23:00"}
    assert "ford leader" in visit("duty").get(reverse("who_answers"), wanted).content.decode()
    wanted["at"] = "2024-07-21T00:30"
    assert "ford leader" not in visit("duty").get(reverse("who_answers"), wanted).content.decode()


def test_the_page_costs_few_queries(evening, visit, django_assert_max_num_queries):
    client, wanted = visit("duty"), {"place": str(evening.cast.places["slope"])}
    client.get(reverse("who_answers"), wanted)
    with django_assert_max_num_queries(19):
        client.get(reverse("who_answers"), wanted)
