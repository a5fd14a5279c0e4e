"""Workbooks made by hand: zips of any members, and the smallest .xls that a reader takes."""

import io
import struct
import zipfile

import xlsxwriter

CONTENT_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    b'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
    b'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def book(*rows, name="表", **options):
    """Return an .xlsx with one sheet of these rows."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, options) as made:
        sheet = made.add_worksheet(name)
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row)
    return content.getvalue()


def zipped(members, *, method=zipfile.ZIP_DEFLATED):
    """Return a zip of these members."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return content.getvalue()


def book_of_sheet(sheet_xml):
    """Return an .xlsx around the XML of its one sheet."""
    if isinstance(sheet_xml, str):
        sheet_xml = sheet_xml.encode()
    return zipped(
        {
            "[Content_Types].xml": CONTENT_TYPES,
            "_rels/.rels": (
                f'<Relationships xmlns="{PACKAGE_RELATIONS}"><Relationship Id="r1" '
                f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
            ),
            "xl/workbook.xml": (
                f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
                '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
            ),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{PACKAGE_RELATIONS}"><Relationship Id="r1" '
                f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
            ),
            "xl/worksheets/sheet1.xml": sheet_xml,
        }
    )


def sheet(data, *, prefix=""):
    """Return the XML of a sheet around its rows."""
    mark = f":{prefix[:-1]}" if prefix else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{prefix}worksheet xmlns{mark}="{MAIN}">'
        f"<{prefix}sheetData>{data}</{prefix}sheetData></{prefix}worksheet>"
    )


def record(kind, data):
    """Return one record of an .xls stream."""
    return struct.pack("<HH", kind, len(data)) + data


def label(row, column, text):
    """Return the record of a text cell."""
    plain = text.encode("utf-16-le")
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + plain)


def number(row, column, value):
    """Return the record of a number cell."""
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def merged(*ranges):
    """Return the record of merged ranges: first row, last row, first column, last column."""
    packed = b"".join(struct.pack("<HHHH", *each) for each in ranges)
    return record(0x00E5, struct.pack("<H", len(ranges)) + packed)


def old_book(cells, *, name="旧表", early=b""):
    """Return an .xls whose one sheet holds these records, with some before everything."""
    begin, end = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0), record(0x000A, b"")
    sheet_name = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    head = record(0x0809, begin) + early
    start = len(head) + 4 + 6 + len(sheet_name) + len(end)
    bound = record(0x0085, struct.pack("<IH", start, 0) + sheet_name)
    inner = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + cells + end
    return compound("Workbook", head + bound + end + inner)


def entry(name, kind, *, start, size, child=0xFFFFFFFF):
    """Return a directory entry of a compound file."""
    wide = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    tail = struct.pack("<IIQ", start, size, 0)[:12]
    return (wide.ljust(64, b"\0") + struct.pack("<HBB", len(wide), kind, 1) + links).ljust(
        116, b"\0"
    ) + tail


def compound(name, stream):
    """Return a compound file with one stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    chain = [*range(3, sectors + 2), 0xFFFFFFFE]
    table = struct.pack(f"<{2 + sectors}I", 0xFFFFFFFD, 0xFFFFFFFE, *chain)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIII", 1, 1, 0, 4096) + struct.pack(
        "<IIII", 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    header += struct.pack("<I", 0) + b"\xff" * (512 - 80)
    directory = entry("Root Entry", 5, start=0xFFFFFFFE, size=0, child=1)
    directory += entry(name, 2, start=2, size=len(stream))
    return header + table.ljust(512, b"\xff") + directory.ljust(512, b"\0") + stream
