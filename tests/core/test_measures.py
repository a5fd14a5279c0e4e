"""Figures of calls and warnings: nothing of nothing, no wrong made right, whole = sum of parts."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.registry.data import Colour, Hazard
from anlan.warning.core.measures import (
    MeasuredCall,
    MeasuredWarning,
    call_figures,
    grouped,
    needs_attention,
    percentile,
    warning_figures,
)
from anlan.warning.data import VerdictKind

TOWNS = ("990701101000", "990701102000")
minutes = st.none() | st.floats(0, 10_000)


@st.composite
def calls(draw):
    taken = draw(minutes)
    return MeasuredCall(
        hazard=draw(st.sampled_from(Hazard)),
        colour=draw(st.sampled_from(Colour)),
        town=draw(st.sampled_from(TOWNS)),
        person_id=draw(st.integers(1, 5)),
        minutes=taken,
        is_in_time=taken is not None and draw(st.booleans()),
        is_replaced=draw(st.booleans()),
        is_running=taken is None and draw(st.booleans()),
        went_up=draw(st.booleans()),
        ended_unanswered=taken is None and draw(st.booleans()),
        has_reported=draw(st.booleans()),
        notified=draw(st.integers(0, 500)),
        moved=draw(st.integers(0, 500)),
    )


@st.composite
def warnings(draw):
    is_over = draw(st.booleans())
    return MeasuredWarning(
        hazard=draw(st.sampled_from(Hazard)),
        colour=draw(st.sampled_from(Colour)),
        town=draw(st.sampled_from(TOWNS)),
        is_over=is_over,
        verdict=draw(st.none() | st.sampled_from(VerdictKind)) if is_over else None,
        lead_min=draw(st.none() | st.floats(-2_000, 2_000)),
    )


def call(**given) -> MeasuredCall:
    return MeasuredCall(
        hazard=Hazard.FLASH_FLOOD, colour=Colour.RED, town=TOWNS[0], person_id=1, **given
    )


def warning(verdict=None, lead_min=None, *, is_over=True) -> MeasuredWarning:
    return MeasuredWarning(
        hazard=Hazard.FLASH_FLOOD,
        colour=Colour.RED,
        town=TOWNS[0],
        is_over=is_over,
        verdict=verdict,
        lead_min=lead_min,
    )


def test_of_nothing_there_is_no_figure():
    answered, right = call_figures([]), warning_figures([])
    assert (answered.calls, answered.in_time_share, answered.median_min) == (0, None, None)
    assert (answered.p95_min, answered.reported_share) == (None, None)
    assert (right.false_ratio, right.ahead_share, right.lead_median_min) == (None, None, None)
    assert right.lead_least_min is None


def test_an_answer_of_somebody_else_or_too_late_is_no_answer_in_time():
    found = call_figures(
        [
            call(minutes=3.0, is_in_time=True, has_reported=True),
            call(minutes=20.0, went_up=True),
            call(ended_unanswered=True, went_up=True),
            call(is_running=True),
            call(is_replaced=True),
        ]
    )
    assert (found.calls, found.running, found.replaced) == (3, 1, 1)
    assert (found.answered, found.in_time, found.nobody, found.went_up) == (2, 1, 1, 2)
    assert found.in_time_share == pytest.approx(1 / 3)
    assert found.reported_share == 0.5
    assert found.median_min == 11.5


def test_a_warning_that_nobody_judged_is_never_counted_as_right():
    found = warning_figures(
        [
            warning(VerdictKind.FALSE_ALARM),
            warning(VerdictKind.HIT, 30.0),
            warning(VerdictKind.AVERTED, -10.0),
            warning(),
            warning(is_over=False),
        ]
    )
    assert (found.warnings, found.judged, found.not_judged, found.in_force) == (5, 3, 1, 1)
    assert found.false_ratio == pytest.approx(1 / 3)
    assert (found.timed, found.too_late, found.ahead_share) == (2, 1, 0.5)
    assert (found.lead_median_min, found.lead_least_min) == (10.0, -10.0)


def test_a_false_alarm_has_no_lead():
    assert warning_figures([warning(VerdictKind.FALSE_ALARM, 30.0)]).timed == 0


@given(st.lists(calls(), max_size=30))
def test_calls_are_counted_once_each(found):
    whole = call_figures(found)
    assert whole.calls + whole.running + whole.replaced == len(found)
    assert whole.in_time <= whole.answered <= whole.calls
    assert whole.answered + whole.nobody <= whole.calls
    assert whole.reported <= whole.answered
    for part in (whole.answered_share, whole.in_time_share, whole.reported_share):
        assert part is None or 0 <= part <= 1
    if whole.median_min is not None and whole.p95_min is not None:
        assert whole.median_min <= whole.p95_min


@given(st.lists(calls(), max_size=30), st.sampled_from(("hazard", "colour", "town", "person_id")))
def test_the_groups_add_up_to_the_whole(found, name):
    whole = call_figures(found)
    groups = grouped(found, by=lambda each: getattr(each, name), figures=call_figures)
    for field in ("calls", "running", "replaced", "answered", "in_time", "nobody", "moved"):
        assert sum(getattr(each, field) for each in groups.values()) == getattr(whole, field)


@given(st.lists(warnings(), max_size=30))
def test_every_warning_is_judged_or_not(found):
    whole = warning_figures(found)
    assert whole.judged + whole.not_judged + whole.in_force == whole.warnings
    assert whole.came + whole.averted + whole.false_alarms == whole.judged
    assert whole.too_late <= whole.timed <= whole.came + whole.averted
    groups = grouped(found, by=lambda each: each.town, figures=warning_figures)
    for field in ("warnings", "judged", "false_alarms", "timed", "too_late"):
        assert sum(getattr(each, field) for each in groups.values()) == getattr(whole, field)


@given(st.lists(calls(), max_size=15), st.lists(warnings(), max_size=15), st.randoms())
def test_the_order_does_not_matter(made, issued, chance: random.Random):
    other, later = list(made), list(issued)
    chance.shuffle(other)
    chance.shuffle(later)
    assert call_figures(made) == call_figures(other)
    assert warning_figures(issued) == warning_figures(later)


@given(st.lists(warnings(), max_size=15), warnings())
def test_one_more_that_nobody_judged_changes_no_share(found, more):
    unjudged = warning(lead_min=more.lead_min)
    before, after = warning_figures(found), warning_figures([*found, unjudged])
    assert (before.false_ratio, before.ahead_share) == (after.false_ratio, after.ahead_share)
    assert before.lead_median_min == after.lead_median_min


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40), st.floats(0, 1))
def test_a_percentile_is_that_of_numpy(values, rank):
    assert percentile(values, rank) == pytest.approx(float(np.percentile(values, 100 * rank)))


def test_the_worst_come_first_and_those_without_a_figure_last():
    rows = {
        "good": call_figures([call(minutes=1.0, is_in_time=True)]),
        "none": call_figures([call(is_running=True)]),
        "silent": call_figures([call(ended_unanswered=True)]),
        "late": call_figures([call(minutes=99.0)]),
    }
    assert sorted(rows, key=lambda name: needs_attention(rows[name])) == [
        "silent",
        "late",
        "good",
        "none",
    ]
