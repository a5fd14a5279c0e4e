"""How large an area the cells of an .xlsx sheet span, told before anything is laid out.

calamine lays out the whole rectangle from the first to the last value, empty places included; two
values in opposite corners would end the process. Its reader takes cells by local name wherever
they stand, `r` as it is written, and counts on where there is none; so does this one.
Source: calamine 0.36, src/xlsx/cells_reader.rs and Range::from_sparse.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from anlan.kernel.sheets.places import column_letters, column_number
from anlan.kernel.sheets.unusable import MAX_CELLS, damaged, scattered

Chunks = Callable[[], Iterator[bytes]]

# Cell elements that are not plain: in the first way small too, within 300,000 x 26, which is
# below MAX_CELLS. The whole tag is looked at, for of two `r` in it the second would count.
REST_OF_TAG = rb'"(?: [st]="[^"<>]*")*/?>|[A-Za-z])'
BEYOND = re.compile(rb'<c(?! r="[A-Z](?:[1-9]\d{0,4}|[12]\d{5})' + REST_OF_TAG)
PREFIXED = re.compile(rb":c[\s/>]")
ODD = re.compile(rb"<(?:[^\s<>/\"'=]*:)?c(?! r=\"[A-Z]{1,3}[1-9]\d{0,6}" + REST_OF_TAG)
COLUMN = re.compile(rb'c r="([A-Z]{1,3})')
ROW = re.compile(rb'c r="[A-Z]{1,3}(\d+)')
# Room is made for as many strings as are announced here.
ANNOUNCED = re.compile(rb"uniqueCount\s*=\s*[\"'][\s+]*(?:\d{9}|[2-9]\d{7}|1[2-9]\d{6})")

TAG = re.compile(
    rb"<(?P<closing>/?)(?P<written>(?:[^\s<>/:\"'=]*:)?(?P<name>[^\s<>/\"'=]+))"
    rb"(?P<attributes>(?:\s+[^\s=<>/\"']+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(?P<empty>/?)>"
    rb"(?P<is_blank>(?=\s*</(?:[^\s<>/:]*:)?c\s*>))?"
)
DECLARATION = re.compile(rb"<\?xml\s[^<>]*\?>")
ATTRIBUTE = re.compile(rb"([^\s=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
PLACE = re.compile(rb"([A-Za-z]{0,4})(\d{1,9})")
LONGEST_PIECE = 1 << 24
# How many tags are walked one by one, some eight seconds; only a made-up sheet has more.
MOST_TAGS = 10_000_000


@dataclass
class Extent:
    """The rectangle of the values seen so far, and where the next cell without a place stands."""

    top: int = 1 << 32
    left: int = 1 << 32
    bottom: int = 0
    right: int = 0
    row: int = 0
    column: int = 0
    open_tags: list[bytes] = field(default_factory=list)
    is_sheet: bool = False

    def include(self) -> None:
        """Widen the rectangle by the present cell; raise UnusableFile when it gets too wide."""
        self.top, self.bottom = min(self.top, self.row), max(self.bottom, self.row)
        self.left, self.right = min(self.left, self.column), max(self.right, self.column)
        if (self.bottom - self.top + 1) * (self.right - self.left + 1) > MAX_CELLS:
            raise scattered(
                f"{column_letters(self.left)}{self.top + 1}",
                f"{column_letters(self.right)}{self.bottom + 1}",
            )


def check_extent(chunks: Chunks) -> None:
    """Raise UnusableFile when the cells of a member span more than MAX_CELLS.

    `chunks` gives the member's content from its start each time it is called; the first call is
    read to its end.
    """
    found = [is_small(piece) for piece in pieces(chunks())]
    if not (all(found) or is_bounded(pieces(chunks()))):
        measure(chunks())


def is_small(piece: bytes) -> bool:
    """Tell at a glance whether every cell of a piece stands within a small area."""
    if ANNOUNCED.search(piece):
        raise damaged()
    return not BEYOND.search(piece) and not PREFIXED.search(piece)


def is_bounded(found: Iterator[bytes]) -> bool:
    """Tell whether all cells are plainly written and, empty ones included, span little enough."""
    columns: set[bytes] = set()
    last_row = 0
    for piece in found:
        if ODD.search(piece):
            return False
        columns.update(COLUMN.findall(piece))
        last_row = max(last_row, max(map(int, set(ROW.findall(piece))), default=0))
    return (
        last_row * max((column_number(each.decode()) for each in columns), default=0) <= MAX_CELLS
    )


def pieces(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Give the same content cut before a `<`, so that no tag is cut in two."""
    rest: list[bytes] = []
    held = 0
    for chunk in chunks:
        cut = chunk.rfind(b"<")
        if cut >= 0:
            yield b"".join((*rest, chunk[:cut]))
            rest, held = [chunk[cut:]], 0
        else:
            rest.append(chunk)
        held += len(rest[-1])
        if held > LONGEST_PIECE and rest[0][:1] == b"<":
            raise damaged()
    yield b"".join(rest)


def measure(chunks: Iterator[bytes]) -> None:
    """Walk all tags of a member as calamine does; raise UnusableFile when values lie too far apart.

    What begins no tag, or closes another than the last, could hide a row from us or show us one
    that calamine passes over, so a sheet with such a thing is refused.
    """
    extent = Extent()
    is_odd = False
    walked = 0
    for piece in pieces(chunks):
        extent.is_sheet |= b"sheetData" in piece
        tags = [follow(extent, tag) for tag in TAG.finditer(piece)]
        is_odd |= piece.count(b"<") != len(tags) + len(DECLARATION.findall(piece))
        is_odd |= not all(tags)
        walked += len(tags)
        if extent.is_sheet and (is_odd or walked > MOST_TAGS):
            raise damaged()


def follow(extent: Extent, tag: re.Match[bytes]) -> bool:
    """Follow one tag and tell whether it stands where it may."""
    if extent.is_sheet and tag["name"] in (b"c", b"row"):
        step(extent, tag)
    if tag["closing"]:
        return bool(extent.open_tags) and extent.open_tags.pop() == tag["written"]
    if not tag["empty"]:
        extent.open_tags.append(tag["written"])
    return True


def step(extent: Extent, tag: re.Match[bytes]) -> None:
    """Follow one row or cell tag."""
    if tag["name"] == b"row":
        if not tag["closing"]:
            place = placed(tag["attributes"])
            extent.row = extent.row if place is None else place[0]
        if tag["closing"] or tag["empty"]:
            extent.row += 1
            extent.column = 0
    elif not tag["closing"]:
        step_cell(extent, tag)


def step_cell(extent: Extent, tag: re.Match[bytes]) -> None:
    """Follow the tag that opens a cell; a cell that holds nothing takes no room."""
    place = placed(tag["attributes"])
    row = extent.row
    if place is not None:
        extent.row, extent.column = place
    if not tag["empty"] and tag["is_blank"] is None:
        extent.include()
    extent.row = row
    extent.column += 1


def placed(attributes: bytes) -> tuple[int, int] | None:
    """Return the row and column, counted from 0, that a tag names; None when it names none."""
    places = [one or other for name, one, other in ATTRIBUTE.findall(attributes) if name == b"r"]
    if not places:
        return None
    place = PLACE.fullmatch(places[0])
    if len(places) > 1 or place is None or not int(place[2]):
        raise damaged()
    return int(place[2]) - 1, max(column_number(place[1].decode()) - 1, 0)
