"""Feeds give their entries, wherever the message stands: behind a link, within, escaped."""

import pytest

from anlan.warning.gateways.cap.errors import CapError
from anlan.warning.gateways.cap.feeds import Entry, read_feed
from anlan.warning.gateways.cap.frame import decode
from tests.gateway.cap_specimens import SOUND, message

ADDRESS = "http://shi.example.cn/cap/feed.xml"


def atom(*entries: str) -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id>{"".join(entries)}</feed>'.encode()


def rss(*items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>f</title>{"".join(items)}</channel></rss>'.encode()


def entries(data: bytes) -> list[Entry]:
    return read_feed(data, address=ADDRESS)


@pytest.mark.parametrize(
    ("links", "wanted"),
    [
        ('<link href="a.xml" type="application/cap+xml"/>', "http://shi.example.cn/cap/a.xml"),
        (
            '<link href="/page.html"/><link rel="alternate" href="/a" type="application/cap+xml"/>',
            "http://shi.example.cn/a",
        ),
        ('<link href="http://other.cn/a.xml"/>', "http://other.cn/a.xml"),
        ('<content src="b.xml" type="application/cap+xml"/>', "http://shi.example.cn/cap/b.xml"),
        ('<link rel="self" href="http://x.cn/"/>', "http://shi.example.cn/id/1"),
        ('<link href="file:///etc/passwd"/>', "http://shi.example.cn/id/1"),
        ('<link href="http://[::1"/>', "http://shi.example.cn/id/1"),
    ],
)
def test_an_atom_entry_leads_to_its_message(links, wanted):
    entry = f"<entry><id>http://shi.example.cn/id/1</id><updated>2024</updated>{links}</entry>"
    (found,) = entries(atom(entry))
    assert found == Entry("http://shi.example.cn/id/1", "2024", wanted, b"")


def test_an_rss_item_leads_to_its_message():
    items = (
        "<item><guid>1</guid><pubDate>Mon</pubDate><link>/a.xml</link></item>",
        '<item><link>/page</link><enclosure url="/b.xml" type="application/cap+xml"/></item>',
        "<item><title>nothing</title></item>",
    )
    assert entries(rss(*items)) == [
        Entry("1", "Mon", "http://shi.example.cn/a.xml", b""),
        Entry("http://shi.example.cn/b.xml", "", "http://shi.example.cn/b.xml", b""),
        Entry("", "", "", b""),
    ]


@pytest.mark.parametrize("name", sorted(SOUND))
def test_a_message_inside_an_entry_is_the_message_itself(name):
    encoding = "iso-8859-1" if "8859" in name else "utf-8"
    text = SOUND[name].decode(encoding)
    inner = text[text.index("<", text.index("?>")) :]
    for content in (
        atom(f'<entry><id>1</id><content type="text/xml">{inner}</content></entry>'),
        atom(f"<entry><id>1</id><content><![CDATA[{inner}]]></content></entry>"),
        rss(f"<item><guid>1</guid><description><![CDATA[{inner}]]></description></item>"),
        rss(f"<item><guid>1</guid>{inner}</item>"),
    ):
        (found,) = entries(content)
        assert decode(found.inline) == decode(SOUND[name])
        assert found.is_signed == decode(SOUND[name]).is_signed


def test_an_entry_that_repeats_some_fields_is_one_with_a_link():
    fields = '<cap:event xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2">Flood</cap:event>'
    (found,) = entries(atom(f'<entry><id>1</id><link href="/a.xml"/>{fields}</entry>'))
    assert (found.link, found.inline) == ("http://shi.example.cn/a.xml", b"")


def test_a_message_without_a_feed_is_a_feed_of_one():
    (found,) = entries(message().encode())
    assert (found.id, found.link) == (ADDRESS, ADDRESS)
    assert decode(found.inline).sender == "qx@shi.example.cn"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<html/>", "not-a-feed"),
        (b"{}", "not-xml"),
        (b"", "not-xml"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><rss/>', "declared-entity"),
        (b'<rdf xmlns="http://purl.org/rss/1.0/"/>', "not-a-feed"),
    ],
)
def test_what_is_no_feed_is_refused_by_name(data, reason):
    with pytest.raises(CapError) as refused:
        entries(data)
    assert refused.value.reason == reason


def test_an_empty_feed_has_no_entries():
    assert entries(atom()) == []
    assert entries(rss()) == []
