"""The pages on which levels are read by eye: a number, a time, a button."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from anlan.kernel import clock
from anlan.monitoring.actions.enter_staff_reading import enter_staff_reading
from anlan.monitoring.data import Quality, StationKind
from anlan.monitoring.models import Station
from anlan.registry.data import PlaceKind
from anlan.registry.models import River, RiverSection
from tests.by_hand import HOUR, gauge, stored
from tests.cast import BANK, place
from tests.entrance import logged_in
from tests.weather import idle

ADDRESS = "staff_readings"


def local(moment):
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


@pytest.fixture
def visit(hand):
    """Return a browser in which somebody is logged in, in English."""

    def log_in(name: str) -> Client:
        return logged_in(hand.accounts[name], language="en")

    return log_in


def fields(hand, level, *, gauge="bank", at=None, shown=None, **more):
    key = hand.gauges[gauge].pk
    now = local(clock.now())
    return {
        f"level_{key}": level,
        f"at_{key}": at or now,
        f"shown_{key}": shown or now,
        **{f"{name}_{key}": value for name, value in more.items()},
    }


def text(answer):
    return answer.content.decode()


def test_the_gauges_of_whoever_asks_are_shown_with_the_time_of_now(hand, visit):
    page = text(visit("bank").get(reverse(ADDRESS)))
    assert "河边水尺" in page
    assert "渡口水尺" not in page
    assert f'value="{local(clock.now())}"' in page
    both = text(visit("duty").get(reverse(ADDRESS)))
    assert "渡口水尺" in both
    assert "邻县水尺" not in both


def test_what_is_typed_is_stored_and_told_against_the_warning_level(hand, visit):
    client = visit("bank")
    answer = client.post(reverse(ADDRESS), fields(hand, "102.35"))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse(ADDRESS))
    assert stored(hand.gauges["bank"]) == [(clock.now(), 102.35, Quality.GOOD)]
    page = text(client.get(reverse(ADDRESS)))
    assert "102.35 m" in page
    assert "0.35 m above the yellow limit (102.00 m)" in page


def test_the_registers_word_comes_before_the_colour(hand, visit):
    river = River.objects.create(
        division_id="990701000000", code="R1", name="试河", basin_km2=200, length_km=40
    )
    key = place(hand.cast, "section", kind=PlaceKind.RIVER_SECTION, at=BANK)
    RiverSection.objects.create(
        place_id=key, river=river, warning_level_m=102.0, guaranteed_level_m=103.5
    )
    Station.objects.filter(pk=hand.gauges["bank"].pk).update(place_id=key)
    client = visit("bank")
    client.post(reverse(ADDRESS), fields(hand, "101.50"))
    page = text(client.get(reverse("staff_gauge", args=[hand.gauges["bank"].pk])))
    assert "0.50 m below the warning level (102.00 m)" in page
    assert "guaranteed level" in page


def test_a_full_width_number_with_its_unit_is_understood(hand, visit):
    visit("bank").post(reverse(ADDRESS), fields(hand, "１０２．３５米"))
    assert stored(hand.gauges["bank"])[0][1] == 102.35


def test_pressed_twice_it_is_stored_once(hand, visit):
    client = visit("bank")
    for _press in range(2):
        client.post(reverse(ADDRESS), fields(hand, "102.35"))
    assert len(stored(hand.gauges["bank"])) == 1
    assert "stands there already" in text(client.get(reverse(ADDRESS)))


def test_a_page_that_has_lain_open_tells_the_minute_of_the_press(hand, visit):
    client, shown = visit("bank"), local(clock.now())
    idle(timedelta(minutes=3))
    client.post(reverse(ADDRESS), fields(hand, "101.00", at=shown, shown=shown))
    idle(timedelta(minutes=17))
    client.post(reverse(ADDRESS), fields(hand, "101.10", at=shown, shown=shown))
    times = [at for at, _level, _quality in stored(hand.gauges["bank"])]
    assert times == [clock.now() - timedelta(minutes=20), clock.now()]


def test_a_time_that_somebody_has_typed_is_kept(hand, visit):
    earlier = clock.now() - 2 * HOUR
    visit("bank").post(reverse(ADDRESS), fields(hand, "101.00", at=local(earlier)))
    assert stored(hand.gauges["bank"])[0][0] == earlier


def test_a_leap_is_a_question_that_one_more_press_answers(hand, visit):
    client = visit("bank")
    level = hand.level(100.1, ago=HOUR)
    enter_staff_reading([level], by=hand.actor("bank"), now=clock.now())
    answer = client.post(reverse(ADDRESS), fields(hand, "103.30"))
    assert answer.status_code == 200
    assert "+3.20 m" in text(answer)
    assert 'value="103.30"' in text(answer)
    assert len(stored(hand.gauges["bank"])) == 1
    other = client.post(reverse(ADDRESS), fields(hand, "104.30", confirmed="103.30"))
    assert other.status_code == 200
    client.post(reverse(ADDRESS), fields(hand, "103.30", confirmed="103.30"))
    assert len(stored(hand.gauges["bank"])) == 2


@pytest.mark.parametrize(
    ("level", "sentence"),
    [
        ("high", "is not a number"),
        ("9999", "impossible"),
        ("101.234", "whole centimetres"),
    ],
)
def test_what_is_wrong_is_said_at_the_gauge_and_stays_in_its_field(hand, visit, level, sentence):
    answer = visit("bank").post(reverse(ADDRESS), fields(hand, level))
    assert answer.status_code == 200
    assert sentence in text(answer)
    assert f'value="{level}"' in text(answer)
    assert not stored(hand.gauges["bank"])


def test_a_wrong_time_is_said_too(hand, visit):
    client = visit("bank")
    ahead = local(clock.now() + HOUR)
    assert "has not come yet" in text(
        client.post(reverse(ADDRESS), fields(hand, "101.00", at=ahead))
    )
    assert "when" in text(client.post(reverse(ADDRESS), fields(hand, "101.00", at="soon")))


def test_one_wrong_gauge_does_not_hold_up_the_other(hand, visit):
    typed = fields(hand, "101.00") | fields(hand, "?", gauge="ford")
    answer = visit("duty").post(reverse(ADDRESS), typed)
    assert answer.status_code == 200
    assert len(stored(hand.gauges["bank"])) == 1
    assert "Stored: 河边水尺" in text(answer)


def test_an_empty_form_says_what_to_do(hand, visit):
    client = visit("bank")
    client.post(reverse(ADDRESS), {})
    assert "Type the level of at least one gauge" in text(client.get(reverse(ADDRESS)))


def test_a_field_for_a_gauge_of_somebody_else_is_not_read(hand, visit):
    visit("bank").post(reverse(ADDRESS), fields(hand, "55.00", gauge="ford"))
    visit("far-admin").post(reverse(ADDRESS), fields(hand, "55.00"))
    assert not stored(hand.gauges["ford"])
    assert not stored(hand.gauges["bank"])


@pytest.mark.parametrize("who", ["reader", "auditor"])
def test_whoever_enters_nothing_gets_no_page(hand, visit, who):
    assert visit(who).get(reverse(ADDRESS)).status_code == 403
    assert visit(who).post(reverse(ADDRESS), fields(hand, "101.00")).status_code == 403


def test_many_gauges_come_in_pages_and_by_words(hand, visit):
    for number in range(25):
        gauge("more", f"S-1{number:03d}", name=f"水尺{number:02d}号", at=BANK)
    client = visit("bank")
    assert "Page 1 of 2" in text(client.get(reverse(ADDRESS)))
    second = text(client.get(reverse(ADDRESS), {"page": "2"}))
    assert "水尺24号" in second
    found = text(client.get(reverse(ADDRESS), {"q": "07"}))
    assert "水尺07号" in found
    assert "水尺08号" not in found
    assert "Show all of them" in text(client.get(reverse(ADDRESS), {"q": "none of them"}))


def test_the_pages_ask_little(hand, visit, django_assert_max_num_queries):
    for number in range(15):
        gauge("more", f"S-1{number:03d}", name=f"水尺{number:02d}号", at=BANK)
    client = visit("bank")
    level = hand.level(101.0)
    enter_staff_reading([level], by=hand.actor("bank"), now=clock.now())
    for address in (
        reverse(ADDRESS),
        reverse("staff_gauge", args=[hand.gauges["bank"].pk]),
    ):
        with django_assert_max_num_queries(19):
            assert client.get(address).status_code == 200


def correct_address(hand):
    return reverse("staff_correct", args=[hand.gauges["bank"].pk])


def test_a_wrong_level_is_corrected_from_its_page(hand, visit):
    client = visit("bank")
    client.post(reverse(ADDRESS), fields(hand, "102.53"))
    page = text(client.get(reverse("staff_gauge", args=[hand.gauges["bank"].pk])))
    assert correct_address(hand) in page
    wrong_at = stored(hand.gauges["bank"])[0][0].isoformat()
    form = text(client.get(correct_address(hand), {"wrong_at": wrong_at}))
    assert "102.53" in form
    sent = fields(hand, "102.35") | {"wrong_at": wrong_at, "reason": ""}
    assert "why the level was wrong" in text(client.post(correct_address(hand), sent))
    answer = client.post(correct_address(hand), sent | {"reason": "digits"})
    assert answer.status_code == 302
    assert [level for _at, level, quality in stored(hand.gauges["bank"]) if quality < 20] == [
        102.35
    ]
    again = client.post(correct_address(hand), sent | {"reason": "digits"}, follow=True)
    assert "corrected already" in text(again)
    assert "struck out by a person" in text(again)
    assert "corrected a level" in text(again)


@pytest.mark.parametrize("wrong_at", ["", "x", "2024-07-15T20:00", "2024-07-15T20:00:00+08:00"])
def test_there_is_no_form_for_a_level_that_is_not_there(hand, visit, wrong_at):
    answer = visit("bank").get(correct_address(hand), {"wrong_at": wrong_at})
    assert answer.status_code == 302


def test_a_gauge_out_of_sight_has_no_page(hand, visit):
    address = reverse("staff_gauge", args=[hand.gauges["bank"].pk])
    assert visit("far-admin").get(address).status_code == 404
    assert visit("far-admin").get(correct_address(hand)).status_code == 404
    assert visit("reader").get(address).status_code == 200
    assert visit("reader").get(correct_address(hand)).status_code == 403


def test_a_gauge_of_another_way_of_reporting_has_no_page(hand, visit):
    river = hand.cast.stations["river"]
    assert river.kind == StationKind.RIVER
    assert visit("duty").get(reverse("staff_gauge", args=[river.pk])).status_code == 404
