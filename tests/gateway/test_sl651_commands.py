"""Commands as recorded frames have them, and what answers say."""

from datetime import datetime, timedelta

import pytest

from anlan.monitoring.gateways.sl651.codes import BEIJING
from anlan.monitoring.gateways.sl651.commands import (
    FUNCTIONS,
    NotInThisEncoding,
    answer_words,
    elements_named,
    is_clock_set,
    is_interval,
    parameters_of,
)
from anlan.monitoring.gateways.sl651.encode import Sender, encode_answer, encode_command
from anlan.monitoring.gateways.sl651.frame import DownFrame, UpFrame, decode
from tests.gateway.sl651_specimens import BY_NUMBER

NOON = datetime(2024, 1, 10, 12, 0, tzinfo=BEIJING)
SENDER = Sender(1, "0990701001", "0000", "P")


def up(data):
    frame = decode(data)
    assert isinstance(frame, UpFrame)
    return frame


def words(number):
    return answer_words(up(BY_NUMBER[number]), received_at=NOON)


def like(recorded, function, **words):
    return encode_command(
        function,
        station=recorded.station,
        center=recorded.center,
        password=recorded.password,
        serial=recorded.serial,
        sent_at=recorded.sent_at,
        parameters=parameters_of(function, words=words),
    )


@pytest.mark.parametrize(
    ("number", "question"),
    [("S39", "present"), ("S50", "elements"), ("S55", "version"), ("S56", "clock")],
)
def test_recorded_queries_are_encoded_to_the_byte(number, question):
    recorded = decode(BY_NUMBER[number])
    assert isinstance(recorded, DownFrame)
    assert like(recorded, FUNCTIONS[question], elements=["DRP"]) == BY_NUMBER[number]


def test_elements_are_asked_for_by_guide_and_definition():
    assert parameters_of(0x3A, words={"elements": ["Z", "PN05", "DRZ1"]}).hex() == "39232219f5c0"
    assert elements_named(["Z", "DRP", "RGZS", "DRxnn", "NOPE"]) == ["Z", "DRP"]


@pytest.mark.parametrize(
    ("minutes", "parameters"), [(60, "200801"), (1440, "200824"), (5, "210805"), (45, "210845")]
)
def test_an_interval_has_the_parameter_that_recorded_answers_show(minutes, parameters):
    assert parameters_of(0x42, words={"minutes": minutes}).hex() == parameters
    assert parameters[:4].upper() in BY_NUMBER["S13"].hex().upper()


@pytest.mark.parametrize(
    ("minutes", "is_one"),
    [(None, False), (0, False), (1, True), (59, True), (60, True), (90, False), (1500, False)],
)
def test_which_intervals_there_are(minutes, is_one):
    assert is_interval(minutes) is is_one


def test_words_of_an_ascii_link():
    asked = parameters_of(0x3A, words={"elements": ["Z", "VT"]}, encoding="ASCII")
    assert asked == b"Z VT "
    data = encode_command(
        0x3A,
        station="5010123456",
        center=1,
        password="0000",
        serial=3,
        sent_at=NOON,
        parameters=asked,
        encoding="ASCII",
    )
    frame = decode(data)
    assert (frame.encoding, frame.function, frame.rest) == ("ASCII", 0x3A, b"Z VT ")
    with pytest.raises(NotInThisEncoding):
        parameters_of(0x42, words={"minutes": 5}, encoding="ASCII")


def test_recorded_answers_in_words():
    assert words("S13")["report_hours"] == 1.0
    assert words("S13")["extra_minutes"] == 5.0
    assert words("S16") == {"version": "DATA86-SW-V1.2(H)"}
    assert words("S17") == {"word": "00000400", "status": ["pump stopped"]}
    assert [x["element"] for x in words("S07")["values"]][:3] == ["PJ", "PT", "Z"]
    assert words("S40")["values"][1]["value"] is None
    assert words("S23")["clock"] == "2021-04-09T08:46:05+08:00"
    assert words("S18") == {}


def test_an_answer_that_breaks_off_is_shown_as_far_as_it_goes():
    data = encode_answer(
        0x42, sender=SENDER, serial=1, sent_at=NOON, rest=bytes.fromhex("2008012110")
    )
    assert answer_words(up(data), received_at=NOON) == {"report_hours": 1.0, "extra_minutes": None}


@pytest.mark.parametrize(("off_s", "is_set"), [(0, True), (-299, True), (301, False)])
def test_a_clock_that_answers_far_off_was_not_set(off_s, is_set):
    data = encode_answer(0x4A, sender=SENDER, serial=1, sent_at=NOON + timedelta(seconds=off_s))
    assert is_clock_set(up(data), received_at=NOON) is is_set
    assert answer_words(up(data), received_at=NOON)["drift_s"] == off_s
