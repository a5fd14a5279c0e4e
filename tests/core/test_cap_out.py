"""What a warning becomes for other programs: the message, its end, and the outline of its place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from anlan.registry.data import Colour, Hazard
from anlan.warning.core.cap_out import (
    OutgoingWarning,
    Words,
    alert_of,
    cancel_number,
    cancel_of,
    event_code_for,
    first_numbers,
)
from anlan.warning.core.cap_shapes import MOST_CORNERS, joint_rings
from anlan.warning.core.upper_reach import Ground, division_codes, touched_by
from anlan.warning.data import WarningOrigin, WarningState
from anlan.warning.gateways.cap.events import event_code_of
from anlan.warning.gateways.cap.frame import decode
from anlan.warning.gateways.cap.levels import level_of
from anlan.warning.gateways.cap.values import MsgType, Named, Reference, Severity, Status, Urgency
from anlan.warning.gateways.cap.writing import write_alert
from tests.cast import BANK, COUNTY, SLOPE
from tests.gateway.cap_values import SCHEMA

AT = datetime(2024, 7, 15, 12, 0, 0, 250_000, tzinfo=UTC)
NUMBER = "99070110112345_20240715200000_0"
SQUARE = ((107.0, 33.0), (107.5, 33.0), (107.5, 33.5), (107.0, 33.5), (107.0, 33.0))


def words(language: str, headline: str) -> Words:
    return Words(language, "山洪", headline, "说明", "转移", "上河镇：坡下村")


WARNING = OutgoingWarning(
    number=NUMBER,
    hazard=Hazard.FLASH_FLOOD,
    colour=Colour.ORANGE,
    state=WarningState.OPEN,
    origin=WarningOrigin.RULE,
    event_code="",
    sender="anlan@990701.invalid",
    sender_name="试县",
    issued_at=AT,
    onset_at=None,
    expires_at=None,
    ended_at=None,
    villages=(SLOPE, BANK),
    rings=(SQUARE,),
    replaces=(),
    words=(words("zh-CN", "山洪橙色预警"), words("en-US", "mountain flood")),
    last_words=(words("zh-CN", "已解除"), words("en-US", "lifted")),
)
LIFTED = replace(WARNING, state=WarningState.LIFTED, ended_at=AT + timedelta(hours=2))


def test_a_warning_is_an_alert_in_two_languages():
    alert = alert_of(WARNING)
    assert (alert.identifier, alert.status, alert.msg_type) == (NUMBER, "Actual", "Alert")
    assert alert.sent.isoformat() == "2024-07-15T20:00:00+08:00"
    chinese, english = alert.infos
    assert (chinese.language, english.language) == ("zh-CN", "en-US")
    assert chinese.areas is english.areas
    assert chinese.expires is None  # it stands until it is lifted
    assert SCHEMA.faults_of(write_alert(alert)) == []


@pytest.mark.parametrize("hazard", list(Hazard))
@pytest.mark.parametrize("colour", list(Colour))
@pytest.mark.parametrize("origin", list(WarningOrigin))
def test_our_own_reader_finds_the_colour_the_hazard_and_the_villages(hazard, colour, origin):
    warning = replace(WARNING, hazard=hazard, colour=colour, origin=origin)
    alert = decode(write_alert(alert_of(warning)))
    assert level_of(alert.infos) == colour
    assert event_code_of(alert.infos[0].event_codes) == event_code_for(hazard)
    assert event_code_for(hazard) or hazard is Hazard.RESERVOIR
    (area,) = alert.infos[0].areas
    assert division_codes(area, county=COUNTY) == [SLOPE, BANK]


def test_a_code_that_somebody_chose_wins():
    (info, *_more) = alert_of(replace(WARNING, event_code="11B01")).infos
    assert info.event_codes == (Named("12379", "11B01"),)


@pytest.mark.parametrize(
    ("colour", "ahead", "severity", "urgency"),
    [
        (Colour.RED, 0, Severity.EXTREME, Urgency.IMMEDIATE),
        (Colour.ORANGE, 30, Severity.SEVERE, Urgency.IMMEDIATE),
        (Colour.ORANGE, 61, Severity.SEVERE, Urgency.EXPECTED),
        (Colour.YELLOW, 0, Severity.MODERATE, Urgency.EXPECTED),
        (Colour.BLUE, 0, Severity.MINOR, Urgency.FUTURE),
    ],
)
def test_how_bad_and_how_soon(colour, ahead, severity, urgency):
    onset = AT + timedelta(minutes=ahead) if ahead else None
    (info, *_more) = alert_of(replace(WARNING, colour=colour, onset_at=onset)).infos
    assert (info.severity, info.urgency) == (severity, urgency)
    assert info.onset == (onset and onset.replace(microsecond=0))


def test_an_exercise_says_that_it_is_one():
    assert alert_of(replace(WARNING, is_exercise=True)).status is Status.EXERCISE
    end = cancel_of(replace(LIFTED, is_exercise=True))
    assert end is not None
    assert end.status is Status.EXERCISE


def test_what_replaces_others_is_an_update_that_names_them():
    before = (("a_0", AT - timedelta(hours=1)), ("b_0", AT - timedelta(minutes=5)))
    alert = alert_of(replace(WARNING, replaces=before))
    assert alert.msg_type is MsgType.UPDATE
    assert [each.identifier for each in alert.references] == ["a_0", "b_0"]
    first = alert.references[0]
    earlier = alert_of(replace(WARNING, number="a_0", issued_at=before[0][1]))
    assert first == Reference(earlier.sender, earlier.identifier, earlier.sent)


def test_the_end_of_a_warning_names_it():
    end, first = cancel_of(LIFTED), alert_of(LIFTED)
    assert end is not None
    assert (end.identifier, end.msg_type) == ("99070110112345_20240715200000_1", MsgType.CANCEL)
    assert end.references == (Reference(first.sender, first.identifier, first.sent),)
    assert end.sent - first.sent == timedelta(hours=2)
    assert [info.headline for info in end.infos] == ["已解除", "lifted"]
    assert end.infos[0].response_types == ("AllClear",)
    assert SCHEMA.faults_of(write_alert(end)) == []


@pytest.mark.parametrize("state", [WarningState.OPEN, WarningState.REPLACED, WarningState.EXPIRED])
def test_what_was_not_lifted_has_no_end_of_its_own(state):
    assert cancel_of(replace(LIFTED, state=state)) is None


@given(st.text(min_size=1))
def test_the_number_of_an_end_leads_back(number):
    assert cancel_number(number) != number
    assert number in first_numbers(cancel_number(number))
    assert number not in first_numbers(number)


def test_rings_that_are_none_are_left_out():
    bad: tuple[list[list[float]], ...] = (
        [],
        [[1.0, 2.0]],
        [[107.0, 33.0], [200.0, 33.0], [200.0, 34.0], [107.0, 33.0]],
    )
    opened = SQUARE[:-1]
    (info, *_more) = alert_of(replace(WARNING, rings=(*bad, opened))).infos
    (polygon,) = info.areas[0].polygons
    assert polygon[0] == polygon[-1] == (33.0, 107.0)
    write_alert(alert_of(replace(WARNING, rings=bad)))


def grid() -> dict[str, dict[str, object]]:
    """Return nine villages side by side, as GeoJSON by code."""
    found = {}
    for number in range(9):
        lon, lat = 107 + number % 3 / 50, 33 + number // 3 / 50
        box = shapely.box(lon, lat, lon + 0.02, lat + 0.02)
        found[f"99070110120{number}"] = shapely.geometry.mapping(box)
    return found


@given(st.sets(st.integers(0, 8), min_size=1, max_size=8))
def test_outlines_reach_the_very_villages_and_no_neighbour(chosen):
    outlines = grid()
    codes = tuple(sorted(outlines))
    wanted = tuple(code for number, code in enumerate(codes) if number in chosen)
    # A ring around a village holds it: CAP has no holes.
    wanted = codes if set(codes) - set(wanted) == {codes[4]} else wanted
    rings = joint_rings(outlines[code] for code in wanted)
    warning = replace(WARNING, villages=(), rings=rings)
    grounds = [Ground(code, 0, 0, outline) for code, outline in outlines.items()]
    found = touched_by(
        alert_of(warning).infos[0].areas, county=COUNTY, known=codes, names={}, grounds=grounds
    )
    is_all = set(wanted) == set(codes)
    assert found.codes == ((COUNTY,) if is_all else wanted)


def test_an_outline_of_many_corners_is_smoothed():
    fine = shapely.Point(107, 33).buffer(0.1, quad_segs=5_000)
    (ring,) = joint_rings([shapely.geometry.mapping(fine)])
    assert len(ring) <= MOST_CORNERS
    assert fine.contains(shapely.Polygon(ring))
    assert shapely.Polygon(ring).area > 0.95 * fine.area


def test_a_village_too_small_to_be_drawn_in_keeps_its_outline():
    small = shapely.box(107, 33, 107.00005, 33.00005)
    assert joint_rings([shapely.geometry.mapping(small)])
