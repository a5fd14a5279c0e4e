"""Renames, mergers and splits as decisions: what is refused, what adds up, what came from where."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.codes import InvalidDivisionCode, UnknownDivision
from anlan.registry.data import DivisionChangeKind, RedrawingRefused
from anlan.registry.redrawing import (
    FIGURES,
    Part,
    Standing,
    check_new_code,
    check_paper,
    check_parts,
    check_together,
    checked_name,
    dealt_out,
    followers,
    free_code,
    gathered,
    renumbered,
    summed,
)
from anlan.registry.succession import Step, codes_on, successors

TODAY = date(2024, 7, 15)
A, B, C = "990701101201", "990701101202", "990701101203"
TOWN, OTHER_TOWN = "990701101000", "990701102000"
COUNTY = "990701000000"
MERGED, RECODED, SPLIT = (
    DivisionChangeKind.MERGED,
    DivisionChangeKind.RECODED,
    DivisionChangeKind.SPLIT,
)


def paper(*, on=TODAY, basis="民发〔2024〕1号", concerned=()):
    check_paper(on=on, basis=basis, today=TODAY, concerned=concerned)


def test_a_day_a_document_and_living_divisions_are_needed():
    paper(concerned=[Standing(A, "甲", changed_on=date(2024, 7, 1))])
    with pytest.raises(RedrawingRefused):
        paper(on=date(2024, 7, 16))
    with pytest.raises(RedrawingRefused):
        paper(basis="  ")
    with pytest.raises(RedrawingRefused, match="甲"):
        paper(concerned=[Standing(A, "甲", ended_on=date(2020, 1, 1))])
    with pytest.raises(RedrawingRefused, match="甲"):
        paper(on=date(2024, 6, 30), concerned=[Standing(A, "甲", changed_on=date(2024, 7, 1))])


@pytest.mark.parametrize(
    "codes",
    [
        [A, "990702101201"],
        [TOWN, A],
        [COUNTY],
    ],
)
def test_only_towns_or_villages_of_one_county_are_merged(codes):
    with pytest.raises(RedrawingRefused):
        check_together(codes)


def test_a_new_code_is_free_of_the_same_level_and_county():
    check_new_code(C, like=A, taken={A, B})
    check_new_code("990703000000", like=COUNTY, taken={COUNTY})
    for code in (A, TOWN, "990702101201"):
        with pytest.raises(RedrawingRefused):
            check_new_code(code, like=A, taken={A})
    with pytest.raises(InvalidDivisionCode):
        check_new_code("12", like=A, taken=set())


def test_a_name_stands_once_beside_its_siblings():
    assert checked_name(" 新村 ", siblings=["旧村"]) == "新村"
    for name in ("", "旧村", "长" * 61):
        with pytest.raises(RedrawingRefused):
            checked_name(name, siblings=["旧村"])


def test_a_recoded_town_takes_its_villages_along():
    new = "990701103000"
    assert renumbered([B, TOWN, A], old=TOWN, new=new, taken={TOWN, A, B}) == [
        (TOWN, new),
        (A, "990701103201"),
        (B, "990701103202"),
    ]
    with pytest.raises(RedrawingRefused):
        renumbered([TOWN, A], old=TOWN, new=new, taken={"990701103201"})


def test_villages_keep_their_last_digits_where_they_are_free():
    taken = {OTHER_TOWN, "990701102201"}
    assert gathered([A, B], town=OTHER_TOWN, taken=taken) == [
        (A, "990701102200"),
        (B, "990701102202"),
    ]
    assert free_code(TOWN, serial=5, taken={"990701101005"}) == "990701101001"
    full = {f"990701101{n:03d}" for n in range(200, 1000)}
    with pytest.raises(RedrawingRefused):
        free_code(TOWN, serial=201, taken=full)


@given(st.sets(st.integers(1, 999), max_size=60), st.sets(st.integers(1, 999), max_size=60))
def test_gathered_villages_never_meet(ours, theirs):
    taken = {f"990701102{n:03d}" for n in theirs}
    moves = gathered([f"990701101{n:03d}" for n in ours], town=OTHER_TOWN, taken=taken)
    new = [code for _old, code in moves]
    assert len(new) == len(set(new)) == len(ours)
    assert not set(new) & taken


def part(code, name="部分", **rest):
    return Part(code=code, name=name, **rest)


def test_parts_are_two_distinct_and_have_an_heir():
    check_parts([part(A), part(C)], code=A, heir=C, taken={A, B})
    for parts, heir in (
        ([part(A)], A),
        ([part(C), part(C)], C),
        ([part(A), part(C)], B),
        ([part(A), part(B)], A),
        ([part(A), part(TOWN)], A),
        ([part(A, members=frozenset("x")), part(C, members=frozenset("x"))], A),
    ):
        with pytest.raises(RedrawingRefused):
            check_parts(parts, code=A, heir=heir, taken={A, B})


figures = st.fixed_dictionaries(
    {name: st.integers(0, 5_000) for name in FIGURES[:2]}
    | {name: st.decimals(0, 500, places=4) for name in FIGURES[2:]}
)


@given(st.lists(figures, min_size=2, max_size=5))
def test_what_is_summed_and_dealt_out_again_is_conserved(rows):
    whole = summed(rows)
    codes = [f"9907011012{n:02d}" for n in range(len(rows))]
    parts = [part(code, figures=row) for code, row in zip(codes, rows, strict=True)]
    dealt = dealt_out(whole, parts, heir=codes[0])
    assert summed(dealt.values()) == whole
    assert dealt == dict(zip(codes, rows, strict=True))


def test_parts_do_not_have_more_than_the_whole():
    whole = dict.fromkeys(FIGURES, Decimal(10))
    for people in (11, -1):
        with pytest.raises(RedrawingRefused):
            dealt_out(whole, [part(A), part(C, figures={"population": people})], heir=A)


def step(old, new, day, kind, order=0):
    return Step(old=old, new=new, on=date(2020, 1, day), kind=kind, order=order)


# A and B become C on the 10th, C becomes D on the 20th.
D = "990701101204"
CHAIN = (step(A, C, 10, MERGED, 1), step(B, C, 10, MERGED, 2), step(C, D, 20, RECODED, 3))
ENDED = {A: date(2020, 1, 10), B: date(2020, 1, 10), C: date(2020, 1, 20), D: None}


@pytest.mark.parametrize(
    ("code", "day", "expected"),
    [
        (D, 25, [D]),
        (D, 20, [D]),
        (D, 19, [C]),
        (D, 9, [A, B]),
        (A, 9, [A]),
        (A, 10, [C]),
        (A, 25, [D]),
        (C, 9, [A, B]),
        (C, 20, [D]),
    ],
)
def test_a_code_is_found_on_any_day(code, day, expected):
    assert codes_on(code, date(2020, 1, day), steps=CHAIN, ended=ENDED) == expected


def test_a_code_that_never_was_is_unknown():
    with pytest.raises(UnknownDivision):
        codes_on("990701101999", TODAY, steps=CHAIN, ended=ENDED)


def test_a_merger_into_one_of_them_and_a_split_keep_who_went_on():
    steps = (step(A, A, 10, MERGED, 1), step(B, A, 10, MERGED, 2), step(A, A, 20, SPLIT, 3),
             step(A, C, 20, SPLIT, 4))  # fmt: skip
    ended = {A: None, B: date(2020, 1, 10), C: None}
    before, between = date(2020, 1, 9), date(2020, 1, 15)
    assert codes_on(A, before, steps=steps, ended=ended) == [A, B]
    assert codes_on(A, between, steps=steps, ended=ended) == [A]
    assert codes_on(C, between, steps=steps, ended=ended) == [A]
    assert codes_on(C, before, steps=steps, ended=ended) == [A, B]
    assert successors(B, steps=steps, ended=ended) == [A, C]
    assert successors(A, steps=steps, ended=ended) == [A, C]
    assert successors(C, steps=steps, ended=ended) == [C]


def test_two_changes_on_one_day_are_undone_one_after_the_other():
    steps = (step(A, C, 10, RECODED, 1), step(C, C, 10, MERGED, 2), step(B, C, 10, MERGED, 3))
    ended = {A: date(2020, 1, 10), B: date(2020, 1, 10), C: None}
    assert codes_on(C, date(2020, 1, 9), steps=steps, ended=ended) == [A, B]


def test_the_heir_stands_first_among_those_that_follow():
    assert followers([[A, C], [A, B], [D, D]]) == {A: [C, B], D: [D]}
