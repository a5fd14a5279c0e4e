"""What a file really is, told by its content, and whether its name agrees."""

from enum import Enum
from pathlib import PurePath
from struct import unpack_from

from django.utils.translation import gettext as _

from anlan.kernel.sheets.unusable import (
    MAX_BYTES,
    MEGABYTE,
    UnusableFile,
    damaged,
    locked,
)

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
BOOK_STREAMS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book", "WORKBOOK", "BOOK"))
# The first record of a BIFF8 workbook; that of a password is among the next few.
FIRST_RECORD = b"\x09\x08\x10\x00\x00\x06\x05\x00"
PASSWORD_RECORD = 0x002F
EARLY_RECORDS = 6
WEB_STARTS = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<meta")
MARKS = b"\xef\xbb\xbf \t\r\n"


class Kind(Enum):
    """A kind of content; the value is the ending that its name should have."""

    XLSX = ".xlsx"
    XLS = ".xls"
    CSV = ".csv"
    PDF = ".pdf"
    WEB = ".html"


def kind_of(content: bytes) -> Kind:
    """Return what the first bytes say; text and anything unknown counts as CSV."""
    if content.startswith(b"PK\x03\x04"):
        return Kind.XLSX
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Kind.XLS
    if content.lstrip(MARKS).startswith(b"%PDF"):
        return Kind.PDF
    if content[:1024].lstrip(MARKS).lower().startswith(WEB_STARTS):
        return Kind.WEB
    return Kind.CSV


def checked_kind(name: str, content: bytes) -> Kind:
    """Return how to read a file; raise UnusableFile when it is too large, empty or misnamed."""
    if len(content) > MAX_BYTES:
        raise UnusableFile(
            _("The file has %(size)d MB, %(most)d MB are allowed: split it into several files.")
            % {"size": -(-len(content) // MEGABYTE), "most": MAX_BYTES // MEGABYTE}
        )
    if not content.strip(MARKS + b"\0"):
        raise UnusableFile(_("The file is empty: choose the file that holds the table."))
    ending = PurePath(name).suffix.lower()
    check_ending(ending)
    kind = kind_of(content)
    if kind is Kind.XLS:
        check_old_file(content)
    if kind.value != ending:
        raise misnamed(kind, ending)
    return kind


def check_ending(ending: str) -> None:
    """Raise UnusableFile unless a file of this ending is read at all."""
    if ending in {".xlsm", ".xlsb"}:
        raise with_macros(ending)
    if ending not in {".xlsx", ".xls", ".csv"}:
        raise UnusableFile(
            _("A file ending in “%(ending)s” cannot be read: save the table as .xlsx.")
            % {"ending": ending}
        )


def with_macros(ending: str) -> UnusableFile:
    """Return the refusal of a workbook that can carry macros."""
    return UnusableFile(
        _("Workbooks of the kind %(ending)s are not taken: save it as .xlsx and upload that.")
        % {"ending": ending}
    )


def misnamed(kind: Kind, ending: str) -> UnusableFile:
    """Return the refusal of a file whose content is not what its name says."""
    if kind is Kind.CSV and ending != Kind.CSV.value:
        return damaged()
    if kind is Kind.WEB:
        return UnusableFile(
            _(
                "The file is named %(ending)s but is a web page: open it in Excel or WPS, save "
                "it as .xlsx and upload that."
            )
            % {"ending": ending}
        )
    return UnusableFile(
        _(
            "The file is named %(ending)s but its content is %(kind)s: open it, save it as .xlsx "
            "and upload that."
        )
        % {"ending": ending, "kind": kind.value}
    )


def check_old_file(content: bytes) -> None:
    """Raise UnusableFile for a compound file that is locked or holds no workbook."""
    if ENCRYPTED in content or has_password(content):
        raise locked()
    if not any(stream in content for stream in BOOK_STREAMS):
        raise UnusableFile(
            _("The file holds no table, perhaps it is a document: save the table as .xlsx.")
        )


def has_password(content: bytes) -> bool:
    """Tell whether an .xls says early on that the rest of it is encrypted."""
    at = content.find(FIRST_RECORD)
    for _record in range(EARLY_RECORDS if at >= 0 else 0):
        if at + 4 > len(content):
            return False
        kind, length = unpack_from("<HH", content, at)
        if kind == PASSWORD_RECORD:
            return True
        at += 4 + length
    return False
