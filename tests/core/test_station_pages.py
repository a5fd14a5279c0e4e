"""What the pages of stations decide: spans, main elements, the order of limits."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.core.limit_order import pairs_out_of_order
from anlan.monitoring.core.main_elements import (
    LEVEL,
    LEVEL_ABOVE,
    RAIN,
    VOLTAGE,
    charted_elements,
    likely_kind,
    main_element,
)
from anlan.monitoring.core.spans import LONGEST, SPANS, USUAL, span_between, span_named
from anlan.monitoring.data import StationKind

NOW = datetime(2024, 7, 15, 12, 3, tzinfo=UTC)


@given(name=st.sampled_from([*SPANS, "", "nonsense"]), minutes=st.integers(0, 10**6))
def test_a_named_span_shows_the_last_value(name: str, minutes: int) -> None:
    last = NOW - timedelta(minutes=minutes)
    span = span_named(name, last=last, now=NOW)
    assert span.length == SPANS.get(name, SPANS[USUAL])
    assert span.start <= last <= span.end
    assert span.end.timestamp() % 300 == 0


def test_a_span_without_values_ends_now() -> None:
    span = span_named("24h", last=None, now=NOW)
    assert NOW <= span.end < NOW + timedelta(minutes=5)


def test_spans_of_ones_own_have_bounds() -> None:
    assert span_between(NOW, NOW + timedelta(hours=1))
    assert span_between(NOW, NOW + timedelta(minutes=1)) is None
    assert span_between(NOW, NOW - timedelta(hours=1)) is None
    assert span_between(NOW - LONGEST - timedelta(days=1), NOW) is None


def test_neighbours_meet() -> None:
    span = span_named("3d", last=None, now=NOW)
    assert span.moved(-1).end == span.start
    assert span.moved(1).start == span.end
    assert span.moved(1).moved(-1).start == span.start


@pytest.mark.parametrize(
    ("kind", "had", "wanted"),
    [
        (StationKind.RAIN, {RAIN, VOLTAGE}, RAIN),
        (StationKind.RIVER, {LEVEL, RAIN}, LEVEL),
        (StationKind.RESERVOIR, {LEVEL, LEVEL_ABOVE}, LEVEL_ABOVE),
        (StationKind.RESERVOIR, {LEVEL, VOLTAGE}, LEVEL),
        (StationKind.RAIN, {VOLTAGE}, None),
        (StationKind.OTHER, {VOLTAGE, 1003, 1001}, 1001),
        (StationKind.RIVER, set(), None),
    ],
)
def test_a_station_is_known_by_its_main_element(
    kind: StationKind, had: set[int], wanted: int | None
) -> None:
    assert main_element(kind, had) == wanted


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        ({"PN05", "VT"}, StationKind.RAIN),
        ({"Z", "PN05"}, StationKind.RIVER),
        ({"ZU", "PN05"}, StationKind.RESERVOIR),
        ({"M10", "M20"}, StationKind.SOIL),
        ({"VT"}, StationKind.OTHER),
    ],
)
def test_what_an_address_sends_tells_what_it_is(codes: set[str], kind: StationKind) -> None:
    assert likely_kind(codes) is kind


def test_a_chart_shows_rain_over_the_level() -> None:
    assert charted_elements(StationKind.RESERVOIR, {LEVEL, RAIN, VOLTAGE}) == [RAIN, LEVEL]
    assert charted_elements(StationKind.RAIN, {RAIN, VOLTAGE}) == [RAIN]
    assert charted_elements(StationKind.RIVER, {LEVEL}) == [LEVEL]
    assert charted_elements(StationKind.OTHER, {1001}) == [1001]
    assert charted_elements(StationKind.OTHER, set()) == []


@dataclass(frozen=True)
class Limit:
    """A limit of a level, mostly."""

    colour: int
    value: float
    hazard: str = "river_flood"
    measure: str = "last"
    element: str = "Z"
    window_min: int = 0


@given(values=st.lists(st.floats(0, 1000), min_size=1, max_size=4))
def test_limits_that_rise_with_their_colour_are_in_order(values: list[float]) -> None:
    rising = sorted(set(values))
    limits = [Limit(colour, value) for colour, value in enumerate(rising, start=1)]
    assert pairs_out_of_order(reversed(limits)) == []


def test_a_milder_limit_above_a_severer_one_is_seen() -> None:
    low, high = Limit(2, 103.0), Limit(4, 103.0)
    other = Limit(1, 500.0, hazard="reservoir")
    assert pairs_out_of_order([high, low, other]) == [(low, high)]
