"""The rain map's classes, lines, fewer gauges, and paths on paper."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.core.drawing import MARGIN, WIDTH, Sheet, labels_apart, polygons_of
from anlan.monitoring.core.rain_classes import (
    COLOURS,
    HOURS,
    MOST_LINES,
    STEPS_MM,
    lines_between,
    step_of,
)
from anlan.monitoring.core.thinning import one_a_cell

PLACE = st.tuples(st.floats(100, 110), st.floats(25, 40))


def test_every_span_has_rising_steps_with_a_colour_each() -> None:
    assert set(STEPS_MM) == set(HOURS)
    for steps in STEPS_MM.values():
        assert len(steps) == len(COLOURS)
        assert all(low < high for low, high in pairwise(steps))


@pytest.mark.parametrize(
    ("mm", "hours", "step"),
    [(0.0, 24, -1), (0.1, 24, 0), (49.9, 24, 2), (50, 24, 3), (250, 24, 5), (30, 12, 3)],
)
def test_national_classes(mm: float, hours: int, step: int) -> None:
    assert step_of(mm, hours=hours) == step


@given(low=st.floats(0, 900), more=st.floats(0, 900))
def test_lines_lie_within_the_rain_in_whole_steps(low: float, more: float) -> None:
    lines = lines_between(low, low + more)
    assert len(lines) <= MOST_LINES
    assert all(low < line < low + more for line in lines)
    assert lines == sorted(set(lines))


def test_lines_of_a_storm() -> None:
    assert lines_between(20.9, 68.5) == [30.0, 40.0, 50.0, 60.0]
    assert lines_between(5.0, 5.0) == []


@given(rows=st.lists(st.tuples(PLACE, st.floats(0, 300)), min_size=1, max_size=80))
def test_fewer_gauges_keep_the_range(rows: list[tuple[tuple[float, float], float]]) -> None:
    places = np.array([row[0] for row in rows])
    rain = np.array([row[1] for row in rows])
    fewer, means = one_a_cell(places, rain, most=16)
    assert len(means) <= max(16, 0) or len(means) == len(rain) <= 16
    assert means.min() >= rain.min() - 1e-9
    assert means.max() <= rain.max() + 1e-9
    assert (fewer.min(axis=0) >= places.min(axis=0) - 1e-9).all()


@given(places=st.lists(PLACE, min_size=1, max_size=30))
def test_every_place_lies_on_the_sheet(places: list[tuple[float, float]]) -> None:
    sheet = Sheet(places)
    for lon, lat in places:
        x, y = sheet.place(lon, lat)
        assert MARGIN - 1 <= x <= sheet.width
        assert MARGIN - 1 <= y <= sheet.height
    assert max(sheet.width, sheet.height) <= WIDTH + 1


def test_north_is_up_and_a_square_stays_one() -> None:
    sheet = Sheet([(107.0, 33.0), (107.1, 33.1)])
    (west, south), (east, north) = sheet.place(107.0, 33.0), sheet.place(107.1, 33.1)
    assert north < south
    assert east > west
    assert (east - west) / (south - north) == pytest.approx(np.cos(np.deg2rad(33.05)), rel=0.01)


def test_paths_of_polygons_and_multipolygons() -> None:
    ring = [[107.0, 33.0], [107.1, 33.0], [107.1, 33.1], [107.0, 33.0]]
    sheet = Sheet([(107.0, 33.0), (107.1, 33.1)])
    one = sheet.path(polygons_of({"type": "Polygon", "coordinates": [ring]}))
    two = sheet.path(polygons_of({"type": "MultiPolygon", "coordinates": [[ring], [ring]]}))
    assert one.startswith("M")
    assert one.endswith("Z")
    assert two == one + one
    assert sheet.line(ring) == one.removesuffix("Z")
    assert polygons_of(None) == polygons_of({"type": "Point", "coordinates": [1, 2]}) == []


@given(labels=st.lists(st.tuples(st.floats(0, 300), st.floats(0, 300)), max_size=40))
def test_labels_that_are_shown_do_not_cover_each_other(labels: list[tuple[float, float]]) -> None:
    shown = labels_apart([(x, y, "99.9") for x, y in labels])
    kept = [label for label, is_shown in zip(labels, shown, strict=True) if is_shown]
    assert shown[:1] in ([], [True])
    for place, (x, y) in enumerate(kept):
        for other_x, other_y in kept[place + 1 :]:
            assert abs(x - other_x) >= 40 or abs(y - other_y) >= 14
