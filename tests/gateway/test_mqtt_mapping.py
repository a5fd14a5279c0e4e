"""Payloads of devices read by declared mappings: taken whole, or refused naming path and value."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.gateways.mqtt.checking import check_mapping, mapping_of
from anlan.monitoring.gateways.mqtt.examples import EXAMPLES
from anlan.monitoring.gateways.mqtt.mapping import MOST_BYTES, MOST_READINGS, readings_in
from anlan.monitoring.gateways.mqtt.paths import BadPath, path_of
from anlan.monitoring.gateways.mqtt.refusals import PayloadRefused

ZONE = ZoneInfo("Asia/Shanghai")
CAME = datetime(2024, 7, 15, 20, 0, 7, tzinfo=ZONE)
EVENING = datetime(2024, 7, 15, 12, 0, tzinfo=UTC)
PLAIN = {"address": {"path": "id"}, "values": [{"path": "v", "element": "Z"}]}


def read(payload, mapping=PLAIN, *, topic="a/b"):
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return readings_in(content, mapping_of(mapping), topic=topic, received_at=CAME, zone=ZONE)


def refused(payload, mapping=PLAIN, *, topic="a/b"):
    with pytest.raises(PayloadRefused) as caught:
        read(payload, mapping, topic=topic)
    return caught.value


def value_at(path, payload, **more):
    """Return the one value read at a path."""
    (found,) = read(payload, {**PLAIN, "values": [{"path": path, "element": "Z", **more}]})
    return found.value


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.key)
def test_the_examples_read_their_samples(example):
    check_mapping(example.mapping, topic=example.topic)
    found = read(example.sample.encode(), example.mapping, topic=example.sample_topic)
    assert {each.observed_at for each in found} == {EVENING}
    assert [(each.station, each.element, each.value) for each in found] == {
        "rain-gauge": [
            ("0990701001", "PN05", 2.5),
            ("0990701001", "PT", 130.2),
            ("0990701001", "VT", 3.612),
        ],
        "gateway": [("0990701003", "Z", 101.25), ("W001", "AI", 26.4), ("W001", "MST", 91.0)],
    }[example.key]


# Paths


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a", 1.0),
        ("b.0", 2.0),
        ("b.-1.c", 4.0),
        ("$.b.1.c", 4.0),
        (r"d\.e", 5.0),
        ("f.0", 6.0),
        ("雨量", 7.0),
    ],
)
def test_paths(path, value):
    payload = {"id": 1, "a": 1, "b": [2, {"c": 4}], "d.e": 5, "f": {"0": 6}, "雨量": 7}
    assert value_at(path, payload) == value


@pytest.mark.parametrize(
    "text", ["", " a", "a..b", ".a", "a.", "$.", "a\\", "x" * 201, ".".join("a" * 17)]
)
def test_what_is_no_path(text):
    with pytest.raises(BadPath):
        path_of(text)


@pytest.mark.parametrize(
    ("path", "value"),
    [("x", "x ← {id, b}"), ("b.2", "b.2 ← [2]"), ("b.0.c", "b.0.c ← int"), ("b.y", "b.y ← [2]")],
)
def test_a_path_that_leads_nowhere_says_how_far_it_came(path, value):
    payload = {"id": 1, "b": [1, 2]}
    row = {"path": path, "element": "Z"}
    error = refused(payload, {**PLAIN, "values": [row]})
    assert (error.reason, error.path, error.value) == ("no-such-path", path, value)
    assert read(payload, {**PLAIN, "values": [{**row, "optional": True}]}) == []


KEYS = st.text(min_size=1, max_size=8).filter(lambda text: text == text.strip() and text != "$")
NUMBERS = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


@given(st.lists(KEYS | st.integers(0, 3), min_size=1, max_size=6), NUMBERS)
def test_any_chain_of_keys_and_indexes_finds_its_value(chain, value):
    payload = value
    for step in reversed(chain):
        payload = [None] * step + [payload] if isinstance(step, int) else {step: payload}
    steps = [str(s).replace("\\", "\\\\").replace(".", "\\.") for s in chain]
    path = "$." + ".".join(steps)
    mapping = {"address": {"topic": 1}, "values": [{"path": path, "element": "Z"}]}
    (found,) = read({"$": 0, **payload} if isinstance(payload, dict) else payload, mapping)
    assert found.value == pytest.approx(value)
    assert found.station == "a"


# Values


@pytest.mark.parametrize("value", [3, 3.0, "3", " 3.00 ", "+3e0", "3."])
def test_numbers_come_as_such_or_as_text(value):
    assert value_at("v", {"id": 1, "v": value}) == 3.0


@pytest.mark.parametrize(
    "value",
    ["", "-", "3 m", "1_000", "nan", "inf", "0x10", "３", True, False, [3], {"a": 3}, "1,5"],
)
def test_what_is_no_number_is_refused(value):
    error = refused({"id": 1, "v": value})
    assert (error.reason, error.path) == ("not-a-number", "v")
    assert error.value == (value if isinstance(value, str) else json.dumps(value))


def test_numbers_beyond_bounds_are_refused():
    assert refused(b'{"id": 1, "v": 1e999}').reason == "not-finite"
    assert refused(b'{"id": 1, "v": 1' + b"0" * 400 + b"}").reason == "not-finite"
    assert refused({"id": 1, "v": "1e999"}).reason == "not-finite"


def test_null_is_no_reading():
    assert read({"id": 1, "v": None}) == []


def test_scale_and_offset_leave_no_noise():
    assert value_at("v", {"id": 1, "v": 3}, scale=0.1) == 0.3
    assert value_at("v", {"id": 1, "v": 250}, scale=0.1, offset=-40) == -15.0


@given(NUMBERS, st.floats(-1e3, 1e3).filter(lambda x: abs(x) > 1e-3), NUMBERS)
def test_any_scale_and_offset(value, scale, offset):
    found = value_at("v", {"id": 1, "v": value}, scale=scale, offset=offset)
    expected = value * scale + offset
    assert found == pytest.approx(
        expected, rel=1e-9, abs=1e-9 * max(1, abs(value * scale), abs(offset))
    )


# Times


def moment_of(kind, value, form=""):
    time = {"path": "t", "as": kind, **({"form": form} if form else {})}
    (found,) = read({"id": 1, "v": 1, "t": value}, {**PLAIN, "time": time})
    return found.observed_at


@pytest.mark.parametrize(
    ("kind", "value", "form"),
    [
        ("iso", "2024-07-15T20:00:00+08:00", ""),
        ("iso", "2024-07-15T12:00:00Z", ""),
        ("iso", "2024-07-15 20:00:00", ""),
        ("iso", "20240715T200000", ""),
        ("epoch_s", 1721044800, ""),
        ("epoch_s", "1721044800.0", ""),
        ("epoch_ms", 1721044800000, ""),
        ("local", "2024-07-15 20:00:00", ""),
        ("local", 20240715200000, "%Y%m%d%H%M%S"),
        ("local", "15/07/24 20:00", "%d/%m/%y %H:%M"),
        ("local", "2024年07月15日 20:00", "%Y年%m月%d日 %H:%M"),
    ],
)
def test_times_of_every_kind(kind, value, form):
    assert moment_of(kind, value, form) == EVENING


def test_without_a_time_a_value_is_of_its_receipt():
    (found,) = read({"id": 1, "v": 1})
    assert found.observed_at == CAME


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("iso", "yesterday", "not-a-time"),
        ("iso", 1721044800, "not-a-time"),
        ("iso", "2024-02-30T00:00:00Z", "not-a-time"),
        ("iso", None, "not-a-time"),
        ("epoch_s", True, "not-a-number"),
        ("epoch_s", "soon", "not-a-number"),
        ("epoch_s", 1721044800000, "not-a-time"),
        ("epoch_ms", 1721044800, "time-out-of-range"),
        ("epoch_s", 1e300, "not-a-time"),
        ("local", "2024-07-15", "not-a-time"),
        ("iso", "1999-12-31T00:00:00Z", "time-out-of-range"),
        ("iso", "2100-01-01T00:00:00Z", "time-out-of-range"),
    ],
)
def test_what_is_no_time_is_refused(kind, value, reason):
    error = refused({"id": 1, "v": 1, "t": value}, {**PLAIN, "time": {"path": "t", "as": kind}})
    assert (error.reason, error.path) == (reason, "t")


@given(st.integers(946_800_000, 4_102_200_000))
def test_a_moment_is_the_same_in_every_form(seconds):
    at = datetime.fromtimestamp(seconds, UTC)
    local = at.astimezone(ZONE).replace(tzinfo=None)
    assert moment_of("iso", at.isoformat()) == at
    assert moment_of("iso", local.isoformat()) == local.replace(tzinfo=ZONE)
    assert moment_of("epoch_s", seconds) == moment_of("epoch_ms", seconds * 1000) == at
    assert moment_of("local", f"{local:%Y-%m-%d %H:%M:%S}") == local.replace(tzinfo=ZONE)
    assert abs(local.replace(tzinfo=ZONE) - at) < timedelta(hours=2)


# Addresses, records, bounds


def test_an_address_in_a_part_of_the_topic():
    mapping = {**PLAIN, "address": {"topic": 2}}
    assert read({"v": 1}, mapping, topic="rain/0990701001/up")[0].station == "0990701001"
    error = refused({"v": 1}, mapping, topic="rain")
    assert (error.reason, error.path, error.value) == ("no-topic-part", "2", "rain")


@pytest.mark.parametrize("value", ["", "  ", "x" * 65, "a\nb", True, 1.5, None, [1]])
def test_what_is_no_address(value):
    assert refused({"id": value, "v": 1}).reason == "bad-address"


def test_records_have_their_own_paths_and_share_what_stands_above():
    mapping = {
        "address": {"path": "$.site"},
        "time": {"path": "at", "as": "epoch_s"},
        "each": "rows",
        "values": [{"path": "$.unit.v", "element": "VT"}, {"path": "z", "element": "Z"}],
    }
    rows = [{"at": 1721044800, "z": 1}, {"at": 1721044860, "z": 2}]
    found = read({"site": "S", "unit": {"v": 12}, "rows": rows}, mapping)
    assert [(x.station, x.element, x.value) for x in found] == [
        ("S", "VT", 12.0),
        ("S", "Z", 1.0),
        ("S", "VT", 12.0),
        ("S", "Z", 2.0),
    ]
    assert read([{"id": 1, "v": 1}, {"id": 2, "v": 2}], {**PLAIN, "each": "$"})[1].station == "2"
    assert refused({"rows": {"a": 1}}, {**PLAIN, "each": "rows"}).reason == "not-a-list"
    many = [{"id": 1, "v": 1}] * (MOST_READINGS + 1)
    assert refused(many, {**PLAIN, "each": "$"}).reason == "too-many"


def test_a_record_that_is_wrong_refuses_the_whole_payload():
    error = refused([{"id": 1, "v": 1}, {"id": 2, "v": "x"}], {**PLAIN, "each": "$"})
    assert (error.path, error.value) == ("v", "x")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[NaN]", b'{"v": Infinity}', b"[" * 100_000, b"hello", b"1" * 5_000],
)
def test_what_is_no_json_is_refused(content):
    assert refused(content, {**PLAIN, "each": "$"}).reason in ("not-json", "not-a-list")


def test_what_is_too_long_is_refused_unread():
    assert refused(b" " * (MOST_BYTES + 1)).reason == "too-long"


def test_a_byte_order_mark_is_passed_over():
    assert read(b'\xef\xbb\xbf{"id": 1, "v": 1}')[0].value == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("idvtz"), inner, max_size=4)
    ),
    max_leaves=12,
)
FULL = {**PLAIN, "time": {"path": "t", "as": "epoch_s"}}


@given(st.binary(max_size=200) | JSON.map(lambda x: json.dumps(x).encode()))
def test_any_payload_is_read_or_refused_in_words(content):
    for mapping in (PLAIN, FULL, {**FULL, "each": "$"}):
        found, refusal = [], ""
        try:
            found = read(content, mapping)
        except PayloadRefused as error:
            refusal = error.value
        assert len(refusal) <= 60
        assert all(isinstance(each.value, float) and each.station for each in found)
