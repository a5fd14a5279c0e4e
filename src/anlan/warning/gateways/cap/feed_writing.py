"""Write the feeds in which others find our messages: Atom 1.0 and RSS 2.0.

Sources: RFC 4287; the RSS 2.0 specification with Atom's link in it, as its validators ask. An
entry names its message, repeats what a reader sorts by in CAP's own elements, and leads to the
message itself; feeds.py reads both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from .values import NAMESPACE, Alert, Area, Info
from .written import link_text, plain_text, polygon_text, time_text

CAP_TYPE: Final = "application/cap+xml"
ATOM_TYPE: Final = "application/atom+xml"
RSS_TYPE: Final = "application/rss+xml"
# An entry is a summary: the first areas of the message stand for all.
MOST_AREAS: Final = 20
_GENERATOR: Final = "Anlan"
_ATOM: Final = f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:cap="{NAMESPACE}"'
_RSS: Final = (
    f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:cap="{NAMESPACE}">'
)
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A message in a feed: where it is, whole, and the line by which a list shows it."""

    alert: Alert
    link: str
    title: str


@dataclass(frozen=True, slots=True)
class Feed:
    """Messages of one sender about one place, newest first.

    `key` is what the feed is known by for good, whatever its address: the division's code.
    `address` is where this very feed is read, `updated` when anything in it last changed.
    """

    key: str
    sender: str
    title: str
    address: str
    updated: datetime
    author: str
    language: str = "zh-CN"
    entries: Sequence[FeedEntry] = ()


def atom_feed(feed: Feed) -> bytes:
    """Return a feed as Atom 1.0."""
    text = "".join(
        (
            f'{_HEAD}{_ATOM} xml:lang="{_quoted(feed.language)}">',
            f"<id>{feed_id(feed)}</id><title>{plain_text(feed.title)}</title>",
            f"<updated>{_atom_time(feed.updated)}</updated>",
            f"<author><name>{plain_text(feed.author)}</name></author>",
            f'<link rel="self" type="{ATOM_TYPE}" href="{_href(feed.address, at="feed/link")}"/>',
            f"<generator>{_GENERATOR}</generator>",
            *map(_atom_entry, feed.entries),
            "</feed>\n",
        )
    )
    return text.encode()


def rss_feed(feed: Feed) -> bytes:
    """Return a feed as RSS 2.0."""
    address = _href(feed.address, at="channel/link")
    text = "".join(
        (
            f"{_HEAD}{_RSS}<channel><title>{plain_text(feed.title)}</title>",
            f"<link>{address}</link><description>{plain_text(feed.title)}</description>",
            f"<language>{plain_text(feed.language)}</language>",
            f"<lastBuildDate>{_rss_time(feed.updated)}</lastBuildDate>",
            f"<generator>{_GENERATOR}</generator>",
            f'<atom:link rel="self" type="{RSS_TYPE}" href="{address}"/>',
            *map(_rss_item, feed.entries),
            "</channel></rss>\n",
        )
    )
    return text.encode()


def feed_id(feed: Feed) -> str:
    """Return what a feed is known by: the same at every address and in both forms."""
    return uuid5(NAMESPACE_URL, f"cap-feed:{feed.sender},{feed.key}").urn


def entry_id(alert: Alert) -> str:
    """Return what a message is known by in feeds, made of what it is known by in CAP."""
    sent = time_text(alert.sent.astimezone(UTC), at="alert/sent")
    return uuid5(NAMESPACE_URL, f"cap:{alert.sender},{alert.identifier},{sent}").urn


def _atom_entry(entry: FeedEntry) -> str:
    alert, info = entry.alert, _first_info(entry.alert)
    link = _href(entry.link, at="entry/link")
    return "".join(
        (
            f"<entry><id>{entry_id(alert)}</id><title>{plain_text(entry.title)}</title>",
            f"<updated>{_atom_time(alert.sent)}</updated>",
            f"<published>{_atom_time(alert.sent)}</published>",
            f'<link rel="alternate" type="{CAP_TYPE}" href="{link}"/>',
            f'<summary type="text">{plain_text(info.description if info else "")}</summary>',
            *(f'<category term="{each}"/>' for each in (info.categories if info else ())),
            _summary(alert),
            "</entry>",
        )
    )


def _rss_item(entry: FeedEntry) -> str:
    alert, info = entry.alert, _first_info(entry.alert)
    link = _href(entry.link, at="item/link")
    return "".join(
        (
            f"<item><title>{plain_text(entry.title)}</title><link>{link}</link>",
            f"<description>{plain_text(info.description if info else '')}</description>",
            *(f"<category>{each}</category>" for each in (info.categories if info else ())),
            # How long the message is nobody knows before it is signed; 0 is what RSS says then.
            f'<enclosure url="{link}" length="0" type="{CAP_TYPE}"/>',
            f'<guid isPermaLink="false">{entry_id(alert)}</guid>',
            f"<pubDate>{_rss_time(alert.sent)}</pubDate>",
            _summary(alert),
            "</item>",
        )
    )


def _summary(alert: Alert) -> str:
    """Return the fields of a message that readers sort by, as elements of CAP."""
    pairs = [
        ("identifier", alert.identifier),
        ("sender", alert.sender),
        ("sent", time_text(alert.sent, at="alert/sent")),
        ("status", alert.status),
        ("msgType", alert.msg_type),
        ("scope", alert.scope),
    ]
    info = _first_info(alert)
    if info is not None:
        pairs += _info_pairs(info)
    found = [f"<cap:{name}>{plain_text(value)}</cap:{name}>" for name, value in pairs if value]
    areas = info.areas[:MOST_AREAS] if info is not None else ()
    return "".join([*found, *map(_area, areas)])


def _info_pairs(info: Info) -> list[tuple[str, str]]:
    times = (("effective", info.effective), ("onset", info.onset), ("expires", info.expires))
    return [
        ("event", info.event),
        ("urgency", info.urgency),
        ("severity", info.severity),
        ("certainty", info.certainty),
        *((name, time_text(at, at=f"info/{name}")) for name, at in times if at is not None),
    ]


def _area(area: Area) -> str:
    return "".join(
        (
            f"<cap:areaDesc>{plain_text(area.description)}</cap:areaDesc>",
            *(
                f"<cap:polygon>{polygon_text(ring, at='area/polygon')}</cap:polygon>"
                for ring in area.polygons
            ),
            *(
                f"<cap:geocode><cap:valueName>{plain_text(each.name)}</cap:valueName>"
                f"<cap:value>{plain_text(each.value)}</cap:value></cap:geocode>"
                for each in area.geocodes
            ),
        )
    )


def _first_info(alert: Alert) -> Info | None:
    return alert.infos[0] if alert.infos else None


def _href(address: str, *, at: str) -> str:
    return link_text(address, at=at).replace('"', "&quot;")


def _quoted(text: str) -> str:
    return plain_text(text).replace('"', "&quot;")


def _atom_time(moment: datetime) -> str:
    """Return a time of RFC 3339; unlike in CAP its UTC is +00:00."""
    return moment.isoformat(timespec="seconds")


def _rss_time(moment: datetime) -> str:
    return format_datetime(moment)
