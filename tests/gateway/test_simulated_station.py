"""The simulated station speaks as a real one: the centre's decoder reads what it means."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from anlan.monitoring.gateways.sl651.codes import ETX
from anlan.monitoring.gateways.sl651.commands import FUNCTIONS, answer_words, parameters_of
from anlan.monitoring.gateways.sl651.encode import encode_command
from anlan.monitoring.gateways.sl651.frame import UpFrame, decode, join_packets, readings
from anlan.monitoring.simulator.plan import SimulatedPoint, Tally
from anlan.monitoring.simulator.stations import SimulatedStation

NOW = datetime(2024, 7, 15, 12, 0, 30, tzinfo=UTC)
POINT = SimulatedPoint("9906510001", "A651", "H")


def station(seed=1, **more):
    return SimulatedStation(POINT, seed=seed, begin=NOW, step=timedelta(minutes=5), **more)


def up(data):
    frame = decode(data)
    assert isinstance(frame, UpFrame)
    return frame


def asked(question, **words):
    function = FUNCTIONS[question]
    return decode(
        encode_command(
            function,
            station=POINT.address,
            center=1,
            password=POINT.password,
            serial=9,
            sent_at=NOW,
            parameters=parameters_of(function, words=words),
        )
    )


def answered(gauge, question, **words):
    (data,) = gauge.answer(asked(question, **words), now=NOW)
    return answer_words(up(data), received_at=NOW)


def test_what_a_report_tells_is_what_is_decoded():
    gauge = station()
    told = [gauge.report(now=NOW) for _ in range(300)]
    for each in told:
        frame = up(each.data)
        found = [(x.element, x.observed_at, x.value) for x in readings(frame)]
        assert found == list(each.readings)
        assert frame.serial == each.serial
    times = [each.readings[0][1] for each in told]
    assert times[0] == NOW.replace(second=0)
    assert all(b - a == timedelta(minutes=5) for a, b in pairwise(times))
    assert {each.readings[0][2] for each in told} > {0.0}


def test_the_same_seed_is_the_same_weather():
    assert station().report(now=NOW) == station().report(now=NOW)
    assert station().report(now=NOW) != station(seed=2).report(now=NOW)


def test_it_answers_what_it_is_asked():
    gauge = station(clock_off_s=600)
    assert answered(gauge, "clock")["drift_s"] == 600
    assert answered(gauge, "set_clock")["drift_s"] == 0
    assert answered(gauge, "interval", minutes=120) == {"report_hours": 2.0}
    assert gauge.report_minutes == 120
    assert answered(gauge, "version") == {"version": "ANLAN-SIM 1.0"}
    assert answered(gauge, "status")["status"] == ["door closed"]
    assert len(answered(gauge, "present")["values"]) == 5
    assert [x["element"] for x in answered(gauge, "elements", elements=["Z", "Q"])["values"]] == [
        "Z"
    ]


def test_a_picture_comes_in_packets_and_each_of_them_again():
    gauge = station()
    packets = [up(data) for data in gauge.answer(asked("picture"), now=NOW)]
    whole = join_packets(packets)
    assert whole.observations[0].elements[0].raw[:3] == b"\xff\xd8\xff"
    demand = asked("picture")._replace(end=0x15, packets=len(packets), number=2)
    again = up(gauge.again(demand))
    assert (again.body, again.end) == (packets[1].body, ETX)
    assert gauge.again(demand._replace(number=99)) is None


def test_a_tally_counts_and_orders_its_latencies():
    tally = Tally(reports=3, confirmed=2)
    tally.latencies.extend([0.3, 0.1])
    assert tally.as_document()["p50_ms"] == 300.0
    assert tally.percentile(0.0) == pytest.approx(0.1)
    assert Tally().percentile(0.5) != Tally().percentile(0.5)
