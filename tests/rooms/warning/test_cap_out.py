"""Warnings for other programs: messages, feeds and the map, and what others make of them."""

import json
from datetime import timedelta

import capvalidator
import feedparser
import pytest
from cap_tools import AlertState
from cap_tools.models import Alert as TheirAlert
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from xsdata.formats.dataclass.parsers import XmlParser

from anlan.kernel import clock
from anlan.registry.data import Colour
from anlan.registry.models import Division
from anlan.warning.actions._touched import places_touched
from anlan.warning.data import WarningState
from anlan.warning.gateways.cap.feeds import read_feed
from anlan.warning.gateways.cap.frame import Alert, decode
from anlan.warning.gateways.cap.levels import level_of
from anlan.warning.gateways.cap.values import MsgType
from anlan.warning.models import HazardWarning, WarningArea
from tests.cap_warnings import ended, replaced, warned
from tests.cast import ALONE, BANK, COUNTY, LOWER, SLOPE, UPPER, VILLAGES
from tests.entrance import OTHER_COUNTY, logged_in, open_accounts
from tests.evening import QUICK_HASH
from tests.gateway.cap_values import SCHEMA
from tests.weather import pass_time

FORMS = ("cap_atom", "cap_rss")


@pytest.fixture
def accounts(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    return open_accounts()


@pytest.fixture
def visit(accounts):
    return lambda name: logged_in(accounts[name])


@pytest.fixture
def duty(visit):
    return visit("duty")


def message(client: Client, number: str) -> bytes:
    answer = client.get(reverse("cap_message", args=[number]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/cap+xml; charset=utf-8"
    return answer.content


def read(client: Client, row: HazardWarning) -> Alert:
    return decode(message(client, row.number))


def page(client: Client, name: str, code: str = COUNTY) -> bytes:
    answer = client.get(reverse(name, args=[code]))
    assert answer.status_code == 200
    return answer.content


def numbers(client: Client, name: str, code: str = COUNTY) -> list[str]:
    """Return the numbers of the messages that a feed leads to, in its order."""
    entries = read_feed(page(client, name, code), address="http://testserver/")
    return [each.link.rpartition("/")[2].removesuffix(".xml") for each in entries]


def end_number(row: HazardWarning) -> str:
    return f"{row.number[:-1]}1"


def test_a_warning_is_a_message_that_others_take(duty):
    row = warned(text="雨量 33 毫米。", event_code="11B03")
    data = message(duty, row.number)
    alert = decode(data)
    assert (alert.identifier, alert.sender) == (row.number, "anlan@990701.invalid")
    assert alert.sent == clock.now()
    chinese, english = alert.infos
    assert (chinese.language, chinese.event, chinese.sender_name) == ("zh-CN", "暴雨", "试县")
    assert (chinese.headline, chinese.description, chinese.instruction) == (
        row.headline,
        row.text,
        "立即转移。",
    )
    assert chinese.areas[0].description == "上河镇：坡下村、河边村"
    assert (english.language, english.event) == ("en-US", "rainstorm")
    assert english.headline == "上河镇: mountain flood, orange warning"
    assert english.instruction.startswith("Move those who need help")
    assert SCHEMA.faults_of(data) == []
    assert capvalidator.check_schema(data).passed


def test_our_own_reader_finds_the_very_villages_and_the_colour(duty):
    alert = read(duty, warned())
    found = places_touched(alert, county=COUNTY)
    assert (found.codes, level_of(alert.infos)) == ((SLOPE, BANK), Colour.ORANGE)


def test_polygons_are_what_was_drawn_or_the_outlines_when_all_are_known(duty):
    for number, code in enumerate(VILLAGES):
        west = 107 + number / 50
        ring = [[west, 33], [west + 0.02, 33], [west + 0.02, 33.02], [west, 33.02], [west, 33]]
        Division.objects.filter(pk=code).update(boundary=ring)
    drawn = [[[107, 33], [107.1, 33], [107.1, 33.1], [107, 33]]]
    (area,) = read(duty, warned(1, villages=(ALONE,), polygons=drawn)).infos[0].areas
    assert list(area.polygons) == [((33, 107), (33, 107.1), (33.1, 107.1), (33, 107))]
    known = read(duty, warned(2))
    (polygon,) = known.infos[0].areas[0].polygons
    assert all(33 < lat < 33.02 and 107 < lon < 107.04 for lat, lon in polygon)
    assert places_touched(known, county=COUNTY).codes == (SLOPE, BANK)
    Division.objects.filter(pk=BANK).update(boundary=None)
    HazardWarning.objects.filter(number=known.identifier).update(number="again_0")
    (bare,) = decode(message(duty, "again_0")).infos[0].areas
    assert not bare.polygons


def test_a_higher_colour_is_an_update_that_names_what_it_replaces(duty):
    old = warned(1, minutes_ago=30)
    new = replaced(old, 2, colour=Colour.RED)
    first, alert = read(duty, old), read(duty, new)
    assert (first.msg_type, alert.msg_type) == (MsgType.ALERT, MsgType.UPDATE)
    (named,) = alert.references
    assert (named.sender, named.identifier, named.sent) == (
        first.sender,
        first.identifier,
        first.sent,
    )


def test_what_is_replaced_in_part_stands_and_is_not_named(duty):
    old = warned(1, minutes_ago=30)
    area = WarningArea.objects.get(warning=old, division_id=SLOPE)
    WarningArea.objects.filter(pk=area.pk).update(released_at=clock.now())
    new = warned(2, villages=(SLOPE,))
    WarningArea.objects.filter(warning=new).update(follows=area)
    alert = read(duty, new)
    assert (alert.msg_type, alert.references) == (MsgType.ALERT, ())


def test_a_lifted_warning_has_a_message_that_ends_it(duty):
    row = warned(minutes_ago=60)
    assert duty.get(reverse("cap_message", args=[end_number(row)])).status_code == 404
    ended(row, WarningState.LIFTED)
    end = decode(message(duty, end_number(row)))
    first = read(duty, row)
    assert (end.msg_type, end.sent) == (MsgType.CANCEL, clock.now())
    assert [(each.identifier, each.sent) for each in end.references] == [(row.number, first.sent)]
    assert end.infos[0].areas == first.infos[0].areas
    assert "2024-07-15 20:00" in end.infos[1].description


@pytest.mark.parametrize("state", [WarningState.EXPIRED, WarningState.REPLACED])
def test_what_ran_out_or_was_replaced_has_no_such_message(duty, state):
    row = warned(minutes_ago=60)
    ended(row, state)
    assert duty.get(reverse("cap_message", args=[end_number(row)])).status_code == 404
    assert read(duty, row).msg_type is MsgType.ALERT


@pytest.mark.parametrize("form", FORMS)
def test_a_feed_holds_what_stands_and_what_ended_within_seven_days(duty, form):
    old = warned(1, minutes_ago=8 * 24 * 60)
    ended(old, WarningState.LIFTED, minutes_ago=7 * 24 * 60 + 1)
    lifted = warned(2, minutes_ago=120)
    ended(lifted, WarningState.LIFTED, minutes_ago=30)
    stands = warned(3, minutes_ago=60)
    new = warned(4, villages=(ALONE,))
    wanted = [new.number, end_number(lifted), stands.number, lifted.number]
    assert numbers(duty, form) == wanted
    assert numbers(duty, form, UPPER) == wanted
    assert numbers(duty, form, ALONE) == [new.number]
    assert numbers(duty, form, LOWER) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_consumer_of_somebody_else_follows_the_feed(duty, form):
    first = warned(1, minutes_ago=90, villages=(SLOPE,))
    ended(warned(2, minutes_ago=80, villages=(BANK,)), WarningState.LIFTED, minutes_ago=20)
    second = replaced(first, 3, colour=Colour.RED)
    found = feedparser.parse(page(duty, form))
    assert not found.bozo
    assert found.feed.title == "Warnings: 试县" or "试县" in found.feed.title
    state = AlertState()
    for entry in reversed(found.entries):
        data = duty.get(entry.links[0].href).content
        assert SCHEMA.faults_of(data) == []
        state.ingest(XmlParser().from_bytes(data, TheirAlert))
    # Their state keeps the messages that end others as alerts of their own.
    kept = [each for each in state.alerts if each.msg_type.value != "Cancel"]
    assert [each.identifier for each in kept] == [second.number]


def test_the_map_holds_what_stands(duty):
    ended(warned(1, minutes_ago=60), WarningState.LIFTED)
    drawn = [[[107, 33], [107, 33.1], [107.1, 33.1], [107, 33]]]  # with the clock
    row = warned(2, polygons=drawn)
    answer = duty.get(reverse("cap_map", args=[COUNTY]))
    assert answer["Content-Type"] == "application/geo+json; charset=utf-8"
    (feature,) = json.loads(answer.content)["features"]
    assert feature["geometry"] == {
        "type": "Polygon",
        "coordinates": [[[107, 33], [107.1, 33.1], [107, 33.1], [107, 33]]],
    }
    told = feature["properties"]
    assert (told["identifier"], told["colour"], told["divisions"]) == (
        row.number,
        "orange",
        [SLOPE, BANK],
    )
    assert told["message"] == f"http://testserver/cap/{row.number}.xml"
    assert json.loads(page(duty, "cap_map", LOWER)) == {
        "type": "FeatureCollection",
        "features": [],
    }


def test_a_village_released_is_on_the_map_no_more(duty):
    row = warned()
    WarningArea.objects.filter(warning=row, division_id=SLOPE).update(released_at=clock.now())
    (feature,) = json.loads(page(duty, "cap_map"))["features"]
    assert feature["properties"]["divisions"] == [BANK]
    assert json.loads(page(duty, "cap_map", SLOPE))["features"] == []


HOSTILE = "<script>alert(1)</script> ]]> &lt; {{ 7*7 }} {% now %} \x01\x1b\ud7ff"


def test_hostile_text_stays_text(duty):
    told = dict.fromkeys(("headline", "text", "instruction", "sender_name"), HOSTILE)
    row = warned(1, event_code="<b>&", **told)  # type: ignore[arg-type]
    kept = HOSTILE.replace("\x01", "").replace("\x1b", "")
    (info, _english) = read(duty, row).infos
    assert (info.headline, info.description, info.sender_name) == (kept, kept, kept)
    for form in FORMS:
        data = page(duty, form)
        assert b"<script" not in data
        assert feedparser.parse(data).bozo == 0
        assert read_feed(data, address="http://a/")[0].inline == b""
    (feature,) = json.loads(page(duty, "cap_map"))["features"]
    assert feature["properties"]["headline"] == HOSTILE


def test_a_village_sees_its_own_and_an_excerpt_of_what_it_shares(visit):
    shared, other = warned(1), warned(2, villages=(ALONE,))
    slope = visit("slope")
    alert = read(slope, shared)
    (area,) = alert.infos[0].areas
    assert [each.value for each in area.geocodes] == [SLOPE]
    assert "河边村" not in area.description
    assert alert.note
    assert slope.get(reverse("cap_message", args=[other.number])).status_code == 404
    assert numbers(slope, "cap_atom", SLOPE) == [shared.number]
    for code in (UPPER, COUNTY, ALONE, OTHER_COUNTY):
        for name in (*FORMS, "cap_map"):
            assert slope.get(reverse(name, args=[code])).status_code == 404
    assert read(visit("upper"), shared).note == ""
    far = visit("far-admin")
    assert far.get(reverse("cap_message", args=[shared.number])).status_code == 404


@pytest.mark.parametrize(
    "code", ["999999999999", "1", "x", "99070110120", "990701101201x", "９", "\x00"]
)
def test_what_is_no_division_has_no_feed(duty, code):
    for name in (*FORMS, "cap_map"):
        assert duty.get(reverse(name, args=[code])).status_code == 404
    assert duty.get(reverse("cap_message", args=[code])).status_code == 404


def test_whoever_has_it_already_gets_nothing_again(duty):
    row = warned(minutes_ago=10)
    for address in (
        reverse("cap_message", args=[row.number]),
        *(reverse(name, args=[COUNTY]) for name in (*FORMS, "cap_map")),
    ):
        answer = duty.get(address)
        assert answer["Cache-Control"] == "private, max-age=60"
        tag = answer["ETag"]
        again = duty.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        if "Last-Modified" in answer:
            since = {"If-Modified-Since": answer["Last-Modified"]}
            assert duty.get(address, headers=since).status_code == 304
    warned(2, villages=(ALONE,))
    fresh = duty.get(reverse("cap_atom", args=[COUNTY]), headers={"If-None-Match": tag})
    assert fresh.status_code == 200
    assert "Last-Modified" not in fresh  # within this second more may come


def test_an_empty_feed_changes_once_a_day(duty, visit):
    before = page(duty, "cap_atom")
    pass_time(20)
    assert page(duty, "cap_atom") == before
    pass_time(24 * 60)
    assert page(visit("duty"), "cap_atom") != before


def test_a_feed_keeps_to_two_hundred(duty):
    for number in range(105):
        row = warned(number, minutes_ago=300 - number)
        ended(row, WarningState.LIFTED, minutes_ago=2)
    found = numbers(duty, "cap_atom")
    assert len(found) == 200
    assert found[0].endswith("_1")


def test_a_feed_asks_the_database_no_more_for_more_warnings(duty):
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(duty, "cap_atom")
            page(duty, "cap_map")
        return len(seen)

    warned(1, minutes_ago=50, villages=(SLOPE,))
    one = asked()
    for number in range(2, 12):
        lifted_at = clock.now() - timedelta(minutes=number)
        warned(number, minutes_ago=40, state=WarningState.LIFTED, ended_at=lifted_at)
    assert asked() <= one
