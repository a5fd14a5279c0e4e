"""Many observations in one call: the good ones are stored, or none, and each fault is told."""

import pytest

from anlan.kernel import clock
from anlan.monitoring.actions import push_readings as module
from anlan.monitoring.actions.ingest_readings import ingest_readings
from anlan.monitoring.data import Protocol, RawReading
from anlan.monitoring.models import Reading, ReadingBatch, SetAsideReading
from tests.http_station import ADDRESS, RAIN, http_gauge, minutes_ago, observation, sender
from tests.programs import said
from tests.weather import GATEWAY


@pytest.fixture
def maker(cast):
    http_gauge(cast)
    return sender()


def post(caller, body, *, status, path="/Observations", **asked):
    return said(caller.call("POST", path, body=body, **asked), status=status)


def values():
    return list(Reading.objects.order_by("observed_at").values_list("value", flat=True))


def test_a_list_is_stored_in_one_transaction(maker):
    told = post(maker, [observation(n / 10, minutes=n) for n in range(50)], status=201)
    assert (told["stored"], told["repeated"]) == (50, 0)
    assert len(set(told["observations"])) == 50
    assert told["observations"][0].startswith(RAIN)
    assert values() == [n / 10 for n in range(49, -1, -1)]
    assert ReadingBatch.objects.count() == 1


def test_the_same_list_again_changes_nothing(maker):
    body = [observation(minutes=n) for n in range(5)]
    first = post(maker, body, status=201)
    again = post(maker, body, status=200)
    assert (again["stored"], again["repeated"]) == (0, 5)
    assert again["observations"] == first["observations"]
    more = post(maker, [*body, observation(minutes=9)], status=201)
    assert (more["stored"], more["repeated"]) == (1, 5)


MIXED = [
    lambda: observation(1.0),
    lambda: observation("wet", minutes=1),
    lambda: observation(2.0, minutes=2),
    lambda: observation(minutes=-60),
    lambda: observation(stream="nobody:Z"),
    lambda: observation(3.0),
    lambda: observation(1.0),
]


def mixed():
    return [make() for make in MIXED]


def test_the_good_rows_are_stored_and_each_bad_one_is_told(maker):
    told = post(maker, mixed(), status=422)
    assert (told["stored"], told["repeated"], told["refused"]) == (2, 1, 4)
    assert [(x["row"], x["status"], x["column"]) for x in told["faults"]] == [
        (1, 422, "result"),
        (3, 422, "phenomenonTime"),
        (4, 404, "Datastream"),
        (5, 409, "result"),
    ]
    assert all(fault["sentence"] for fault in told["faults"])
    assert "4 of 7" in told["detail"]
    assert [name is not None for name in told["observations"]] == [
        True, False, True, False, False, False, True,
    ]  # fmt: skip
    assert values() == [2.0, 1.0]
    assert SetAsideReading.objects.get().address == "nobody"


@pytest.mark.parametrize("way", ["true", ""])
def test_all_or_nothing(maker, way):
    told = post(maker, mixed(), status=422, all_or_nothing=way)
    assert (told["stored"], told["repeated"]) == (0, 0)
    assert told["observations"] == [None] * 7
    assert "none is stored" in told["detail"]
    late = post(maker, [observation(1.0), observation(2.0)], status=422, all_or_nothing=way)
    assert late["faults"][0]["status"] == 409
    assert values() == []
    assert SetAsideReading.objects.count() == 0
    good = [observation(n, minutes=n) for n in range(3)]
    assert post(maker, good, status=201, all_or_nothing=way)["stored"] == 3


def test_an_option_that_is_no_yes_or_no(maker):
    assert post(maker, [observation()], status=422, all_or_nothing="perhaps")["faults"]


def test_a_datastream_in_the_address_of_a_list(maker):
    path = f"/Datastreams({RAIN})/Observations"
    body = [observation(stream=None, minutes=n) for n in range(3)]
    assert post(maker, body, status=201, path=path)["stored"] == 3


# Data arrays


def array(rows, *, components=("phenomenonTime", "result"), stream=RAIN):
    return {
        "Datastream": {"@iot.id": stream},
        "components": list(components),
        "dataArray@iot.count": len(rows),
        "dataArray": rows,
    }


def test_data_arrays_of_several_series(maker):
    times = [minutes_ago(n).isoformat() for n in range(3)]
    rain = array([[at, 0.5] for at in times])
    level = array(
        [[2.25, at, 1] for at in times],
        components=("result", "phenomenonTime", "FeatureOfInterest/id"),
        stream=f"{ADDRESS}:Z",
    )
    told = post(maker, [rain, level], status=201, path="/CreateObservations")
    assert told["stored"] == 6
    assert told["observations"][3].startswith(f"{ADDRESS}:Z")


@pytest.mark.parametrize(
    ("body", "row", "column"),
    [
        ([array([["soon", 1]])], 0, "phenomenonTime"),
        ([array([[None, 1], [1]])], 1, "dataArray"),
        ([array([[None, 1]], components=("phenomenonTime", "colour"))], 0, "colour"),
        ([{"Datastream": {"@iot.id": RAIN}}], 0, ""),
        ([7], 0, ""),
    ],
)
def test_a_wrong_data_array_is_told_by_row(maker, body, row, column):
    told = post(maker, body, status=422, path="/CreateObservations")
    assert (told["faults"][0]["row"], told["faults"][0]["column"]) == (row, column)


@pytest.mark.parametrize("body", [{}, [], [array([])]])
def test_a_body_without_data_arrays(maker, body):
    assert post(maker, body, status=422, path="/CreateObservations")["detail"]


# Others at the same time


@pytest.mark.parametrize(("all_or_nothing", "kept"), [(False, [4.0, 9.0]), (True, [9.0])])
def test_another_process_that_is_quicker_is_noticed(maker, monkeypatch, all_or_nothing, kept):
    """Between the look at the store and the storing somebody else stores another value."""

    def late(readings, **options):
        other = RawReading(ADDRESS, "PN05", clock.now(), 9.0, "")
        ingest_readings([other], protocol=Protocol.HTTP, peer="other", by=GATEWAY, now=clock.now())
        return ingest_readings(readings, **options)

    monkeypatch.setattr(module, "ingest_readings", late)
    body = [observation(2.5), observation(4.0, minutes=5)]
    told = post(maker, body, status=422, all_or_nothing=all_or_nothing)
    assert [fault["status"] for fault in told["faults"]] == [409]
    assert "value 9.0" in told["faults"][0]["sentence"]
    assert told["observations"] == [None, None] if all_or_nothing else told["observations"][1]
    assert values() == ([] if all_or_nothing else kept)


def test_a_long_list_asks_little(maker, django_assert_max_num_queries):
    with django_assert_max_num_queries(2_030):  # a look at each moment on SQLite, one on PostgreSQL
        post(maker, [observation(minutes=n) for n in range(1_000)], status=201)
