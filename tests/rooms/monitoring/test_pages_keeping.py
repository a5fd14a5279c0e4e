"""Stations, thresholds and the villages they speak for, kept by hand."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.monitoring.actions.keep_station import keep_station
from anlan.monitoring.evaluation import cursor_row
from anlan.monitoring.keeping import ChangedMeanwhile
from anlan.monitoring.models import EvaluationCursor, Station, StationCover, Threshold
from anlan.monitoring.queries.keeping import facts_of
from anlan.registry.data import Colour, Hazard
from tests.cast import ALONE, BANK, FORD, LOWER, SLOPE, UPPER, crossed
from tests.entrance import logged_in
from tests.evening import Evening
from tests.rooms.web.conftest import Visit

NEW = {
    "name": "桥头水位站",
    "kind": "H",
    "protocol": "sl651",
    "address": "00aabb0011",
    "division": "上河镇/河边村",
    "place": "",
    "lon": "107.03",
    "lat": "33.02",
    "interval_min": "5",
    "password": "1234",
    "base_m": "",
    "rain_from": "PN05",
    "device_model": "",
    "is_active": "on",
}
LIMIT = {
    "hazard": "river_flood",
    "colour": "4",
    "measure": "last",
    "element": "Z",
    "window_min": "",
    "value": "105.5",
    "source": "县水利局〔2024〕3号",
    "effective_from": "2024-07-01",
    "season_from": "",
    "season_until": "",
}


def turns() -> int:
    """Return how often the rules were told to read the limits anew."""
    return EvaluationCursor.objects.values_list("limits_turn", flat=True)[0]


def test_a_station_is_added_and_changed(evening: Evening, visit: Visit) -> None:
    cursor_row(now=clock.now())
    before, client = turns(), visit("duty")
    assert client.post(reverse("station_new"), NEW).status_code == 302
    row = Station.objects.get(address="00AABB0011")
    assert (row.division_id, row.interval_min, row.password) == (BANK, 5, "1234")
    assert turns() > before
    address = reverse("station_edit", args=[row.pk])
    seen = facts_of(row).seen
    form = {**NEW, "seen": seen, "name": "桥尾水位站", "place": "school", "is_active": ""}
    assert client.post(address, form).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.is_active, row.place_id) == (
        "桥尾水位站", False, evening.cast.places["school"],
    )  # fmt: skip
    acts = JournalEntry.objects.filter(subject=f"station:{row.pk}").values_list("act", flat=True)
    assert list(acts) == ["station.added", "station.changed"]


def test_a_change_made_meanwhile_is_not_lost(evening: Evening, visit: Visit) -> None:
    row = evening.cast.stations["river"]
    seen = facts_of(row).seen
    Station.objects.filter(pk=row.pk).update(interval_min=10)
    form = {**NEW, "address": row.address, "seen": seen}
    answer = visit("duty").post(reverse("station_edit", args=[row.pk]), form)
    assert answer.status_code == 200
    row.refresh_from_db()
    assert row.interval_min == 10
    with pytest.raises(ChangedMeanwhile):
        keep_station(
            facts_of(row), station_id=row.pk, seen=seen, by=the_program("tests"), now=clock.now()
        )


def test_bad_facts_are_refused_with_a_sentence(evening: Evening) -> None:
    client = logged_in(evening.accounts["duty"], language="en")
    for bad, said in (
        ({"address": "12345"}, "write ten digits"),
        ({"address": "0990701003"}, "that of another station"),
        ({"protocol": "mqtt", "address": "with space"}, "without spaces"),
        ({"password": "12"}, "four digits"),
        ({"place": "nowhere"}, "There is no place"),
    ):
        answer = client.post(reverse("station_new"), {**NEW, **bad})
        assert answer.status_code == 200, bad
        assert said in answer.content.decode(), bad
    assert Station.objects.count() == 3


def test_only_keepers_keep_and_only_what_is_theirs(evening: Evening, visit: Visit) -> None:
    river = evening.cast.stations["river"]
    for who, status in (("upper", 403), ("reader", 403), ("lower", 404)):
        client = visit(who)
        assert client.get(reverse("station_new")).status_code == 403
        assert client.post(reverse("station_new"), NEW).status_code == 403
        for name in ("station_edit", "station_thresholds", "station_villages"):
            address = reverse(name, args=[river.pk])
            assert client.get(address).status_code == status, (who, name)
            assert client.post(address, LIMIT).status_code == status, (who, name)
        address = reverse("threshold_remove", args=[river.pk])
        assert client.post(address, {"threshold": "1"}).status_code == status


def test_a_threshold_takes_the_place_of_the_earlier_one(evening: Evening, visit: Visit) -> None:
    river, client = evening.cast.stations["river"], visit("duty")
    address = reverse("station_thresholds", args=[river.pk])
    cursor_row(now=clock.now())
    before = turns()
    assert client.post(address, LIMIT).status_code == 302
    assert client.post(address, {**LIMIT, "value": "106"}).status_code == 302  # the very same day
    assert turns() > before
    rows = Threshold.objects.filter(station=river, colour=4).order_by("effective_from")
    assert [row.value for row in rows] == [104.0, 106.0]
    page = client.get(reverse("station", args=[river.pk]))
    assert [x.value for x in page.context["limits"]] == [102.0, 103.0, 106.0]
    tomorrow = timezone.localdate(clock.now()) + timedelta(days=1)
    later = {**LIMIT, "value": "107", "effective_from": tomorrow.isoformat()}
    assert client.post(address, later).status_code == 302
    page = client.get(reverse("station", args=[river.pk]))
    assert [x.value for x in page.context["limits"]] == [102.0, 103.0, 106.0]


def test_limits_in_disorder_are_told(evening: Evening, visit: Visit) -> None:
    river, client = evening.cast.stations["river"], visit("duty")
    address = reverse("station_thresholds", args=[river.pk])
    assert client.get(address).context["disorder"] == []
    client.post(address, {**LIMIT, "value": "102.5"})
    ((mild, severe),) = client.get(address).context["disorder"]
    assert (mild.value, severe.value) == (103.0, 102.5)


def test_a_threshold_that_makes_no_sense_is_refused(evening: Evening, visit: Visit) -> None:
    river, client = evening.cast.stations["river"], visit("duty")
    address = reverse("station_thresholds", args=[river.pk])
    count = Threshold.objects.count()
    for bad in (
        {"window_min": "60"},
        {"measure": "sum", "window_min": "7"},
        {"measure": "rise"},
        {"season_from": "05-15"},
        {"season_from": "13-40", "season_until": "10-15"},
        {"source": ""},
        {"element": "nonsense"},
    ):
        assert client.post(address, {**LIMIT, **bad}).status_code == 200, bad
    assert Threshold.objects.count() == count


def test_a_threshold_that_has_fired_stays(evening: Evening, visit: Visit) -> None:
    river, client = evening.cast.stations["river"], visit("duty")
    crossed(evening.cast, gauge="river", hazard=Hazard.RIVER_FLOOD, colour=Colour.YELLOW)
    address = reverse("threshold_remove", args=[river.pk])
    fired, other = Threshold.objects.filter(station=river).order_by("colour")[:2]
    for row in (fired, other):
        assert client.post(address, {"threshold": row.pk}).status_code == 302
    assert set(Threshold.objects.filter(station=river).values_list("colour", flat=True)) == {2, 4}
    default = Threshold.objects.filter(station=None)[0]
    assert client.post(address, {"threshold": default.pk}).status_code == 404


def test_villages_are_ticked_town_by_town(evening: Evening, visit: Visit) -> None:
    river, client = evening.cast.stations["river"], visit("duty")
    address = reverse("station_villages", args=[river.pk])
    page = client.get(address)
    assert [village.code for village, _boxes in page.context["rows"]] == [SLOPE, BANK, ALONE]
    form = {f"{ALONE}-river_flood": "1", f"{SLOPE}-rainstorm": "1", f"{FORD}-rainstorm": "1"}
    assert client.post(f"{address}?town={UPPER}", form).status_code == 302
    pairs = StationCover.objects.filter(station=river).values_list("division_id", "hazard")
    # What the page did not show stays: the station goes on speaking for the ford.
    assert set(pairs) == {(ALONE, "river_flood"), (SLOPE, "rainstorm"), (FORD, "river_flood")}
    page = client.get(address, {"town": LOWER})
    assert FORD in {village.code for village, _boxes in page.context["rows"]}
