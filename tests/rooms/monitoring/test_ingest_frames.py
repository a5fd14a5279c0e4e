"""Frames come in: what is good is stored once, what is not is kept with bytes and reason."""

from datetime import timedelta

import pytest
from fastcrc import crc16

from anlan.kernel import clock
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.api import ingest_frames
from anlan.monitoring.data import EXCLUDED_FROM, Quality, Sender, Verdict
from anlan.monitoring.elements import LEVEL, RAIN
from anlan.monitoring.gateways.sl651.encode import encode_command, encode_keep_alive
from anlan.monitoring.models import (
    FrameFault,
    LatestReading,
    Reading,
    ReadingBatch,
    SetAsideReading,
    StationContact,
)
from tests.weather import GATEWAY, receive, report

NAMES = {RAIN: "PN05", LEVEL: "Z"}
FIVE = timedelta(minutes=5)


def values():
    rows = Reading.objects.filter(quality__lt=EXCLUDED_FROM).order_by("observed_at", "element")
    return [(NAMES[element], value) for element, value in rows.values_list("element", "value")]


def aside():
    return list(SetAsideReading.objects.order_by("pk").values_list("value", "verdict"))


@pytest.fixture
def gauge(cast):
    return cast.stations["upper rain"]


def frame(gauge, value=2.5, *, minutes=0, **more):
    return report(gauge, at=clock.now() + timedelta(minutes=minutes), PN05=value, **more)


def test_a_report_is_stored_and_its_evaluation_queued(gauge):
    done = receive(frame(gauge, Z=101.25))
    assert (done.frames, done.stored, done.refused, done.faults, done.repeated) == (1, 2, 0, 0, 0)
    assert values() == [("PN05", 2.5), ("Z", 101.25)]
    assert LatestReading.objects.filter(element=LEVEL).count() == 0
    assert ReadingBatch.objects.get().stored == 2
    virtual_queue.run_until(clock.now())
    assert virtual_queue.ran["anlan.monitoring.tasks.judging.evaluate_thresholds"] == 1
    assert LatestReading.objects.get(element=LEVEL).value == 101.25
    assert StationContact.objects.get().heard_at == clock.now()


def test_the_sender_gets_its_frame_back_only_when_it_was_good(gauge):
    good = frame(gauge)
    _done, frames = ingest_frames([good, b"noise"], peer="p", by=GATEWAY, now=clock.now())
    assert [frame.station if frame else None for frame in frames] == [gauge.address, None]


def cut(data):
    return data[: len(data) // 2]


def flipped(data):
    return data[:20] + bytes([data[20] ^ 1]) + data[21:]


def reserved(data):
    return resealed(data[:10] + b"\x29" + data[11:])


def resealed(data):
    return data[:-2] + crc16.modbus(data[:-2]).to_bytes(2, "big")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (cut, "truncated"),
        (flipped, "bad-crc"),
        (reserved, "unknown-function"),
        (lambda data: b"", "truncated"),
        (lambda data: b"\x00\xff" * 30, "bad-start"),
        (lambda data: data + b"\x00", "bad-length"),
    ],
)
def test_bad_bytes_are_kept_as_they_came_and_never_become_readings(gauge, spoil, reason):
    bad = spoil(frame(gauge))
    done = receive(bad)
    assert (done.frames, done.stored, done.faults) == (1, 0, 1)
    fault = FrameFault.objects.get()
    assert (bytes(fault.payload), fault.reason, fault.peer) == (bad, reason, "test")
    assert fault.received_at == clock.now()
    assert values() == aside() == []
    assert virtual_queue.next_due() is None


def test_every_single_bit_changed_on_the_way_is_noticed(gauge):
    good = frame(gauge)
    bad = [
        good[:place] + bytes([good[place] ^ (1 << bit)]) + good[place + 1 :]
        for place in range(len(good))
        for bit in range(8)
    ]
    done = receive(*bad)
    assert (done.faults, done.stored) == (len(bad), 0)
    assert FrameFault.objects.count() == len(bad)


