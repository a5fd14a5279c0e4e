"""The heading row is found under titles and notes, and columns are known by their names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.sheets.headings import (
    find_headings,
    is_blank,
    is_note,
    is_total,
    plain_heading,
)
from anlan.kernel.sheets.reading import Grid

WANTED = {
    "name": ["姓名", "户主姓名"],
    "phone": ["电话", "联系电话"],
    "area": ["面积"],
    "structure": ["结构", "房屋结构"],
    "remark": ["备注"],
}


def found(*rows):
    return find_headings(Grid("表", [list(row) for row in rows]), WANTED)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("面积（米）", "面积"),
        ("长 度(m)", "长度"),
        ("*姓 名", "姓名"),
        ("姓名＊", "姓名"),
        ("联系\n电话", "联系电话"),
        ("电话（必填）*", "电话"),
        ("面积（㎡）（实测）", "面积"),
        ("（一）", "(一)"),
        ("ＮＡＭＥ", "name"),
        ("", ""),
    ],
)
def test_plain_headings(text, plain):
    assert plain_heading(text) == plain


@given(st.text(alphabet="姓名面积（）()【】* \n\u3000Ａam㎡", max_size=12))
def test_plain_heading_is_idempotent(text):
    assert plain_heading(plain_heading(text)) == plain_heading(text)


def test_headings_under_a_title_a_note_and_a_blank_row():
    headings = found(
        ["略阳县受威胁户名册"] * 4,
        ["填表人：张三", "", "", "2024年7月1日"],
        ["", "", "", ""],
        ["序号", "户主姓名*", "联系电话", "面积（㎡）"],
        [1.0, "李四", "13800000000", 88.0],
    )
    assert headings is not None
    assert headings.first_row == 4
    assert headings.columns == {"name": 1, "phone": 2, "area": 3}
    assert headings.unknown == ((0, "序号"),)
    assert headings.texts == ("序号", "户主姓名*", "联系电话", "面积（㎡）")


def test_two_rows_of_headings_with_merged_group_heads():
    headings = found(
        ["姓名", "房屋情况", "房屋情况", "备注"],
        ["姓名", "结构", "面积", "备注"],
        ["李四", "砖混", 88.0, ""],
    )
    assert headings is not None
    assert headings.first_row == 2
    assert headings.columns == {"name": 0, "structure": 1, "area": 2, "remark": 3}


def test_two_rows_of_headings_that_are_not_merged():
    headings = found(
        ["姓名", "电话", "房屋情况", "", "备注"],
        ["", "", "结构", "面积", ""],
        ["李四", "13800000000", "砖混", 88.0, ""],
    )
    assert headings is not None
    assert headings.first_row == 2
    assert headings.columns == {"name": 0, "phone": 1, "structure": 2, "area": 3, "remark": 4}


def test_the_lower_row_may_name_fewer_columns():
    headings = found(
        ["姓名", "电话", "房屋情况", "房屋情况"],
        ["", "", "结构", "面积"],
        ["李四", "13800000000", "砖混", 88.0],
    )
    assert headings is not None
    assert headings.first_row == 2
    assert headings.columns == {"name": 0, "phone": 1, "structure": 2, "area": 3}


def test_a_data_row_is_no_heading_row():
    headings = found(
        ["姓名", "电话", "面积", "结构", "备注"],
        ["姓名", "13800000000", 1.0, "结构", "面积"],
        ["电话", "13800000001", 2.0, "备注", "姓名"],
    )
    assert headings is not None
    assert headings.first_row == 1
    assert found(["李四", "13800000000", 88.0], ["备注", "13800000000", 3.0]) is None


def test_a_text_data_row_below_is_no_second_heading_row():
    headings = found(["姓名", "房屋", "备注"], ["李四", "砖混", "结构"])
    assert headings is not None
    assert headings.first_row == 1


def test_a_column_named_twice_is_reported():
    headings = found(["姓名", "电话", "联系电话"], ["李四", "", ""])
    assert headings is not None
    assert headings.columns == {"name": 0, "phone": 1}
    assert headings.doubled == ((2, "phone"),)


def test_no_headings():
    assert found() is None
    assert found([]) is None
    assert found(["姓名", "其他"]) is None
    assert found(*[["x"]] * 30, ["姓名", "电话"]) is None


def test_headings_repeated_further_down_do_not_hide_rows():
    headings = found(["姓名", "电话"], ["李四", "13800000000"], ["姓名", "电话"])
    assert headings is not None
    assert headings.first_row == 1


def test_blank_rows_totals_and_notes():
    assert is_blank(["", None, " ", "\u3000\u200b"])
    assert is_blank([])
    assert not is_blank(["", 0.0])
    assert is_total(["", "合 计", 5.0])
    assert is_total(["总计：", ""])
    assert is_total(["Total", 3])
    assert not is_total(["合计人数大队", 5.0])
    assert not is_total([5.0, "合计"])
    assert is_note(["注：本表一式三份", "", None])
    assert is_note(["填表说明", "填表说明"])
    assert is_note(["Note: in metres"])
    assert not is_note(["注册", "李四"])
    assert not is_note(["李四", ""])
    assert not is_note(["", ""])
