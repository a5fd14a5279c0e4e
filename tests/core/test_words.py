"""Words with figures: one pass, a fixed table, and nothing of it is read again."""

import string
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from anlan.registry.data import Colour, Hazard
from anlan.warning.core.words import (
    FIGURES,
    TextRow,
    best_text,
    cleaned,
    filled,
    one_line,
    unknown_names,
)

NOW = datetime(2024, 7, 15, tzinfo=UTC)
names = st.sampled_from(FIGURES)


@given(text=st.text(), figures=st.dictionaries(names, st.text(min_size=1)))
def test_filling_never_fails_and_never_reads_what_it_filled_in(text, figures):
    filled(text, figures=figures)
    braces = dict.fromkeys(FIGURES, "{town}{value}")
    assert filled("{station}", figures=braces) == "{town}{value}"


@given(name=st.text(alphabet=string.ascii_letters + "._:!0[]() ", max_size=12))
def test_only_names_of_the_table_are_known(name):
    assert (unknown_names(f"a {{{name}}} b") == ()) is (name in FIGURES)
    if name not in FIGURES:
        assert filled(f"a {{{name}}} b", figures={}) == f"a {{{name}}} b"


@given(text=st.text())
def test_cleaned_text_has_no_controls_and_stays_cleaned(text):
    plain = cleaned(text)
    assert plain == cleaned(plain)
    assert not any(ord(c) < 32 and c != "\n" for c in plain)
    assert "\n" not in one_line(text)


def test_marks_that_turn_the_writing_are_taken_out():
    assert cleaned("a\u202eb\u200bc\x00\x1b[31m\r\nd\te ") == "abc[31m\nd e"


def test_a_line_without_its_figure_is_left_out():
    text = "{station}: {value}\n{town}"
    assert filled(text, figures={"town": "上河镇", "station": "", "value": "3"}) == "上河镇"


rows = st.builds(
    TextRow,
    hazard=st.sampled_from(["", "flash_flood", "rainstorm"]),
    colour=st.sampled_from([None, 3, 4]),
    title=st.just("T"),
    text=st.just("X"),
    kept_at=st.integers(0, 9).map(lambda hours: NOW + timedelta(hours=hours)),
)


@given(found=st.lists(rows, max_size=8), order=st.randoms())
def test_the_most_exact_words_win_in_any_order(found, order):
    best = best_text(found, hazard=Hazard.FLASH_FLOOD, colour=Colour.ORANGE)
    fits = [r for r in found if r.hazard in ("", "flash_flood") and r.colour in (None, 3)]
    assert (best is None) is (not fits)
    if best is not None:
        assert best in fits
        exactness = [(r.hazard != "", r.colour is not None) for r in fits]
        assert (best.hazard != "", best.colour is not None) == max(exactness)
    mixed = list(found)
    order.shuffle(mixed)
    again = best_text(mixed, hazard=Hazard.FLASH_FLOOD, colour=Colour.ORANGE)
    assert again == best
