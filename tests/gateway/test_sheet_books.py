"""What offices send becomes grids of values, and what is written comes back as it was."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
import xlsxwriter
from django.utils import translation

from anlan.kernel.sheets.headings import find_headings
from anlan.kernel.sheets.reading import Grid, cell_name, open_book
from anlan.kernel.sheets.templates import template
from anlan.kernel.sheets.unusable import UnusableFile
from anlan.kernel.sheets.writing import SheetColumn, bad_rows, sheet_title, write_rows
from tests.gateway.sheet_specimens import (
    book,
    book_of_sheet,
    label,
    merged,
    number,
    old_book,
    sheet,
)


@pytest.fixture(scope="module", autouse=True)
def in_english() -> Iterator[None]:
    """Let refusals speak English, whose words these tests look for."""
    with translation.override("en"):
        yield


DANGEROUS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(1)",
    "-2+3",
    "\tx",
    "\rx",
    "http://x",
    "007",
    "{=1}",
]
COLUMNS = (
    SheetColumn("姓名", 12, "户主的姓名", is_required=True, example="张三"),
    SheetColumn("电话", 16, as_text=True),
    SheetColumn("结构", 10, "房屋的结构", choices=("砖混", "木")),
    SheetColumn("村", 10, choices=tuple(f"第{n}村民委员会" for n in range(60))),
)


def grid(content, name="表.xlsx"):
    (only,) = open_book(name, content).sheets
    return only


def member(content, ending):
    """Return the text of all members whose name ends so."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        names = [name for name in opened.namelist() if name.endswith(ending)]
        return "".join(opened.read(name).decode() for name in names)


def test_values_and_where_they_stand():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as made:
        sheet = made.add_worksheet("受威胁户")
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row("C7", ["张三", 12.5, True])
        sheet.write_datetime("F7", date(2024, 7, 1), day)
        sheet.write_blank("XFD20000", None, day)
        made.add_worksheet("隐藏").hide()
        made.add_chartsheet("图")
    book = open_book("名册.xlsx", content.getvalue())
    assert [each.name for each in book.sheets] == ["受威胁户"]
    assert book.sheets[0].rows == [["张三", 12.5, True, date(2024, 7, 1)]]
    assert cell_name(book.sheets[0], 0, 0) == "C7"
    assert cell_name(book.sheets[0], 3, 26) == "AC10"


def test_merged_cells_all_have_the_value():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as made:
        sheet = made.add_worksheet()
        sheet.merge_range("B2:D3", "房屋")
        sheet.merge_range("A4:A5", "甲村")
        sheet.merge_range("C5:Z99", "")
        sheet.write("D5", 1)
    assert grid(content.getvalue()).rows == [
        ["", "房屋", "房屋", "房屋"],
        ["", "房屋", "房屋", "房屋"],
        ["甲村", "", "", ""],
        ["甲村", "", "", 1.0],
    ]


def test_an_old_book():
    cells = label(2, 1, "姓名") + label(2, 3, "备注") + number(3, 1, 5.5) + merged((2, 2, 1, 2))
    found = grid(old_book(cells), "名册.XLS")
    assert found == Grid("旧表", [["姓名", "姓名", "备注"], [5.5, "", ""]], 2, 1)
    assert cell_name(found, 1, 0) == "B4"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separated_values(encoding, separator):
    lines = [["姓名", "住址"], ["张三", f"一{separator}二"], ["李四"]]
    quoted = [[f'"{text}"' if separator in text else text for text in line] for line in lines]
    text = "\r\n".join(separator.join(line) for line in quoted)
    found = grid(text.encode(encoding), "名册.csv")
    assert found.name == "名册"
    assert found.rows == [["姓名", "住址"], ["张三", f"一{separator}二"], ["李四", ""]]
    assert cell_name(found, 1, 1) == "B2"


def test_a_namespace_prefix_and_cells_without_places():
    rows = (
        '<x:row><x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c><x:c><x:v>2</x:v></x:c></x:row>'
    )
    assert grid(book_of_sheet(sheet(rows * 2, prefix="x:"))).rows == [["a", 2.0]] * 2


