"""Whether an .xlsx may be opened: unpacked here once, counted, before the reader sees it."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from struct import error as StructError
from struct import unpack_from

from django.utils.translation import gettext as _

from anlan.kernel.sheets.extent import check_extent
from anlan.kernel.sheets.kinds import with_macros
from anlan.kernel.sheets.unusable import (
    MAX_INFLATED,
    MAX_MEMBERS,
    UnusableFile,
    damaged,
    locked,
    outsized,
)

CHUNK = 1 << 20
LOCAL_HEADER = 30
# The end record without a comment: our zip reader and calamine's then cannot see two archives.
END_RECORD = 22
IS_ENCRYPTED = 0x1
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def check_package(content: bytes) -> None:
    """Raise UnusableFile unless the zip is a workbook that unpacks to what it declares."""
    members = members_of(content)
    check_names([member.filename.replace("\\", "/").lower() for member in members])
    if sum(member.file_size for member in members) > MAX_INFLATED:
        raise outsized()
    # Members that share their packed bytes are counted each time, so the sum holds for them too.
    for member in members:
        if member.flag_bits & IS_ENCRYPTED:
            raise locked()
        if member.compress_type not in METHODS:
            raise damaged()
        check_extent(partial(inflated, content, member))


def members_of(content: bytes) -> list[zipfile.ZipInfo]:
    """Return what the archive lists; raise UnusableFile when it cannot be listed."""
    if content[-END_RECORD:][:4] != b"PK\x05\x06":
        raise damaged()
    with suppress(
        zipfile.BadZipFile, NotImplementedError, StructError, ValueError, IndexError, OverflowError
    ):
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
        if 0 < len(members) <= MAX_MEMBERS:
            return members
    raise damaged()


def check_names(names: list[str]) -> None:
    """Raise UnusableFile unless the members are those of a workbook without macros."""
    if any(name.endswith("workbook.bin") for name in names):
        raise with_macros(".xlsb")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise with_macros(".xlsm")
    is_book = any(name.endswith("workbook.xml") for name in names)
    # An OpenDocument file would be read by another reader, which nobody has counted for.
    if not is_book or {"mimetype", "content.xml"} & set(names):
        raise UnusableFile(
            _("The file is named .xlsx but is no Excel workbook: save the table as .xlsx.")
        )
    if len(set(names)) != len(names):
        raise damaged()


def inflated(content: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Give a member's content in chunks; raise UnusableFile when it is not as long as declared."""
    left = member.file_size
    for chunk in chunks(packed(content, member), method=member.compress_type):
        left -= len(chunk)
        if left < 0:
            raise damaged()
        yield chunk
    if left:
        raise damaged()


def packed(content: bytes, member: zipfile.ZipInfo) -> memoryview:
    """Return the bytes of a member as they lie in the file."""
    start = member.header_offset
    if content[start : start + 4] != b"PK\x03\x04" or start + LOCAL_HEADER > len(content):
        raise damaged()
    name, extra = unpack_from("<HH", content, start + 26)
    start += LOCAL_HEADER + name + extra
    found = memoryview(content)[start : start + member.compress_size]
    if len(found) != member.compress_size:
        raise damaged()
    return found


def chunks(found: memoryview, *, method: int) -> Iterator[bytes]:
    """Give the unpacked bytes, at most CHUNK at a time."""
    if method == zipfile.ZIP_STORED:
        yield from (bytes(found[at : at + CHUNK]) for at in range(0, len(found), CHUNK))
        return
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    rest: bytes | memoryview = found
    try:
        while not stream.eof:
            chunk = stream.decompress(rest, CHUNK)
            rest = stream.unconsumed_tail
            if not chunk and not stream.eof:
                raise damaged()
            yield chunk
    except zlib.error as error:
        raise damaged() from error