def test_a_bad_frame_does_not_stop_the_good_ones(gauge):
    done = receive(b"noise", frame(gauge), cut(frame(gauge)))
    assert (done.frames, done.stored, done.faults) == (3, 1, 2)
    assert values() == [("PN05", 2.5)]


def test_a_command_of_a_centre_is_no_report(gauge):
    command = encode_command(
        0x37, station=gauge.address, center=1, password="0000", serial=1, sent_at=clock.now()
    )
    assert receive(command).faults == 1
    assert FrameFault.objects.get().reason == "downward"


def test_a_keep_alive_is_good_and_says_nothing(gauge):
    alive = encode_keep_alive(
        sender=Sender(1, gauge.address, "0000", "P"), serial=1, sent_at=clock.now()
    )
    done = receive(alive)
    assert (done.stored, done.faults) == (0, 0)
    assert virtual_queue.next_due() is None


def test_the_same_report_twice_counts_once(gauge):
    receive(frame(gauge))
    again = receive(frame(gauge))
    assert (again.stored, again.repeated, again.refused) == (0, 1, 0)
    both = receive(frame(gauge, minutes=5), frame(gauge, minutes=5))
    assert (both.stored, both.repeated) == (1, 1)
    assert values() == [("PN05", 2.5), ("PN05", 2.5)]


def test_twice_with_another_value_keeps_the_first(gauge):
    receive(frame(gauge, 2.5))
    assert receive(frame(gauge, 9.5)).refused == 1
    assert values() == [("PN05", 2.5)]
    assert aside() == [(9.5, Verdict.REPEATED)]


def test_what_comes_late_counts_and_says_so(gauge):
    receive(frame(gauge, 2.5))
    done = receive(frame(gauge, 7.0, minutes=-5))
    assert (done.stored, done.late) == (1, 1)
    assert values() == [("PN05", 7.0), ("PN05", 2.5)]
    assert aside() == []
    assert Reading.objects.get(value=7.0).quality == Quality.LATE
    virtual_queue.run_until(clock.now())
    assert LatestReading.objects.get().value == 2.5


def test_what_is_older_than_all_that_is_kept_stays_out(gauge):
    receive(frame(gauge, 7.0, minutes=-470 * 24 * 60))
    assert values() == []
    assert aside() == [(7.0, Verdict.TOO_OLD)]


@pytest.mark.parametrize(("minutes", "counts"), [(5, True), (10, False), (60, False)])
def test_the_future_stays_out(gauge, minutes, counts):
    receive(frame(gauge, 3.0, minutes=minutes))
    assert values() == ([("PN05", 3.0)] if counts else [])
    assert aside() == ([] if counts else [(3.0, Verdict.FUTURE)])


def test_the_impossible_stays_out(gauge):
    done = receive(frame(gauge, 120.1), frame(gauge, 4.0, minutes=5))
    assert (done.stored, done.excluded) == (2, 1)
    assert values() == [("PN05", 4.0)]
    assert Reading.objects.get(value=120.1).quality == Quality.IMPOSSIBLE
    assert aside() == []


def test_a_station_nobody_registered_stays_out(cast):
    receive(report("0990709999", at=clock.now(), PN05=2.0))
    assert values() == []
    row = SetAsideReading.objects.get()
    assert (row.address, row.verdict) == ("0990709999", Verdict.UNKNOWN_STATION)


def test_each_gauge_and_element_has_an_order_of_its_own(cast):
    upper, lower = cast.stations["upper rain"], cast.stations["lower rain"]
    receive(frame(upper), frame(lower, minutes=-5))
    receive(report(upper, at=clock.now() - FIVE, Z=101.0))
    assert len(values()) == 3
    assert aside() == []


def test_many_reports_cost_no_more_queries_than_one(cast, django_assert_max_num_queries):
    gauges = list(cast.stations.values())
    with django_assert_max_num_queries(20):
        receive(*(frame(gauge) for gauge in gauges for _repeat in range(20)))
