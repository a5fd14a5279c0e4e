"""What a line of the macro-observation report may say, and what may take its place."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.core.macro import (
    MEASURED,
    SIGNS_OF,
    MacroFault,
    filled_up,
    is_no_news,
    is_same_person,
    wrong_change,
    wrongs,
)
from anlan.monitoring.data import MacroEntry, MacroKind, MacroSign, MacroState

TODAY = date(2024, 7, 15)
kinds = st.sampled_from(MacroKind)
figures = st.one_of(st.none(), st.floats(0, 100))


@st.composite
def lines(draw, kind=None):
    """Make a line that may be right or wrong."""
    which = kind or draw(kinds)
    return MacroEntry(
        place_id=1,
        day=TODAY,
        kind=which,
        is_anomaly=draw(st.booleans()),
        sign=draw(st.sampled_from(["", *SIGNS_OF[which]])),
        description=draw(st.sampled_from(["", "seen"])),
        animals=draw(st.one_of(st.none(), st.integers(1, 9))) if which == "animal" else None,
        water_level_m=draw(figures) if "water_level_m" in MEASURED[which] else None,
        temperature_c=draw(figures) if "temperature_c" in MEASURED[which] else None,
    )


def test_every_kind_has_signs_and_every_sign_a_kind():
    assert set(SIGNS_OF) == set(MEASURED) == set(MacroKind)
    assert {sign for signs in SIGNS_OF.values() for sign in signs} == set(MacroSign)


@given(lines())
def test_a_line_is_right_when_it_does_not_contradict_itself(line):
    says = bool(line.sign or line.description or line.animals is not None)
    told = bool(line.sign or line.description)
    is_right = told if line.is_anomaly else not says
    assert (list(wrongs(line, today=TODAY)) == []) is is_right


@given(st.data(), kinds)
def test_filling_up_twice_changes_nothing_more(data, kind):
    new, old = data.draw(lines(kind)), data.draw(lines(kind))
    once = filled_up(new, old)
    assert filled_up(once, old) == once
    assert once.is_anomaly == new.is_anomaly
    if new.water_level_m is None:
        assert once.water_level_m == old.water_level_m


@given(lines(), st.sampled_from(MacroState))
def test_the_same_again_is_no_news(line, state):
    assert is_no_news(filled_up(line, line), line, state=state)


@given(st.data(), kinds)
def test_an_anomaly_never_becomes_quiet_by_a_second_report(data, kind):
    before = replace(data.draw(lines(kind)), is_anomaly=True)
    quiet = replace(data.draw(lines(kind)), is_anomaly=False)
    found = wrong_change(quiet, before, state=MacroState.REPORTED)
    assert found is not None
    assert found.fault is MacroFault.TAKEN_BACK
    settled = wrong_change(quiet, before, state=MacroState.VERIFIED)
    assert settled is not None
    assert settled.fault is MacroFault.VERIFIED_ALREADY


def test_one_person_has_one_account_or_one_name_in_the_register():
    assert is_same_person((1, None), (1, 7))
    assert is_same_person((1, 7), (2, 7))
    assert not is_same_person((1, 7), (2, 8))
    assert not is_same_person((None, None), (None, None))
