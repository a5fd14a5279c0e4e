"""Division codes: levels, parents, containment and ranges agree with prefix arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.codes import (
    InvalidDivisionCode,
    Level,
    ancestor_of,
    check_code,
    code_range,
    contains,
    level_of,
    parent_of,
    prefix_of,
)

# Real divisions of the yearly statistical list, with the parent that the list itself gives.
REAL: tuple[tuple[str, str, str], ...] = (
    ("150000000000", "province", ""),
    ("150400000000", "city", "150000000000"),
    ("150426000000", "county", "150400000000"),
    ("150426100000", "town", "150426000000"),
    ("150426101000", "town", "150426000000"),
    ("150426200000", "town", "150426000000"),
    ("150426201000", "town", "150426000000"),
    ("150426400000", "town", "150426000000"),
    ("610000000000", "province", ""),
    ("610700000000", "city", "610000000000"),
    ("610102000000", "county", "610100000000"),
    ("610116000000", "county", "610100000000"),
    ("610222000000", "county", "610200000000"),
    ("610703000000", "county", "610700000000"),
    ("610703001000", "town", "610703000000"),
    ("610703002000", "town", "610703000000"),
    ("610703101000", "town", "610703000000"),
    ("610703109000", "town", "610703000000"),
    ("150426100001", "village", "150426100000"),
    ("150426100200", "village", "150426100000"),
    ("150426201203", "village", "150426201000"),
    ("610703109210", "village", "610703109000"),
)

digits = st.text("0123456789", min_size=12, max_size=12).filter(lambda text: text[:2] != "00")
real = st.sampled_from([code for code, _level, _parent in REAL])
codes = st.one_of(digits, real)


@pytest.mark.parametrize(("code", "level", "parent"), REAL)
def test_real_codes_have_the_level_and_parent_of_the_list(code, level, parent):
    assert level_of(code) is Level[level.upper()]
    assert (parent_of(code) or "") == parent


@given(codes)
def test_parent_is_the_next_shorter_prefix(code):
    parent = parent_of(code)
    if parent is None:
        assert level_of(code) is Level.PROVINCE
    else:
        assert level_of(parent) < level_of(code)
        assert contains(parent, code)
        assert not contains(code, parent)


@given(codes, codes)
def test_contains_is_prefix_and_lies_in_the_range(outer, inner):
    holds = inner.startswith(prefix_of(outer))
    low, high = code_range(prefix_of(outer))
    assert contains(outer, inner) == holds
    assert (low <= inner <= high) == holds


@given(codes, codes, codes)
def test_contains_is_an_order(a, b, c):
    assert contains(a, a)
    if contains(a, b) and contains(b, a):
        assert a == b
    if contains(a, b) and contains(b, c):
        assert contains(a, c)


@given(codes, st.sampled_from(list(Level)))
def test_ancestors_hold_their_descendants(code, level):
    ancestor = ancestor_of(code, level=level)
    assert ancestor[:level] == code[:level]
    assert contains(ancestor, code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "6107",
        "61070310900",
        "6107031090000",
        "61070310900x",
        "000000000000",
        "610703 09000",
        "６１０７０３１０９０００",
        "-10703109000",
        "00703109000\n",
    ],
)
def test_what_is_no_code_is_refused_by_name(text):
    with pytest.raises(InvalidDivisionCode) as caught:
        check_code(text)
    assert caught.value.text == text
    assert text in str(caught.value)
