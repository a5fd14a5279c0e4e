"""What somebody declares of a device model is checked field by field, before it reads anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.gateways.mqtt.checking import check_mapping, mapping_of
from anlan.monitoring.gateways.mqtt.refusals import MappingRefused, Wrong

LEVEL = {"path": "v", "element": "Z"}
PLAIN = {"address": {"path": "id"}, "values": [LEVEL]}


def faults(mapping, topic=""):
    with pytest.raises(MappingRefused) as caught:
        check_mapping(mapping, topic=topic)
    return [(each.where, each.wrong) for each in caught.value.faults]


@pytest.mark.parametrize(
    ("mapping", "where", "wrong"),
    [
        ([], "mapping", Wrong.NOT_AN_OBJECT),
        ({**PLAIN, "x": 1}, "x", Wrong.UNKNOWN_FIELD),
        ({**PLAIN, "address": {}}, "address", Wrong.NO_ADDRESS),
        ({**PLAIN, "address": {"path": "a", "topic": 1}}, "address", Wrong.NO_ADDRESS),
        ({**PLAIN, "address": {"path": "a..b"}}, "address.path", Wrong.BAD_PATH),
        ({**PLAIN, "address": {"topic": 0}}, "address.topic", Wrong.BAD_PART),
        ({**PLAIN, "address": {"topic": True}}, "address.topic", Wrong.BAD_PART),
        ({**PLAIN, "time": {"path": ""}}, "time.path", Wrong.BAD_PATH),
        ({**PLAIN, "time": {"path": "t", "as": "unix"}}, "time.as", Wrong.BAD_TIME_KIND),
        (
            {**PLAIN, "time": {"path": "t", "as": "local", "form": "%H:%M"}},
            "time.form",
            Wrong.BAD_TIME_FORM,
        ),
        ({**PLAIN, "each": "."}, "each", Wrong.BAD_PATH),
        ({**PLAIN, "values": []}, "values", Wrong.NO_VALUES),
        ({**PLAIN, "values": [1]}, "values.1", Wrong.NOT_AN_OBJECT),
        ({**PLAIN, "values": [LEVEL] * 2}, "values.2.element", Wrong.ELEMENT_TWICE),
        ({**PLAIN, "values": [LEVEL] * 61}, "values", Wrong.TOO_MANY_VALUES),
    ],
)
def test_a_wrong_mapping_is_told_by_field(mapping, where, wrong):
    assert (where, wrong) in faults(mapping)


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("path", None, Wrong.BAD_PATH),
        ("element", "5", Wrong.BAD_ELEMENT),
        ("element", "X" * 25, Wrong.BAD_ELEMENT),
        ("scale", "0.1", Wrong.BAD_NUMBER),
        ("scale", True, Wrong.BAD_NUMBER),
        ("scale", float("nan"), Wrong.BAD_NUMBER),
        ("scale", 10**400, Wrong.BAD_NUMBER),
        ("scale", 0, Wrong.ZERO_SCALE),
        ("offset", None, Wrong.BAD_NUMBER),
        ("optional", "yes", Wrong.NOT_YES_OR_NO),
        ("unit", "mm", Wrong.UNKNOWN_FIELD),
    ],
)
def test_a_wrong_value_row_is_told_by_field(name, value, wrong):
    mapping = {**PLAIN, "values": [{"path": "v", "element": "Z", name: value}]}
    assert faults(mapping) == [(f"values.1.{name}", wrong)]


def test_a_wrong_topic_is_told_too():
    assert faults(PLAIN, topic="a/#/b") == [("topic", Wrong.BAD_TOPIC)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("idvtz"), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["address", "time", "each", "values", "x"]), JSON))
def test_any_mapping_is_ready_or_refused(stored):
    told: object = None
    try:
        told = mapping_of(stored).values
    except MappingRefused as error:
        told = error.faults
    assert told
