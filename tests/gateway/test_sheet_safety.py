"""Files that are damaged, misnamed, locked or made to harm are refused with a sentence."""

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from anlan.kernel.sheets import safety, unusable
from anlan.kernel.sheets.extent import check_extent
from anlan.kernel.sheets.reading import calamine_faults, open_book
from anlan.kernel.sheets.unusable import UnusableFile
from tests.gateway.sheet_specimens import (
    book,
    book_of_sheet,
    compound,
    label,
    number,
    old_book,
    record,
    sheet,
    zipped,
)


@pytest.fixture(scope="module", autouse=True)
def in_english() -> Iterator[None]:
    """Let refusals speak English, whose words these tests look for."""
    with translation.override("en"):
        yield


SOUND = book(["姓名", "电话"], ["张三", "13800000000"], [1, 2.5])
OLD = old_book(label(0, 0, "姓名") + label(1, 0, "张三"))


def refusal(name, content):
    with pytest.raises(UnusableFile) as refused:
        open_book(name, content)
    assert str(refused.value).endswith(".")
    return str(refused.value)


def test_the_specimens_are_sound():
    assert open_book("a.xlsx", SOUND).sheets[0].rows[1] == ["张三", "13800000000"]
    assert open_book("a.xls", OLD).sheets[0].rows[1] == ["张三"]


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("a.xlsx", b"", "empty"),
        ("a.csv", b" \r\n\0", "empty"),
        ("a.xlsm", SOUND, "save it as .xlsx"),
        ("a.xlsb", SOUND, "save it as .xlsx"),
        ("a.doc", SOUND, "“.doc”"),
        ("表", SOUND, "cannot be read"),
        ("a.xlsx", OLD, "its content is .xls"),
        ("a.xls", SOUND, "its content is .xlsx"),
        ("a.csv", SOUND, "its content is .xlsx"),
        ("a.xlsx", b"%PDF-1.7 ...", "its content is .pdf"),
        ("a.xls", b"\xef\xbb\xbf\n<HTML><table>", "web page"),
        ("a.xls", b"<?xml version='1.0'?><Workbook>", "web page"),
        ("a.csv", b"<!DOCTYPE html>", "web page"),
        ("a.xlsx", b"name,phone", "damaged"),
        ("a.xlsx", zipped({"a.txt": b"x"}), "no Excel workbook"),
        ("a.xlsx", zipped({"xl/workbook.bin": b"x"}), ".xlsb"),
        ("a.xlsx", zipped({"xl/workbook.xml": b"", "xl/vbaProject.bin": b"x"}), ".xlsm"),
        ("a.xlsx", zipped({"xl/workbook.xml": b"", "mimetype": b"x"}), "no Excel workbook"),
        ("a.xlsx", compound("EncryptedPackage", b"x"), "password"),
        ("a.xls", old_book(b"", early=record(0x002F, b"\1\0")), "password"),
        ("a.xls", compound("WordDocument", b"x"), "no table"),
        ("a.csv", b"a,b\n\0,c", "not readable as text"),
        ("a.csv", b"\xff\xff\xff", "not readable as text"),
        ("a.csv", b'a,b\n"' + b"x" * 200_000, "Line"),
        ("a.csv", b"," * 600, "601 columns"),
    ],
)
def test_refused(name, content, part):
    assert part in refusal(name, content)


def test_too_many_bytes_and_rows(monkeypatch):
    assert "31 MB" in refusal("a.xlsx", bytes(30 * unusable.MEGABYTE + 1))
    assert "300001 rows" in refusal("a.csv", b"a\n" * 300_001)
    # Sparse rows: no single cell of it is far out, the sheet as a whole is.
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in (1, 300_001))
    assert "300001 rows" in refusal("a.xlsx", book_of_sheet(sheet(rows)))
    row = '<row r="1"><c r="A1"><v>1</v></c><c r="SG1"><v>1</v></c></row>'
    assert "501 columns" in refusal("a.xlsx", book_of_sheet(sheet(row)))


def test_a_member_that_unpacks_to_too_much():
    packed = zipped({"xl/workbook.xml": b"", "x": bytes(401 * unusable.MEGABYTE)})
    assert len(packed) < unusable.MEGABYTE
    assert "400 MB" in refusal("a.xlsx", packed)


@pytest.mark.parametrize("declared", [10, 5_000_000])
def test_a_member_that_lies_about_its_size(declared):
    content = bytearray(zipped({"xl/workbook.xml": b"", "x": bytes(3_000_000)}))
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.rfind(mark)
        struct.pack_into("<I", content, at + place, declared)
    assert "damaged" in refusal("a.xlsx", bytes(content))


def test_a_member_is_unpacked_in_bounded_chunks():
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = stream.compress(bytes(30_000_000)) + stream.flush()
    sizes = [len(each) for each in safety.chunks(memoryview(packed), method=zipfile.ZIP_DEFLATED)]
    assert sum(sizes) == 30_000_000
    assert max(sizes) <= safety.CHUNK


def test_too_many_members_other_methods_and_locked_members():
    many = {"xl/workbook.xml": b"", **{f"{n}": b"" for n in range(2_000)}}
    assert "damaged" in refusal("a.xlsx", zipped(many))
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert "damaged" in refusal("a.xlsx", zipped({"xl/workbook.xml": b"x"}, method=method))
    content = bytearray(SOUND)
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    assert "password" in refusal("a.xlsx", bytes(content))


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'


