"""Our feeds are read by our own reader and by somebody else's, and lead to each message."""

from calendar import timegm
from dataclasses import replace
from datetime import UTC, timedelta

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from anlan.warning.gateways.cap.errors import CapError
from anlan.warning.gateways.cap.feed_writing import (
    Feed,
    FeedEntry,
    atom_feed,
    entry_id,
    feed_id,
    rss_feed,
)
from anlan.warning.gateways.cap.feeds import Entry, read_feed
from anlan.warning.gateways.cap.values import NAMESPACE, MsgType, Reference
from tests.gateway.cap_values import ALERT, AREA, INFO, RING, SENT, alerts

ADDRESS = "https://yj.example.cn/feeds/610703000000.atom"
LINK = "https://yj.example.cn/cap/61070310112345_20240715200000_0.xml"
CANCEL = replace(
    ALERT,
    identifier="61070310112345_20240715200000_1",
    sent=SENT + timedelta(hours=3),
    msg_type=MsgType.CANCEL,
    references=(Reference(ALERT.sender, ALERT.identifier, ALERT.sent),),
    infos=(),
)
FEED = Feed(
    key="610703000000",
    sender="anlan@610703.invalid",
    title="BB 县: 预警 <县> & 镇",
    address=ADDRESS,
    updated=CANCEL.sent,
    author="BB 县应急管理局",
    entries=(
        FeedEntry(CANCEL, LINK.replace("_0.xml", "_1.xml"), "暴雨橙色预警已解除"),
        FeedEntry(ALERT, LINK, "上河镇暴雨橙色预警"),
    ),
)
CAP = f"{{{NAMESPACE}}}"
BOTH = pytest.mark.parametrize("written", [atom_feed, rss_feed])


@BOTH
def test_our_own_reader_finds_each_message(written):
    cancel, alert = read_feed(written(FEED), address=ADDRESS)
    assert alert == Entry(entry_id(ALERT), alert.updated, LINK, b"")
    assert cancel.link == LINK.replace("_0.xml", "_1.xml")
    assert "2024" in cancel.updated


@BOTH
def test_a_reader_of_somebody_else_finds_each_message(written):
    found = feedparser.parse(written(FEED))
    assert not found.bozo
    assert found.feed.title.startswith("BB 县: 预警 ")
    assert timegm(found.feed.updated_parsed) == CANCEL.sent.timestamp()
    cancel, alert = found.entries
    assert (cancel.title, alert.title) == ("暴雨橙色预警已解除", "上河镇暴雨橙色预警")
    assert (alert.id, alert.links[0].href) == (entry_id(ALERT), LINK)
    assert timegm(alert.published_parsed) == ALERT.sent.timestamp()
    assert (alert.cap_event, alert.cap_severity, alert.cap_urgency) == (
        "暴雨",
        "Severe",
        "Immediate",
    )
    assert (alert.cap_expires, alert.cap_areadesc) == ("2024-07-16T02:00:00+08:00", "上河镇")
    assert cancel.cap_msgtype == "Cancel"
    kinds = {each.get("type") for each in [*alert.links, *alert.get("enclosures", [])]}
    assert "application/cap+xml" in kinds


def test_both_forms_are_of_their_kind():
    atom, rss = etree.fromstring(atom_feed(FEED)), etree.fromstring(rss_feed(FEED))
    assert feedparser.parse(atom_feed(FEED)).version == "atom10"
    assert feedparser.parse(rss_feed(FEED)).version == "rss20"
    assert atom.find("{*}link").get("href") == ADDRESS
    assert rss.find("channel/{*}link[@rel='self']").get("href") == ADDRESS
    polygons = [each.text for each in atom.iter(f"{CAP}polygon")]
    assert polygons == ["33.0,107.0 33.0,107.5 33.5,107.5 33.0,107.0"]
    assert [each.text for each in rss.iter(f"{CAP}value")] == ["610703101000"]
    for each in (atom, rss):
        assert not list(each.iter(f"{CAP}alert"))


def test_what_is_known_stays_known_at_another_address_and_in_another_form():
    moved = replace(FEED, address="https://other.example.cn/a.rss")
    assert feed_id(moved) == feed_id(FEED)
    assert feed_id(replace(FEED, key="610703101000")) != feed_id(FEED)
    assert entry_id(replace(ALERT, sent=ALERT.sent.astimezone(UTC))) == entry_id(ALERT)
    assert entry_id(CANCEL) != entry_id(ALERT)


@BOTH
def test_an_empty_feed_is_one(written):
    data = written(replace(FEED, entries=()))
    assert read_feed(data, address=ADDRESS) == []
    assert feedparser.parse(data).feed.title


@given(alert=alerts, title=st.text(), author=st.text(), link=st.sampled_from([LINK, "a.xml?b&c"]))
@BOTH
def test_no_text_at_all_can_break_a_feed(written, alert, title, author, link):
    entry = FeedEntry(alert, link, title)
    feed = replace(FEED, title=title, author=author, entries=(entry, entry))
    found = read_feed(written(feed), address="https://yj.example.cn/")
    assert [each.id for each in found] == [entry_id(alert)] * 2
    assert all(each.inline == b"" for each in found)


@BOTH
def test_an_address_that_is_none_is_refused(written):
    with pytest.raises(CapError) as refused:
        written(replace(FEED, address='https://a" onclick="x'))
    assert refused.value.reason == "bad-address"


@BOTH
def test_of_many_areas_the_first_stand_for_all(written):
    info = replace(INFO, areas=(replace(AREA, polygons=(RING,)),) * 500)
    data = written(replace(FEED, entries=(FeedEntry(replace(ALERT, infos=(info,)), LINK, "a"),)))
    assert data.count(b"<cap:areaDesc>") == 20


@BOTH
def test_times_are_those_of_the_messages(written):
    (entry, _older) = read_feed(written(FEED), address=ADDRESS)
    wanted = {"2024-07-15T23:00:00+08:00", "Mon, 15 Jul 2024 23:00:00 +0800"}
    assert entry.updated in wanted
