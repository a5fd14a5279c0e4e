"""What is encoded as an SZY 206 frame is decoded to the same values."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from anlan.monitoring.gateways.szy206.answers import answers_to
from anlan.monitoring.gateways.szy206.encode import encode_link, encode_report, seal
from anlan.monitoring.gateways.szy206.errors import BadData, BadLength, BadTime, NotSpoken
from anlan.monitoring.gateways.szy206.frame import DownFrame, Label, UpFrame, decode, readings
from tests.gateway.szy206_specimens import BY_NAME, SOUND

BEIJING = timezone(timedelta(hours=8))
NOW = datetime(2026, 7, 6, 10, tzinfo=BEIJING)
STATION = "5303810D00"
FIRST = datetime.fromisoformat("2000-01-01")
LAST = datetime.fromisoformat("2099-12-31")
LABEL = Label(0, 45, 8, 9)
# Of each kind the values of one instrument: decimals and the limits in its last decimal.
RANGES = {
    1: [(1, 0, 999_999)],
    2: [(3, -9_999_999, 9_999_999)],
    3: [(3, -999_999_999, 999_999_999), (0, -7_999_999_999, 7_999_999_999)],
    4: [(3, -99_999, 99_999)],
    5: [(2, 0, 99_999)],
    6: [(0, 0, 999_999)],
    7: [(0, 0, 99_999)],
    8: [(2, 0, 99_999), (0, 0, 8)],
    9: [(1, 0, 999)],
    11: [(1, 0, 999)],
    12: [(1, 0, 99_999)],
    13: [],
    14: [(1, 0, 999_999)],
    15: [(2, 0, 99_999_999)],
}
SINGLE = (1, 7, 8, 13, 14)


def decoded(data: bytes | None) -> Any:
    assert data is not None
    return decode(data)


@st.composite
def labels(draw, *, is_long):
    moment = draw(st.datetimes(FIRST, LAST))
    label = Label(moment.second, moment.minute, moment.hour, moment.day)
    if is_long:
        label = label._replace(month=moment.month, year=moment.year)
    return label._replace(delay=draw(st.integers(0, 255)))


@st.composite
def reports(draw):
    kind = draw(st.sampled_from(sorted(RANGES)))
    is_long = kind not in (7, 8, 11) and draw(st.booleans())
    is_alarm = kind != 14 and draw(st.booleans())
    ranges = RANGES[kind]
    if kind == 3 and is_alarm:
        ranges = ranges[:1]
    elif kind == 3 and is_long:
        ranges = [ranges[0], (0, 0, 999_999_999)]
    count = 1 if kind in SINGLE else draw(st.integers(1, 5))
    values: list[float | None] = []
    for _ in range(count):
        group = [
            None if draw(st.integers(0, 9)) == 0 else draw(st.integers(low, high)) / 10**decimals
            for decimals, low, high in ranges
        ]
        values += [None, None] if kind == 8 and None in group else group
    words = {
        "station": draw(st.sampled_from((STATION, "1237899876", "0061234567"))),
        "kind": kind,
        "label": draw(labels(is_long=is_long)),
        "alarm": draw(st.integers(0, 0xFFFF)),
        "state": draw(st.integers(0, 0xFFFF)),
        "counter": draw(st.integers(0, 3)),
        "function": 0x81 if is_alarm else 0xC0,
        "period": draw(st.sampled_from((1, 12, 0x45, 0x81, 0xC0))) if kind == 14 else 0,
        "flow_unit": draw(st.sampled_from(("m3/s", "m3/h"))),
    }
    return values, words


@given(reports())
def test_a_report_is_decoded_to_what_was_encoded(report):
    values, words = report
    try:
        frame = decoded(encode_report(values, **words))
    except NotSpoken:
        assume(words["kind"] != 9)
        raise
    assert [number.value for number in frame.numbers] == values
    for name in ("station", "kind", "label", "alarm", "state", "counter", "function"):
        assert getattr(frame, name) == words[name]
    assert (frame.period or 0) == words["period"]


@pytest.mark.parametrize("data", SOUND)
def test_a_recorded_report_is_encoded_to_its_bytes(data):
    frame = decoded(data)
    assert data == encode_report(
        [number.value for number in frame.numbers],
        station=frame.station,
        kind=frame.kind,
        label=frame.label,
        alarm=frame.alarm,
        state=frame.state,
        counter=frame.counter,
    )


@given(st.binary(max_size=200), st.integers(0, 3), st.integers(0, 15), st.integers(0, 255))
def test_a_downward_frame_is_decoded_to_what_was_sealed(data, counter, kind, function):
    sealed = seal(data, control=counter << 4 | kind, station=STATION, function=function)
    assert decode(sealed) == DownFrame(STATION, counter, kind, function, data)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (1, [-0.1]),
        (1, [100_000.0]),
        (2, [10_000.0]),
        (2, [float("nan")]),
        (3, [1.0]),
        (3, [1.0, 8e9]),
        (5, [-1.0]),
        (8, [1.0, 9.0]),
        (8, [1.0, 0.5]),
        (10, [1.0]),
        (2, []),
    ],
)
def test_a_value_that_does_not_fit_is_refused(kind, values):
    with pytest.raises(BadData):
        encode_report(values, station=STATION, kind=kind, label=LABEL)


def test_what_a_frame_cannot_hold_is_refused():
    with pytest.raises(BadLength):
        encode_report([1.0] * 70, station=STATION, kind=2, label=LABEL)
    with pytest.raises(BadTime):
        encode_report([1.0], station=STATION, kind=1, label=Label(0, 0, 24, 1))
    with pytest.raises(NotSpoken):
        encode_report([1013.0], station=STATION, kind=7, label=Label(0, 0, 0, 1, 1, 2026))


def test_a_report_is_confirmed_with_the_mode_the_station_has():
    frame = decoded(BY_NAME["A"])._replace(state=0x61, counter=2)
    (answer,) = answers_to([frame], sent_at=NOW)
    assert decoded(answer) == DownFrame(STATION, 2, 0, 0xC0, b"\x01")


def test_an_alarm_report_is_confirmed_by_its_function():
    data = encode_report([1.0], station=STATION, kind=2, label=LABEL, function=0x81)
    (answer,) = answers_to([decoded(data)], sent_at=NOW)
    assert decoded(answer).function == 0x81


def test_a_report_with_a_long_label_gets_the_time_of_the_answer():
    (answer,) = answers_to([decoded(BY_NAME["D"])], sent_at=NOW)
    assert decoded(answer).data.hex() == "0000001006072600"


@pytest.mark.parametrize("link", [0xF0, 0xF1, 0xF2])
def test_a_link_test_gets_its_word_back(link):
    frame = decoded(encode_link(link, station=STATION))
    assert isinstance(frame, UpFrame)
    (answer,) = answers_to([frame], sent_at=NOW)
    assert decoded(answer) == DownFrame(STATION, 3, 0, 2, bytes((link,)))


def test_a_refused_frame_gets_no_answer():
    assert answers_to([None], sent_at=NOW) == (None,)


def test_the_readings_of_a_recorded_frame():
    found = readings(decoded(BY_NAME["A"]), received_at=NOW)
    assert [(r.element, r.value, r.unit) for r in found] == [
        ("SZY-FLOW", 5.9, ""),
        ("SZY-VOLUME", 106182.0, "m3"),
    ]
    assert {r.observed_at for r in found} == {datetime(2026, 6, 9, 8, 45, tzinfo=BEIJING)}
    assert {r.station for r in found} == {"5303810D00"}


def test_a_flow_of_an_arranged_unit_is_the_discharge_of_the_room():
    frame = decoded(BY_NAME["A"])
    (flow, _) = readings(frame, received_at=NOW, flow_unit="m3/s")
    assert (flow.element, flow.value, flow.unit) == ("Q", 5.9, "m3/s")
    (flow, _) = readings(frame, received_at=NOW, flow_unit="m3/h")
    assert flow.value == pytest.approx(5.9 / 3600)


def test_a_flow_that_names_its_unit_needs_no_arrangement():
    data = encode_report(
        [3.6, 1.0, 7.2, None],
        station=STATION,
        kind=3,
        label=Label(0, 0, 14, 11, 7, 2023),
        flow_unit="m3/h",
    )
    found = readings(decoded(data), received_at=NOW)
    assert [(r.element, r.value) for r in found] == [
        ("Q", pytest.approx(0.001)),
        ("SZY-VOLUME", 1.0),
        ("Q.2", pytest.approx(0.002)),
        ("SZY-VOLUME.2", None),
    ]


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [(6, 9, (7, 6)), (7, 9, (7, 7)), (7, 11, (6, 7)), (31, 0, (5, 31)), (8, 0, (6, 8))],
)
def test_a_short_label_is_the_latest_such_time(day, hour, expected):
    moment = Label(0, 0, hour, day).moment(received_at=NOW)
    assert (moment.month, moment.day) == expected


def test_a_link_test_has_no_readings():
    frame = decoded(encode_link(0xF2, station=STATION))
    assert readings(frame, received_at=NOW) == ()