@pytest.mark.parametrize(
    "rows",
    [
        FAR,
        FAR.replace('"', "'"),
        FAR.replace(" r=", " s='1' r = "),
        FAR.replace("XFD", "xfd"),
        '<row r="1"><c><v>1</v></c></row><row r="299999"><c r="ZZ299999"><v>1</v></c></row>',
        '<row><c r="A1"><v>1</v></c></row><row r="1048576">'
        + "<c/>" * 16_000
        + "<c><v>1</v></c></row>",
        '<row r="1"><c r="A1"><v>1</v></c><!-- <c --><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c x="</row>" r="XFD1048576"><v>1</v></c></row>',
        '<row><c><v>1</v></row><row r="300000"></c><c><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1" r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="1" r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="ZZZZZZZZZ1"><v>1</v></c></row>',
    ],
)
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_values_far_apart_do_not_exhaust_memory(rows, prefix):
    if prefix:
        rows = rows.replace("<row", "<x:row").replace("</row", "</x:row").replace("<c", "<x:c")
        rows = rows.replace("</c", "</x:c").replace("<v", "<x:v").replace("</v", "</x:v")
    refusal("a.xlsx", book_of_sheet(sheet(rows, prefix=prefix)))


def test_the_sentence_names_the_far_cell():
    assert "from A1 to XFD1048576" in refusal("a.xlsx", book_of_sheet(sheet(FAR)))


def test_styled_cells_far_out_hold_nothing():
    blank = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row>'
    blank += '<row r="1048576" ht="12"><c r="B1048576" s="3"></c></row>'
    assert open_book("a.xlsx", book_of_sheet(sheet(blank))).sheets[0].rows == [[1.0]]


def test_announced_strings_do_not_exhaust_memory():
    content = book_of_sheet(sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    members["xl/sharedStrings.xml"] = b'<sst uniqueCount="90000000000"></sst>'
    assert "damaged" in refusal("a.xlsx", zipped(members))


def test_merged_ranges_without_end_are_refused(monkeypatch):
    monkeypatch.setattr("anlan.kernel.sheets.reading.MAX_CELLS", 100)
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="I9"><v>1</v></c></row>'
    merged = "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 3 + "</mergeCells></worksheet>"
    content = book_of_sheet(sheet(rows).replace("</worksheet>", merged))
    assert "damaged" in refusal("a.xlsx", content)


@pytest.mark.parametrize(
    "cells",
    [
        number(0, 0, 1.0) + number(65_535, 65_535, 1.0),
        record(0x0200, struct.pack("<IIHHH", 0, 0xFFFFFFF0, 0, 0xFFF0, 0)),
        record(0x0203, b"\0"),
        record(0x00FD, b"\0" * 4),
    ],
    ids=["far apart", "dimensions", "number", "text"],
)
def test_an_old_book_with_wrong_sizes_is_refused(cells):
    refusal("a.xls", old_book(cells))


def opened_or_refused(name, content):
    with suppress(UnusableFile):
        open_book(name, content)


def test_truncated_books_are_refused():
    for length in range(1, len(SOUND), 41):
        refusal("a.xlsx", SOUND[:length])


def test_truncated_old_books_end_in_a_sentence():
    for length in (100, 512, 1000, 1536, 2000):
        opened_or_refused("a.xls", OLD[:length])


def test_flipped_bytes_end_in_a_sentence():
    chance = random.Random(1)
    for _ in range(300):
        content = bytearray(SOUND)
        for _ in range(chance.randint(1, 5)):
            content[chance.randrange(4, len(content))] = chance.randrange(256)
        opened_or_refused("a.xlsx", bytes(content))


@settings(max_examples=60)
@given(st.binary(max_size=400), st.sampled_from(["a.xlsx", "a.csv"]))
def test_random_bytes_end_in_a_sentence(content, name):
    opened_or_refused(name, content)
    opened_or_refused("a.xlsx", b"PK\x03\x04" + content)


PARTS = [
    '<row r="{r}">', "<row>", "</row>", "<row/>", '<c r="{c}{r}">', "<c>", "<c/>", "</c>",
    "<v>1</v>", '<c r="{c}{r}" s="1"></c>', "<!-- <row> -->", '<x:c r="{c}{r}">', "<x:row >",
    "<c\tr='{c}{r}' >", "<cols>", '<c s="1" r="{c}{r}">', "x", "</x:row>", "<is><t>a</t></is>",
]  # fmt: skip
part = st.builds(
    lambda part, row, column: part.format(r=row, c=column),
    st.sampled_from(PARTS),
    st.sampled_from([1, 2, 9, 40, 99]),
    st.sampled_from(["A", "C", "Z", "AA", "b"]),
)


@settings(max_examples=200)
@given(st.lists(part, max_size=24))
def test_what_is_let_through_is_as_small_as_it_was_found_to_be(parts):
    """Whatever calamine lays out of a sheet, our measure must have seen at least as large."""
    data = sheet("".join(parts)).encode()
    try:
        with calamine_faults():
            made = CalamineWorkbook.from_filelike(io.BytesIO(book_of_sheet(data)))
            found = made.get_sheet_by_name("S")
    except UnusableFile:
        return
    area = found.height * found.width
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("anlan.kernel.sheets.extent.MAX_CELLS", area - 1)
        patch.setattr("anlan.kernel.sheets.extent.BEYOND", re.compile(rb"<"))
        if area > 1:
            with pytest.raises(UnusableFile):
                check_extent(lambda: iter([data]))


def test_a_panic_is_a_damaged_file():
    panic = type("PanicException", (BaseException,), {})
    with pytest.raises(UnusableFile), calamine_faults():
        raise panic
    with pytest.raises(KeyboardInterrupt), calamine_faults():
        raise KeyboardInterrupt