def test_dangerous_texts_stay_texts():
    content = b"".join(write_rows("表", [SheetColumn("值", 9)] * 9, [DANGEROUS]))
    sheet = member(content, "sheet1.xml")
    assert "<f>" not in sheet
    assert "<f " not in sheet
    assert "<hyperlink" not in sheet
    assert sheet.count('quotePrefix="1"') == 0
    assert 'quotePrefix="1"' in member(content, "styles.xml")
    assert grid(content).rows[1] == DANGEROUS
    returned = bad_rows("表", ["值"] * 9, [(DANGEROUS, "=1+1", {0, 4})])
    assert "<f" not in re.sub("<f[io]", "", member(returned, "sheet1.xml"))
    assert grid(returned).rows[1] == ["=1+1", *DANGEROUS]


def test_written_rows_come_back():
    columns = [SheetColumn(f"列{n}", 10) for n in range(11)]
    moment = datetime(2024, 7, 1, 0, 30, tzinfo=UTC)
    row = ["张三", 5, 2.5, Decimal("1.25"), True, date(2024, 7, 1), None, time(8, 30)]
    row += [timedelta(hours=30), 610727199001011234, moment]
    content = b"".join(write_rows("a/b:[c]*?", columns, [row, ["=x", *[None] * 10]]))
    found = grid(content)
    assert found.name == "a b  c"
    assert found.rows[1][:8] == ["张三", 5.0, 2.5, 1.25, True, date(2024, 7, 1), "", time(8, 30)]
    local = datetime.combine(date(2024, 7, 1), time(8, 30))
    assert found.rows[1][8:] == [timedelta(hours=30), "610727199001011234", local]
    assert content == b"".join(write_rows("a/b:[c]*?", columns, [row, ["=x", *[None] * 10]]))


def test_text_columns_keep_numbers_as_texts():
    columns = [SheetColumn("电话", 16, as_text=True), SheetColumn("日期", 12)]
    content = b"".join(write_rows("表", columns, [[13800000000, date(1899, 1, 1)]]))
    assert grid(content).rows[1] == ["13800000000", "1899-01-01"]


def test_a_template_asks_for_what_it_reads():
    content = template("受威胁户", COLUMNS, notes=["一户一行", "=2"])
    first, second = open_book("模板.xlsx", content).sheets
    assert first.rows == [["姓名*", "电话", "结构", "村"]]
    wanted = {each.heading: [each.heading] for each in COLUMNS}
    headings = find_headings(first, wanted)
    assert headings is not None
    assert headings.columns == {"姓名": 0, "电话": 1, "结构": 2, "村": 3}
    assert second.rows[1][:3] == ["姓名", "yes", "户主的姓名"]
    assert [row[0] for row in second.rows[-2:]] == ["一户一行", "=2"]
    sheet = member(content, "worksheets/sheet1.xml")
    assert "砖混,木" in sheet
    assert "$D$1:$D$60" in sheet
    assert 'sqref="C2:C5001"' in sheet
    assert 'state="frozen"' in sheet
    assert "户主的姓名" in member(content, "comments1.xml")
    assert 'state="hidden"' in member(content, "workbook.xml")
    assert content == template("受威胁户", COLUMNS, notes=["一户一行", "=2"])


def test_refused_rows_can_be_sent_again():
    rows = [(["张三", 138.0, date(2024, 7, 1)], "“138” is not a phone number.", {1})]
    content = bad_rows("表", ["姓名", "电话", "日期"], [*rows, (["", "", ""], "空", {0})])
    found = grid(content)
    assert found.rows[1] == ["“138” is not a phone number.", "张三", 138.0, date(2024, 7, 1)]
    headings = find_headings(found, {"name": ["姓名"], "phone": ["电话"], "day": ["日期"]})
    assert headings is not None
    assert headings.columns == {"name": 1, "phone": 2, "day": 3}
    assert headings.unknown == ((0, "Reason for refusal"),)
    assert "FFFFC7CE" in member(content, "styles.xml")


@pytest.mark.parametrize(
    ("title", "right"), [("'a'", "a"), ("", "1"), ("[]", "1"), ("很" * 40, "很" * 31)]
)
def test_sheet_titles(title, right):
    assert sheet_title(title) == right


def test_a_book_without_values_is_refused():
    with pytest.raises(UnusableFile, match="no values"):
        open_book("表.xlsx", book())
