"""Features out of a zipped Shapefile, its table in UTF-8 or in a Chinese encoding."""

import io
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from struct import error as StructError
from typing import Any

import shapefile
from django.utils.translation import gettext as _

from anlan.registry.boundaries.archive import parts_of
from anlan.registry.boundaries.features import CUT, Feature, Polygons, UnusableBoundaries
from anlan.registry.boundaries.geojson import MAX_FEATURES, polygons_of

CHINESE = "gb18030"
FIELD_BYTES = 32
POLYGON_KINDS = frozenset({shapefile.POLYGON, shapefile.POLYGONZ, shapefile.POLYGONM})
# What a table or a shape that is cut short or made up can raise inside the reader.
BROKEN = (
    shapefile.ShapefileException,
    shapefile.GeoJSON_Error,
    shapefile.RingSamplingError,
    StructError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    MemoryError,
    EOFError,
    AssertionError,
)


def read_shapefile(content: bytes) -> tuple[list[Feature], str]:
    """Return the features of a zipped Shapefile and the text of its .prj, empty without one.

    Raises UnusableBoundaries for a file that is damaged or holds no polygons.
    """
    parts = parts_of(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = list(_features(parts))
    except BROKEN as error:
        raise UnusableBoundaries(
            _("The Shapefile is damaged or incomplete: export it anew and upload it again.")
        ) from error
    if not found:
        raise UnusableBoundaries(_("The file holds no feature."))
    return found, parts.get(".prj", b"").decode("utf-8-sig", errors="replace").strip()


def _features(parts: Mapping[str, bytes]) -> Iterator[Feature]:
    reader = shapefile.Reader(
        shp=io.BytesIO(parts[".shp"]),
        dbf=io.BytesIO(parts[".dbf"]),
        encoding=encoding_of(parts[".dbf"]),
        encodingErrors="replace",
    )
    if reader.shapeType not in POLYGON_KINDS:
        raise UnusableBoundaries(_("The Shapefile holds no polygons but points or lines."))
    names = _distinct(field[0] for field in reader.fields if field[0] != "DeletionFlag")
    for number, both in enumerate(reader.iterShapeRecords(), start=1):
        if number > MAX_FEATURES:
            raise UnusableBoundaries(
                _("The file holds more than %(most)d features: send one county at a time.")
                % {"most": MAX_FEATURES}
            )
        yield _feature(both, names=names, number=number)


def _feature(both: Any, *, names: Sequence[str], number: int) -> Feature:
    beside = dict(zip(names, both.record, strict=False))
    try:
        polygons: Polygons = polygons_of(both.shape.__geo_interface__)
    except BROKEN:
        fault = _("It is no polygon, or its coordinates cannot be read.")
        return Feature(number=number, properties=beside, fault=fault)
    return Feature(number=number, properties=beside, polygons=polygons)


def _distinct(names: Iterable[str]) -> list[str]:
    """Return the names of columns; one that another one bears too gets a mark of being cut."""
    found: list[str] = []
    for name in names:
        marked = name
        while marked in found:
            marked += CUT
        found.append(marked)
    return found


def encoding_of(table: bytes) -> str:
    """Return the encoding of a .dbf: UTF-8 when all its texts are, else the Chinese one.

    The texts speak for themselves; the .cpg and the table's own mark are too often wrong.
    """
    return "utf-8" if all(_is_utf8(text) for text in _texts(table)) else CHINESE


def _texts(table: bytes) -> Iterator[bytes]:
    """Give every name and text of a .dbf table that is not plain ASCII, as its bytes."""
    count = int.from_bytes(table[4:8], "little")
    start, length = int.from_bytes(table[8:10], "little"), int.from_bytes(table[10:12], "little")
    header = table[FIELD_BYTES:start]
    columns = list(_columns(header))
    yield from (name for name in _names(header) if not name.isascii())
    for row in range(min(count, MAX_FEATURES)):
        line = table[start + row * length : start + (row + 1) * length]
        for first, last in columns:
            text = line[first:last].rstrip(b" \0")
            if not text.isascii():
                yield text


def _names(header: bytes) -> Iterator[bytes]:
    """Give the names of the columns, eleven bytes at most."""
    for start in range(0, len(header) - FIELD_BYTES + 1, FIELD_BYTES):
        yield header[start : start + 11].split(b"\0")[0]


def _columns(header: bytes) -> Iterator[tuple[int, int]]:
    """Give where each text column of a record begins and ends; the first byte marks deletion."""
    at = 1
    for start in range(0, len(header) - FIELD_BYTES + 1, FIELD_BYTES):
        field = header[start : start + FIELD_BYTES]
        if field[:1] == b"\r":
            return
        if field[11:12] == b"C":
            yield at, at + field[16]
        at += field[16]


def _is_utf8(text: bytes) -> bool:
    """Tell whether a text is UTF-8; its last character may be cut by the width of the column."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True
