"""Open XML from outside: no document type, no entity, no network, bounded in size and depth."""

import codecs
import re
from typing import Any, Final

from lxml import etree

from .errors import (
    BadEncoding,
    DeclaredEntity,
    ExternalEntity,
    ForbiddenDoctype,
    NotXml,
    TooDeep,
    TooLarge,
    TooManyElements,
)

# lxml publishes no types.
Element = Any

MAX_BYTES: Final = 4 * 1024 * 1024
MAX_MARKS: Final = 100_000
_EXCESSIVE_DEPTH: Final = "Excessive depth"

# What senders really use; anything else is refused rather than guessed.
_CODECS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "iso-8859-2": "iso-8859-2",
    "iso-8859-15": "iso-8859-15",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "windows-1252": "cp1252",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    # GB 18030 holds GBK and GB 2312.
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
}
_DECLARED: Final = re.compile(
    rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']"""
)
_BLANK: Final = re.compile(r"[ \t\r\n]*")
_OUTSIDE: Final = re.compile(r"\b(?:SYSTEM|PUBLIC)\b")


def parsed(data: bytes, *, parser: etree.XMLParser, max_bytes: int, max_marks: int) -> Element:
    """Return the root of an XML document.

    Raises the CapError that names why the bytes are not opened: too large, a document type, an
    encoding that is not what it says, no XML.
    """
    if len(data) > max_bytes:
        raise TooLarge(f"more than {max_bytes} bytes", value=str(len(data)))
    codec = _codec(data)
    text = _text(data, codec=codec)
    _check_prolog(text)
    content = data if codec == "utf-8" else text.encode()
    if content.count(b"<") > max_marks:
        raise TooManyElements(f"more than {max_marks} marks", value=str(content.count(b"<")))
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        kind = TooDeep if _EXCESSIVE_DEPTH in str(error) else NotXml
        raise kind(str(error.msg).partition(", line ")[0], line=error.lineno or None) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ForbiddenDoctype("a document type is not allowed")
    return root


def safe_parser(*, keeps_comments: bool) -> etree.XMLParser:
    """Return a parser that resolves nothing and reaches nothing; it is given UTF-8."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        collect_ids=False,
        remove_comments=not keeps_comments,
        remove_pis=not keeps_comments,
    )


def _text(data: bytes, *, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        wrong = data[error.start : error.start + 8].hex().upper()
        raise BadEncoding(f"no {codec} text", value=wrong, offset=error.start) from None


def _codec(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    if data[:2] in (b"<\x00", b"\x00<"):
        return "utf-16-le" if data[:1] == b"<" else "utf-16-be"
    found = _DECLARED.match(data[:300])
    if found is None:
        return "utf-8"
    name = found[1].decode("ascii").lower()
    if name.startswith("utf-16") or name not in _CODECS:
        raise BadEncoding("an encoding that is not read", value=name, offset=0)
    return _CODECS[name]


def _check_prolog(text: str) -> None:
    """Raise when a document type stands before the root; comments and instructions may."""
    at = 0
    while True:
        blank = _BLANK.match(text, at)
        at = blank.end() if blank else at
        if text.startswith("<?", at):
            at = text.find("?>", at) + 2
        elif text.startswith("<!--", at):
            at = text.find("-->", at + 4) + 3
        elif text.startswith("<!DOCTYPE", at):
            _refuse_doctype(text, at)
        else:
            return
        if at < 4:  # an instruction or a comment without an end: the parser will say so
            return


def _refuse_doctype(text: str, at: int) -> None:
    line = text.count("\n", 0, at) + 1
    end = max(text.find("]>", at), text.find(">", at))
    declared = text[at:end] if end > at else text[at:]
    if _OUTSIDE.search(declared):
        raise ExternalEntity(
            "a document type that points outside the message is not opened", line=line
        )
    if "<!ENTITY" in declared:
        raise DeclaredEntity("a document type that declares entities is not opened", line=line)
    raise ForbiddenDoctype("a document type is not allowed", line=line)
