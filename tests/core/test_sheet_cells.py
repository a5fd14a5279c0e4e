"""One cell becomes one value, however an office wrote it, or a sentence says what to mend."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.sheets.cells import (
    BadCell,
    as_choice,
    as_code,
    as_day,
    as_id_number,
    as_number,
    as_phone,
    as_phones,
    as_text,
    as_whole,
    as_yes_no,
    check_sign,
    choice_table,
)


@pytest.fixture(scope="module", autouse=True)
def in_english() -> Iterator[None]:
    """Let refusals speak English, whose words these tests look for."""
    with translation.override("en"):
        yield


EMPTY = [None, "", "  ", "\u3000", "\u200b", "/", "-", "—", "——", "N/A", " ／ "]
CHOICES = choice_table([("wood", "木结构"), ("brick", "砖混结构"), ("none", "其他")])
days = st.dates(date(1970, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize("cell", [*EMPTY, "无"])
def test_nothing_is_none(cell):
    assert as_text(cell, longest=5) is None
    assert as_number(cell) is None
    assert as_whole(cell, units=("人",)) is None
    assert as_day(cell) is None
    assert as_choice(cell, choices=CHOICES) is None
    assert as_phone(cell) is None
    assert as_phones(cell) == ()
    assert as_id_number(cell) is None
    assert as_code(cell) is None


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" 张三 ", "张三"),
        ("张\u3000三", "张 三"),
        ("Ａ座１２号（东）", "A座12号（东）"),
        (5.0, "5"),
        (1.5, "1.5"),
        (True, "TRUE"),
        (date(2024, 7, 1), "2024-07-01"),
        ("王\u200b五\ufeff", "王五"),
    ],
)
def test_texts(cell, text):
    assert as_text(cell, longest=20) == text


@given(st.text(max_size=30))
def test_text_is_idempotent(text):
    once = as_text(text, longest=60)
    assert once is None or as_text(once, longest=60) == once


def test_a_long_text_is_refused_and_cut_in_the_sentence():
    with pytest.raises(BadCell) as refused:
        as_text("很" * 300, longest=200)
    assert "300" in str(refused.value)
    assert "200" in str(refused.value)
    assert len(str(refused.value)) < 160


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (12.5, 12.5),
        ("12.5米", 12.5),
        ("１２．５ m", 12.5),
        ("1,234", 1234),
        ("1，234.5", 1234.5),
        ("1 234", 1234),
        (" -3 ", -3),
        ("−3", -3),
        ("1.2E+3", 1200),
        (".5", 0.5),
        (0, 0),
    ],
)
def test_numbers(cell, number):
    assert as_number(cell, units=("米", "m")) == number


@pytest.mark.parametrize(
    "cell",
    [
        "约12",
        "12人",
        "1,23",
        "12.5.1",
        "米",
        "+",
        "e5",
        "nan",
        "1e999",
        float("nan"),
        True,
        "1" * 50,
        date(2024, 1, 1),
        time(1),
        "12-15",
    ],
)
def test_what_is_no_number_is_refused(cell):
    with pytest.raises(BadCell):
        as_number(cell, units=("米",))
    with pytest.raises(BadCell):
        as_whole(cell, units=("米",))


def test_whole_numbers_and_limits():
    assert as_whole(3.0) == 3
    assert as_whole("3 人", units=("人",)) == 3
    assert as_whole("3.0") == 3
    assert as_whole("９００７１９９２５４７４０９９３") == 9007199254740993
    with pytest.raises(BadCell, match=r"2\.5"):
        as_whole(2.5)
    with pytest.raises(BadCell, match="at least 1"):
        as_whole(0, least=1)
    with pytest.raises(BadCell, match="at most 20"):
        as_number("21", most=20)


@given(days)
def test_a_day_survives_every_spelling(day):
    year, month, number = day.year, day.month, day.day
    for cell in (
        day,
        datetime.combine(day, time(8, 30)),
        day.isoformat(),
        f"{year}/{month}/{number}",
        f"{year}.{month}.{number}",
        f"{year}年{month}月{number}日",
        f" {year} 年 {month:02} 月 {number:02} 日 ",
        f"{day:%Y%m%d}",
        float(f"{day:%Y%m%d}"),
        f"{day.isoformat()} 00:00:00",
        (day - date(1899, 12, 30)).days,
        (day - date(1899, 12, 30)).days + 0.75,
        day.isoformat().translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ):
        assert as_day(cell) == day


@pytest.mark.parametrize(
    "cell",
    [
        "2024-02-30",
        "2023年2月29日",
        20240231,
        "2024-13-01",
        "24.7.1",
        "2024-7/1",
        "昨天",
        5,
        2024,
        True,
        time(8),
        timedelta(1),
        "1024-01-01",
        datetime.combine(date(1899, 12, 31), time()),
        73416,
        float("nan"),
    ],
)
def test_impossible_days_are_refused(cell):
    with pytest.raises(BadCell):
        as_day(cell)


@pytest.mark.parametrize("cell", ["2024年7月", "2024-07", "2024.7"])
def test_a_month_names_no_day(cell):
    with pytest.raises(BadCell, match="names no day"):
        as_day(cell)


@pytest.mark.parametrize("cell", ["是", " 有 ", "√", 1, 1.0, "１", "TRUE", "Yes", True])
def test_yes(cell):
    assert as_yes_no(cell) is True


@pytest.mark.parametrize("cell", ["否", "无", "×", 0, 0.0, "false", "NO", False])
def test_no(cell):
    assert as_yes_no(cell) is False


def test_neither_yes_nor_no():
    assert [as_yes_no(cell) for cell in EMPTY] == [None] * len(EMPTY)
    for cell in ("也许", 2, date(2024, 1, 1)):
        with pytest.raises(BadCell):
            as_yes_no(cell)


def test_choices_by_label_or_value():
    assert as_choice("木结构", choices=CHOICES) == "wood"
    assert as_choice(" 砖混 结构", choices=CHOICES) == "brick"
    assert as_choice("BRICK", choices=CHOICES) == "brick"
    with pytest.raises(BadCell, match="木结构、砖混结构、其他") as refused:
        as_choice("土坯", choices=CHOICES)
    assert "土坯" in str(refused.value)
    assert as_choice("无", choices=choice_table([("none", "无")])) == "none"


def test_a_refusal_lists_at_most_twelve_choices():
    with pytest.raises(BadCell) as refused:
        as_choice("x", choices=choice_table([(f"v{n}", f"第{n}类") for n in range(40)]))
    assert "第11类…" in str(refused.value)
    assert "第12类" not in str(refused.value)


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("13800000000", "13800000000"),
        (13800000000.0, "13800000000"),
        (13800000000, "13800000000"),
        ("1.3800000000E+10", "13800000000"),
        ("138 0000 0000", "13800000000"),
        ("138-0000-0000", "13800000000"),
        ("＋８６ １３８００００００００", "13800000000"),
        ("008613800000000", "13800000000"),
        ("8613800000000", "13800000000"),
        ("138\u200b00000000\n", "13800000000"),
        ("0916-2212345", "0916-2212345"),
        ("0916 221 2345", "0916-2212345"),
        ("（0916）2212345", "0916-2212345"),
        ("029-88361234转12", "029-88361234-12"),
        ("02988361234", "029-88361234"),
        ("+86 916 2212345", "0916-2212345"),
        ("0916-2212345-801", "0916-2212345-801"),
        (9162212345.0, "0916-2212345"),
    ],
)
def test_phones(cell, phone):
    assert as_phone(cell) == phone
    assert as_phones(cell) == (phone,)
    assert as_phone(phone) == phone


@pytest.mark.parametrize(
    "cell",
    [
        "13800000000/13900000000",
        "13800000000、 13900000000",
        "13800000000,13900000000",
        "13800000000 13900000000",
        "138 0000 0000  139 0000 0000",
        "13800000000；13900000000",
        "13800000000\n13900000000",
    ],
)
def test_two_phones_in_a_cell(cell):
    assert as_phones(cell) == ("13800000000", "13900000000")
    with pytest.raises(BadCell, match="column of its own") as refused:
        as_phone(cell)
    assert "13800000000" not in str(refused.value)


@pytest.mark.parametrize(
    "cell",
    [
        "12800000000",
        "1380000000",
        "138000000001",
        "2212345",
        "张三",
        "13800000000/12",
        5,
        True,
        "1.38E+10",
        date(2024, 1, 1),
        "0016-2212345",
    ],
)
def test_what_is_no_phone_is_refused(cell):
    with pytest.raises(BadCell):
        as_phone(cell)


def identity(day: date, *, area: int = 610727, order: int = 123) -> str:
    """Return a well-formed identity number."""
    number = f"{area}{day:%Y%m%d}{order:03}"
    return number + check_sign(number)


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.integers(0, 999))
def test_identity_numbers(day, order):
    number = identity(day, order=order)
    assert as_id_number(f" {number.lower()} ") == number
    spaced = f"{number[:6]} {number[6:14]}\u3000{number[14:]}"
    assert as_id_number(spaced) == number


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_seen_and_the_number_is_masked(day, place, shift):
    number = identity(day)
    old = 10 if number[place] == "X" else int(number[place])
    wrong = number[:place] + str((old + shift) % 10) + number[place + 1 :]
    if wrong != number:
        with pytest.raises(BadCell) as refused:
            as_id_number(wrong)
        assert wrong not in str(refused.value)
        assert wrong[3:14] not in str(refused.value)


def test_the_published_example_of_an_identity_number():
    assert as_id_number("11010519491231002X") == "11010519491231002X"


@pytest.mark.parametrize(
    ("cell", "part"),
    [
        (610727199001011234.0, "rounded"),
        (610727199001011234, "rounded"),
        ("6.10727E+17", "rounded"),
        ("610727900101123", "old identity number"),
        ("610727199002301237", "."),
        ("12345", "18 characters"),
        ("张三", "18 characters"),
    ],
)
def test_bad_identity_numbers(cell, part):
    with pytest.raises(BadCell, match=part) as refused:
        as_id_number(cell)
    assert "19900101" not in str(refused.value)


def test_codes():
    assert as_code(610727100001.0, length=12) == "610727100001"
    assert as_code("6107 2710 0001", length=12) == "610727100001"
    assert as_code("６１０７２７１０００００", length=12) == "610727100000"
    assert as_code("6.10727100001E+11", length=12) == "610727100001"
    assert as_code("WZ-01.2") == "WZ-01.2"
    for cell in ("610727", "6.10727E+11", "略阳", 1e16, True, "-61"):
        with pytest.raises(BadCell):
            as_code(cell, length=12)


cells = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.datetimes()
)


@given(cells)
def test_every_cell_is_taken_or_refused(cell):
    for read in (as_number, as_whole, as_day, as_yes_no, as_phones, as_id_number, as_code):
        with suppress(BadCell):
            read(cell)
