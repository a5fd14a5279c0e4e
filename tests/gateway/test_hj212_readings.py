"""Readings, packets and answers of HJ 212 messages."""

from datetime import UTC, datetime

import pytest

from anlan.monitoring.gateways.hj212.answers import (
    answers_to,
    encode_execution_result,
    encode_request_answer,
)
from anlan.monitoring.gateways.hj212.encode import message
from anlan.monitoring.gateways.hj212.errors import BadField
from anlan.monitoring.gateways.hj212.frame import decode, join_packets, readings
from tests.gateway.hj212_specimens import BY_NAME

MN = "010000A8900016F000169DC0"
QN = "20160801085857223"


def upload(items, *, command=2011, system="32", flag=5, packet=None, request=QN):
    return message(
        items,
        system=system,
        command=command,
        station=MN,
        request=request,
        password="123456",
        flag=flag,
        packet=packet,
    )


def answered(frame):
    """Return the answer to a message, decoded."""
    (answer,) = answers_to([frame])
    assert answer is not None
    return decode(answer)


def shown(frame):
    return [(r.element, r.value, r.unit, r.flag) for r in readings(frame)]


def test_the_readings_of_a_recorded_message():
    found = readings(decode(BY_NAME["J01"]))
    assert [(r.element, r.value, r.unit, r.flag) for r in found] == [
        ("B01", 36.91, "L/s", None),
        ("011", 231.0, "mg/L", "N"),
        ("060", 1.803, "mg/L", "N"),
    ]
    assert {r.observed_at for r in found} == {datetime(2016, 8, 23, 16, 38, 17, tzinfo=UTC)}
    assert {r.station for r in found} == {"LD130133000015"}


def test_kinds_give_their_name_and_their_unit():
    frame = upload(
        [
            [("DataTime", "20160801084000")],
            [("w01018-Cou", "10.5"), ("w01018-Avg", "40.1"), ("w01018-Flag", "N")],
            [("a01001-Avg", "-3.5"), ("a01006-Max", "101.87"), ("LA-Avg", "55.1")],
            [("SB1-RS", "1")],
        ],
        command=2051,
    )
    assert shown(frame) == [
        ("w01018-Cou", 10.5, "kg", "N"),
        ("w01018-Avg", 40.1, "mg/L", "N"),
        ("a01001-Avg", -3.5, "C", None),
        ("a01006-Max", 101.87, "kPa", None),
        ("LA-Avg", 55.1, "dB", None),
        ("SB1-RS", 1.0, "", None),
    ]


def test_an_invalid_value_is_kept_with_its_flag_and_is_no_number_for_the_room():
    frame = upload(
        [[("DataTime", "20160801084000")], [("w01018-Rtd", "999"), ("w01018-Flag", "D")]]
    )
    (found,) = readings(frame)
    assert (found.value, found.flag, found.is_valid) == (999.0, "D", False)
    assert found.raw.value is None
    assert found.raw.element == "w01018"


def test_what_is_no_number_is_no_value():
    frame = upload([[("DataTime", "20160801084000")], [("a-Rtd", "--"), ("b-Rtd", "1e400")]])
    assert [reading.value for reading in readings(frame)] == [None, None]


def test_hour_and_day_values_do_not_meet_minute_values():
    names = []
    for command in (2051, 2061, 2031):
        frame = upload([[("DataTime", "20160801000000")], [("a34004-Avg", "35")]], command=command)
        names += [reading.raw.element for reading in readings(frame)]
    assert names == ["a34004-Avg", "a34004-Avg/hour", "a34004-Avg/day"]


def test_a_sample_taken_earlier_has_its_time():
    frame = upload(
        [
            [("DataTime", "20160801085857")],
            [("w01018-SampleTime", "20160801070000"), ("w01018-Rtd", "2.2")],
            [("w21003-SampleTime", "00000000000000"), ("w21003-Rtd", "0.1")],
        ]
    )
    assert [reading.observed_at.hour for reading in readings(frame)] == [7, 8]


def test_gases_of_ambient_air_have_the_unit_that_was_agreed():
    items = [[("DataTime", "20160801084000")], [("a21026-Rtd", "12"), ("a01001-Rtd", "1")]]
    assert [r.unit for r in readings(upload(items, system="22"))] == ["", "C"]
    assert [r.unit for r in readings(upload(items, system="31"))] == ["mg/m3", "C"]


def test_an_upload_in_packets_is_joined():
    time = [("DataTime", "20160801080000")]
    first = upload([time, [("w01001-Avg", "7.5")]], command=2061, flag=7, packet=(2, 1))
    second = upload(
        [time, [("w01018-Avg", "40.1")]],
        command=2061,
        flag=7,
        packet=(2, 2),
        request="20160801085857224",
    )
    joined = join_packets([second, first])
    assert [(r.element, r.value) for r in readings(joined)] == [
        ("w01001-Avg", 7.5),
        ("w01018-Avg", 40.1),
    ]
    assert joined.packets is None


def test_a_later_packet_without_a_time_has_the_time_of_the_first():
    first = upload([[("DataTime", "20160801080000")]], flag=7, packet=(2, 1))
    second = upload([[("w01018-Rtd", "40.1")]], flag=7, packet=(2, 2))
    assert readings(second) == ()
    (found,) = readings(join_packets([first, second]))
    assert found.value == 40.1


@pytest.mark.parametrize(
    "parts", [[], [(2, 1)], [(2, 1), (2, 1)], [(2, 1), (3, 2)], [(1, 1), (2, 2)]]
)
def test_packets_that_are_no_whole_are_refused(parts):
    with pytest.raises(BadField):
        join_packets([upload([], flag=7, packet=packet) for packet in parts])


def test_packets_that_contradict_each_other_are_refused():
    items = [[("DataTime", "20160801080000")], [("w01018-Rtd", "1")]]
    parts = [upload(items, flag=7, packet=(2, number)) for number in (1, 2)]
    with pytest.raises(BadField):
        join_packets(parts)


def test_an_upload_that_asks_gets_the_data_answer_of_the_standard():
    (answer,) = answers_to([upload([], request="20160801085000001")])
    assert answer == BY_NAME["K06"]


def test_a_2005_upload_gets_its_number_back_in_the_data_area():
    answer = answered(upload([], command=2051, flag=1))
    assert answer.items == ((("QN", QN),), (("CN", "2051"),))
    assert answer.request is None


def test_a_notice_gets_a_notice_answer():
    assert answered(upload([], command=1013)).command == 9013


@pytest.mark.parametrize(
    "frame",
    [
        None,
        upload([], flag=4),
        upload([], flag=None),
        upload([], request=None),
        upload([], command=9011),
        decode(BY_NAME["J03"]),
    ],
)
def test_silence(frame):
    assert answers_to([frame]) == (None,)


def test_every_packet_is_answered():
    parts = [upload([], flag=7, packet=(2, number)) for number in (1, 2)]
    assert [answered(part).flag for part in parts] == [4, 4]


def test_a_station_answers_a_request():
    request = decode(BY_NAME["J02"])
    accepted = decode(encode_request_answer(request))
    done = decode(encode_execution_result(request, result=3))
    assert (accepted.command, accepted.items) == (9011, ((("QnRtn", "1"),),))
    assert (done.command, done.items) == (9012, ((("ExeRtn", "3"),),))
    assert accepted.request == done.request == request.request
