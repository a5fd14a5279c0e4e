"""The order of a duty desk, its parts, the cover of towns, and up to where a desk was told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.registry.data import Colour, Hazard
from anlan.warning.core.desk import (
    ANSWERED,
    HAZARD_WEIGHT,
    DeskCall,
    Group,
    Standing,
    coverage,
    danger_of,
    group_of,
    minutes_left,
    standing_of,
    urgency,
)
from anlan.warning.core.desk_cursor import TURNED_EVERY_S, Cursor, read_cursor
from anlan.warning.core.desk_outline import rounded
from anlan.warning.data import AnswerKind, SummonsState

NOW = datetime(2024, 7, 15, 12, 0, tzinfo=UTC)
VILLAGE, TOWN = "990701101201", "990701101000"
PLAIN = DeskCall(
    division_code=VILLAGE,
    hazard=Hazard.FLASH_FLOOD,
    colour=Colour.ORANGE,
    state=SummonsState.WAITING,
    rungs_left=3,
    due_at=NOW + timedelta(minutes=5),
)
UNANSWERED = replace(PLAIN, state=SummonsState.UNANSWERED, due_at=None, rungs_left=0)
OVERDUE = replace(PLAIN, due_at=NOW - timedelta(minutes=2))
ACTING = replace(
    PLAIN,
    state=SummonsState.ACKNOWLEDGED,
    due_at=None,
    word=AnswerKind.RECEIVED,
    report_due_at=NOW + timedelta(minutes=20),
)
LATE_REPORT = replace(ACTING, report_due_at=NOW - timedelta(minutes=1))
SILENT = replace(ACTING, reasked=3, report_due_at=None)
REPORTED = replace(ACTING, word=AnswerKind.DONE, report_due_at=None, reported_at=NOW)
HELP = replace(ACTING, word=AnswerKind.NEED_HELP)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


moments = st.none() | st.integers(-300, 300).map(lambda n: NOW + minutes(n))
calls = st.builds(
    DeskCall,
    division_code=st.sampled_from([VILLAGE, "990701101202", "990701102201"]),
    hazard=st.sampled_from(Hazard),
    colour=st.sampled_from(Colour),
    state=st.sampled_from([s for s in SummonsState if s != SummonsState.REPLACED]),
    rungs_left=st.integers(0, 4),
    due_at=moments,
    report_due_at=moments,
    reported_at=moments,
    reasked=st.integers(0, 3),
    word=st.none() | st.sampled_from(AnswerKind),
)


@pytest.mark.parametrize(
    ("call", "group"),
    [
        (UNANSWERED, Group.NOW),
        (OVERDUE, Group.NOW),
        (PLAIN, Group.WAITING),
        (replace(PLAIN, due_at=NOW), Group.NOW),
        (LATE_REPORT, Group.REPORT),
        (replace(LATE_REPORT, state=SummonsState.TAKEN_OVER), Group.REPORT),
        (replace(ACTING, reasked=1), Group.REPORT),
        (SILENT, Group.REPORT),
        (replace(SILENT, reported_at=NOW), Group.DONE),
        (ACTING, Group.DONE),
        (REPORTED, Group.DONE),
        (HELP, Group.NOW),
        (replace(PLAIN, word=AnswerKind.CANNOT_REACH), Group.WAITING),
    ],
)
def test_a_call_stands_in_its_part(call: DeskCall, group: Group) -> None:
    assert group_of(call, now=NOW) is group


@pytest.mark.parametrize(
    ("call", "standing"),
    [
        (UNANSWERED, Standing.NOBODY_LEFT),
        (OVERDUE, Standing.OVERDUE),
        (replace(PLAIN, rungs_left=0), Standing.LAST_RUNG),
        (PLAIN, Standing.ON_ITS_WAY),
        (replace(ACTING, rungs_left=0), Standing.ON_ITS_WAY),
        (SILENT, Standing.NOBODY_LEFT),
        (replace(SILENT, reported_at=NOW), Standing.ON_ITS_WAY),
    ],
)
def test_a_call_has_gone_so_far(call: DeskCall, standing: Standing) -> None:
    assert standing_of(call, now=NOW) is standing


def test_the_order_from_the_top() -> None:
    red = replace(OVERDUE, colour=Colour.RED, hazard=Hazard.RAINSTORM)
    slow = replace(UNANSWERED, hazard=Hazard.RAINSTORM)
    later = replace(PLAIN, due_at=NOW + minutes(9))
    last = replace(PLAIN, rungs_left=0, due_at=NOW + minutes(9))
    wanted = [HELP, red, UNANSWERED, OVERDUE, slow, last, PLAIN, later]
    wanted += [SILENT, LATE_REPORT, REPORTED]
    turned = wanted[::-1]
    assert sorted(turned, key=lambda call: urgency(call, now=NOW)) == wanted


def test_whoever_cannot_reach_the_place_comes_first_of_those_waiting() -> None:
    cut_off = replace(PLAIN, word=AnswerKind.CANNOT_REACH, colour=Colour.BLUE)
    red = replace(PLAIN, colour=Colour.RED)
    assert urgency(cut_off, now=NOW) < urgency(red, now=NOW)


def test_every_hazard_has_its_weight_and_colour_goes_first() -> None:
    assert set(HAZARD_WEIGHT) == set(Hazard)
    mildest = min(danger_of(hazard, colour=Colour.RED) for hazard in Hazard)
    assert mildest > max(danger_of(hazard, colour=Colour.ORANGE) for hazard in Hazard)


@pytest.mark.parametrize(
    ("call", "left"),
    [
        (PLAIN, 5),
        (OVERDUE, -2),
        (UNANSWERED, None),
        (ACTING, 20),
        (LATE_REPORT, -1),
        (REPORTED, None),
    ],
)
def test_minutes_left(call: DeskCall, left: float | None) -> None:
    assert minutes_left(call, now=NOW) == left


@given(calls, st.integers(0, 400))
def test_a_call_only_grows_more_urgent_while_nobody_acts(call: DeskCall, later: int) -> None:
    assert urgency(call, now=NOW + minutes(later))[:4] <= urgency(call, now=NOW)[:4]


@given(st.lists(calls, max_size=12))
def test_the_order_does_not_depend_on_how_the_calls_came(found: list[DeskCall]) -> None:
    def order(rows: list[DeskCall]) -> list[tuple[int, ...]]:
        return sorted(urgency(row, now=NOW) for row in rows)  # type: ignore[misc]

    assert order(found) == order(found[::-1])


@given(st.lists(calls, max_size=30))
def test_towns_add_up(found: list[DeskCall]) -> None:
    towns = coverage(found)
    assert sum(town.called for town in towns) == len(found)
    assert sum(town.answered for town in towns) == sum(c.state in ANSWERED for c in found)
    for town in towns:
        assert town.answered + town.unanswered <= town.called
        assert 0 <= town.share <= 100
        assert (town.share == 100) is (town.answered == town.called)


def test_a_town_is_counted() -> None:
    (town,) = coverage([UNANSWERED, PLAIN, ACTING, REPORTED])
    assert (town.town_code, town.called, town.answered, town.reported, town.unanswered) == (
        (TOWN, 4, 2, 1, 1)
    )
    assert town.share == 50


# Up to where a desk was told

CURSOR = Cursor(base=3, following=9, turned_s=1_000, newest=12, count=2)


def test_a_cursor_comes_back_as_it_went() -> None:
    assert read_cursor(str(CURSOR)) == CURSOR


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.2.3.4",
        "1.2.3.4.5.6",
        "1.2.-3.4.5",
        "1.2.x.4.5",
        "1.2.3.4.",
        "١.2.3.4.5",
        f"{'9' * 20}.2.3.4.5",
        f"{'9' * 19}.2.3.4.5",
    ],
)
def test_anything_else_is_no_cursor(text: str) -> None:
    assert read_cursor(text) is None


def test_the_base_moves_on_every_minute() -> None:
    assert not CURSOR.must_turn(now_s=999 + TURNED_EVERY_S)
    assert CURSOR.must_turn(now_s=1_000 + TURNED_EVERY_S)
    turned = CURSOR.turned(last=40, count=1, now_s=1_060)
    assert turned == Cursor(base=9, following=40, turned_s=1_060, newest=12, count=1)


def test_outlines_lose_digits_and_nothing_else() -> None:
    assert rounded([[107.123456, 33.0], [107, 33.1]]) == [[107.1235, 33.0], [107, 33.1]]
    shape = {"type": "Polygon", "coordinates": [[(107.00001, 33.0)]]}
    assert rounded(shape) == {"type": "Polygon", "coordinates": [[[107.0, 33.0]]]}
    assert rounded(None) is None
