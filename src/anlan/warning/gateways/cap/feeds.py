"""Read the feeds in which upper levels announce their messages: Atom 1.0 and RSS 2.0.

Sources: RFC 4287; the RSS 2.0 specification. Entries that carry the message itself are read too;
an entry that only repeats some fields of the message is one with a link.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from lxml import etree

from .errors import CapError
from .opening import Element, parsed, safe_parser
from .values import NAMESPACE, SIGNATURE_NAMESPACE

MAX_FEED_BYTES: Final = 16 * 1024 * 1024
MAX_FEED_MARKS: Final = 400_000
MAX_ENTRIES: Final = 2_000
LONGEST_ADDRESS: Final = 2_000

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_ALERT: Final = f"{{{NAMESPACE}}}alert"
_SIGNATURE: Final = f"{{{SIGNATURE_NAMESPACE}}}Signature"
_CAP_TYPE: Final = "application/cap+xml"
_PARSER: Final = safe_parser(keeps_comments=True)


class NotAFeed(CapError):
    """XML that is neither Atom nor RSS."""

    reason = "not-a-feed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: by what it is known, when it changed, where its message is, or the message itself.

    `link` is a whole address, or empty; `inline` holds the message's bytes, or none. A signed
    message that also has a link is better fetched: a feed may not keep it byte by byte.
    """

    id: str
    updated: str
    link: str
    inline: bytes
    is_signed: bool = False


def read_feed(data: bytes, *, address: str) -> list[Entry]:
    """Return the entries of a feed in its own order; `address` is where relative links begin.

    A message alone, without a feed around it, is a feed of one entry. Raises a CapError for bytes
    that are no feed.
    """
    root = parsed(data, parser=_PARSER, max_bytes=MAX_FEED_BYTES, max_marks=MAX_FEED_MARKS)
    if root.tag == f"{_ATOM}feed":
        nodes = root.findall(f"{_ATOM}entry")[:MAX_ENTRIES]
        return [_atom(node, address=address) for node in nodes]
    if root.tag == "rss":
        nodes = root.findall("channel/item")[:MAX_ENTRIES]
        return [_rss(node, address=address) for node in nodes]
    if root.tag == _ALERT:
        return [Entry(id=address, updated="", link=address, inline=data)]
    raise NotAFeed("neither Atom nor RSS 2.0", element=str(root.tag), line=root.sourceline)


def _atom(node: Element, *, address: str) -> Entry:
    inline, is_signed = _inline(node)
    return Entry(
        id=_text(node, f"{_ATOM}id"),
        updated=_text(node, f"{_ATOM}updated"),
        link=_atom_link(node, address=address),
        inline=inline,
        is_signed=is_signed,
    )


def _atom_link(node: Element, *, address: str) -> str:
    """Return the link that says it leads to a message, else a plain one, else the entry's id."""
    links = [
        (each.get("href", ""), each.get("rel", "alternate"), each.get("type", ""))
        for each in node.findall(f"{_ATOM}link")
    ]
    typed = [href for href, _rel, kind in links if kind == _CAP_TYPE and href]
    plain = [href for href, rel, _kind in links if rel == "alternate" and href]
    content = node.find(f"{_ATOM}content")
    source = [content.get("src", "")] if content is not None and content.get("src") else []
    named = [text for text in [_text(node, f"{_ATOM}id")] if text.startswith(("http:", "https:"))]
    return _whole([*typed, *source, *plain, *named], address=address)


def _rss(node: Element, *, address: str) -> Entry:
    inline, is_signed = _inline(node)
    enclosure = node.find("enclosure")
    links = [_text(node, "link")]
    if enclosure is not None and enclosure.get("type") == _CAP_TYPE:
        links.insert(0, enclosure.get("url", ""))
    link = _whole(links, address=address)
    return Entry(
        id=_text(node, "guid") or link,
        updated=_text(node, "pubDate"),
        link=link,
        inline=inline,
        is_signed=is_signed,
    )


def _text(node: Element, name: str) -> str:
    return (node.findtext(name) or "").strip()[:LONGEST_ADDRESS]


def _whole(links: list[str], *, address: str) -> str:
    for link in links:
        if not link.strip():
            continue
        try:
            whole = urljoin(address, link.strip())
        except ValueError:
            continue
        if whole.startswith(("http://", "https://")) and len(whole) <= LONGEST_ADDRESS:
            return whole
    return ""


def _inline(node: Element) -> tuple[bytes, bool]:
    """Return the message in an entry, as elements or as escaped text, and whether it is signed."""
    alert = next(node.iter(_ALERT), None)
    if alert is not None:
        is_signed = alert.find(_SIGNATURE) is not None
        # Freed of the feed's own namespaces, which the sender has not signed.
        alone = etree.fromstring(etree.tostring(alert, with_tail=False), _PARSER)
        etree.cleanup_namespaces(alone)
        return etree.tostring(alone, encoding="utf-8"), is_signed
    for each in node.iter(f"{_ATOM}content", f"{_ATOM}summary", "description"):
        text = (each.text or "").strip()
        if text.startswith("<") and NAMESPACE in text:
            return text.encode(), SIGNATURE_NAMESPACE in text
    return b"", False
