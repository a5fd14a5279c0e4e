"""A report is confirmed when it is durable, and not before."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from fastcrc import crc16

from anlan.kernel import clock
from anlan.monitoring.actions import ingest_columns
from anlan.monitoring.data import EXCLUDED_FROM
from anlan.monitoring.elements import LEVEL, RAIN
from anlan.monitoring.gateways.sl651.codes import EOT, ESC
from anlan.monitoring.gateways.sl651.encode import Sender, encode_keep_alive, encode_manual_report
from anlan.monitoring.gateways.tcp import storing
from anlan.monitoring.models import FrameFault, Reading, ReadingBatch, StationContact
from tests.listening import run

pytestmark = pytest.mark.usefixtures("cast")


def stored():
    rows = Reading.objects.filter(quality__lt=EXCLUDED_FROM).order_by("observed_at", "element")
    return list(rows.values_list("element", "value"))


def text_report(address, *, at, value):
    minute = at.strftime("%y%m%d%H%M")
    body = f"0007{minute}00ST {address} P TT {minute} PN05 {value} "
    data = f"\x0101{address}000032{len(body):04X}\x02{body}\x03".encode("ascii")
    return data + f"{crc16.modbus(data):04X}".encode("ascii")


def test_a_report_is_stored_and_confirmed_with_its_own_number():
    async def work(house):
        gauge = await house.gauge()
        gauge.send(gauge.report(PN05=2.5, Z=101.25))
        answer = await gauge.hear()
        assert (answer.function, answer.serial, answer.end) == (0x32, 1, ESC)
        assert (answer.station, answer.center) == (gauge.address, 1)
        assert answer.sent_at == clock.now()
        assert await house.look(stored) == [(RAIN, 2.5), (LEVEL, 101.25)]
        assert (await house.look(ReadingBatch.objects.get)).stored == 2

    run(work)


def test_many_reports_of_many_links_share_a_transaction():
    async def work(house):
        house.executor.is_held = True
        gauges = [await house.gauge(f"099070100{number}") for number in (1, 2, 3)]
        for gauge in gauges:
            gauge.send(*(gauge.report(minutes=-k, PN05=1.0) for k in range(5)))
        assert await gauges[0].is_answered_nothing()
        house.executor.release()
        for gauge in gauges:
            assert [(await gauge.hear()).serial for _ in range(5)] == [1, 2, 3, 4, 5]
        assert await house.look(ReadingBatch.objects.count) <= 2
        assert len(await house.look(stored)) == 15

    run(work)


def test_nothing_is_said_while_the_database_takes_its_time():
    async def work(house):
        gauge = await house.gauge()
        house.executor.is_held = True
        gauge.send(gauge.report(PN05=2.5))
        assert await gauge.is_answered_nothing()
        assert not await house.look(stored)
        house.executor.release()
        assert (await gauge.hear()).serial == 1
        assert await house.look(stored) == [(RAIN, 2.5)]

    run(work)


def test_a_transaction_that_fails_at_its_end_is_not_confirmed_and_tried_again(monkeypatch):
    failures = [OperationalError("disk full")] * 3

    def follow():
        assert stored()
        if failures:
            raise failures.pop()

    monkeypatch.setattr(ingest_columns, "follow_batches", follow)

    async def work(house):
        gauge = await house.gauge()
        gauge.send(gauge.report(PN05=2.5))
        assert await gauge.is_answered_nothing()
        assert not await house.look(stored)
        assert (await gauge.hear()).serial == 1
        assert await house.look(stored) == [(RAIN, 2.5)]
        assert not failures

    run(work, retry_first_s=0.1, retry_longest_s=0.2)


def test_a_database_that_is_away_comes_back_without_a_hand(monkeypatch):
    tries = []

    def take_in(*args, **kwargs):
        tries.append(1)
        raise OperationalError("server closed the connection")

    async def work(house):
        gauge = await house.gauge()
        with monkeypatch.context() as patched:
            patched.setattr(storing, "ingest_arrivals", take_in)
            patched.setattr(storing, "keep_damage", take_in)
            gauge.send(gauge.report(PN05=2.5))
            assert await gauge.is_answered_nothing()
        assert len(tries) > 3
        assert (await gauge.hear()).serial == 1
        assert await house.look(stored) == [(RAIN, 2.5)]

    run(work)


def test_a_database_that_comes_back_just_before_it_is_asked_refuses_nothing(monkeypatch):
    asked = []

    def is_away(*args, **kwargs):
        raise OperationalError("server closed the connection")

    def comes_back():
        asked.append(1)
        patched.undo()  # between the last try and the question whether it is there

    async def work(house):
        gauge = await house.gauge()
        patched.setattr(storing, "ingest_arrivals", is_away)
        patched.setattr(storing, "_try_to_write", comes_back)
        gauge.send(gauge.report(PN05=2.5))
        assert (await gauge.hear()).serial == 1
        assert await house.look(stored) == [(RAIN, 2.5)]

    patched = monkeypatch
    run(work, retries_before_splitting=2)
    assert asked == [1]
    assert not FrameFault.objects.exists()


def test_a_report_sent_again_is_confirmed_again_and_stored_once():
    async def work(house):
        gauge = await house.gauge()
        data = gauge.report(PN05=2.5)
        for _ in range(3):
            gauge.send(data)
            assert (await gauge.hear()).serial == 1
        other = await house.gauge()
        other.send(data, data)
        assert [(await other.hear()).serial for _ in range(2)] == [1, 1]
        assert await house.look(stored) == [(RAIN, 2.5)]

    run(work)


def test_a_keep_alive_is_not_answered_but_the_station_was_heard(cast):
    async def work(house):
        gauge = await house.gauge()
        sender = Sender(1, gauge.address, "0000", "P")
        sent_at = clock.now() + timedelta(seconds=20)
        gauge.send(encode_keep_alive(sender=sender, serial=1, sent_at=sent_at))
        assert await gauge.is_answered_nothing()

    run(work)
    contact = StationContact.objects.get(station=cast.stations["upper rain"])
    assert (contact.heard_at, contact.drift_s, contact.peer) == (clock.now(), 20.0, "127.0.0.1")


def test_ascii_is_answered_in_ascii_and_a_link_keeps_its_encoding():
    async def work(house):
        gauge = await house.gauge()
        gauge.send(text_report(gauge.address, at=clock.now(), value=3.5))
        answer = await gauge.hear()
        assert (answer.encoding, answer.serial, answer.end) == ("ASCII", 7, ESC)
        gauge.send(gauge.report(minutes=-5, PN05=1.0))
        assert await gauge.is_answered_nothing()
        assert await house.look(stored) == [(RAIN, 3.5)]

    run(work)
    assert FrameFault.objects.get().reason == "mixed-encodings"


def test_what_holds_no_numbers_is_kept_before_it_is_confirmed():
    async def work(house):
        gauge, stranger = await house.gauge(), await house.gauge("0990701999")
        for each in (gauge, stranger):
            sender = Sender(1, each.address, "0000", "P")
            each.send(encode_manual_report("PJ 02 ", sender=sender, serial=9, sent_at=clock.now()))
        assert ((await gauge.hear()).function, await house.look(stored)) == (0x35, [])
        assert await stranger.is_answered_nothing()

    run(work)
    fault = FrameFault.objects.get()
    assert fault.reason == "manual-entry"
    assert bytes(fault.payload).endswith(b"PJ 02 ")


def test_stations_without_confirmation_and_stations_that_may_go():
    async def work(house):
        quiet, gauge = await house.gauge("0990701002"), await house.gauge()
        quiet.send(quiet.report(PN05=1.5))
        assert await quiet.is_answered_nothing()
        gauge.send(gauge.report(PN05=2.5))
        assert (await gauge.hear()).end == EOT
        assert len(await house.look(stored)) == 2

    run(work, silent=("0990701002",), stay_online=False)


def test_a_station_that_stops_sending_still_hears_its_confirmation():
    async def work(house):
        gauge = await house.gauge()
        gauge.send(gauge.report(PN05=1.5))
        gauge.writer.write_eof()
        assert (await gauge.hear()).serial == 1
        assert await gauge.is_closed()

    run(work)


def test_what_a_station_left_behind_is_stored():
    async def work(house):
        house.executor.is_held = True
        gauge = await house.gauge()
        gauge.send(gauge.report(PN05=1.5))
        assert await gauge.is_answered_nothing()
        gauge.close()
        house.executor.release()
        other = await house.gauge("0990701002")
        other.send(other.report(PN05=2.5))
        await other.hear()

    run(work)
    assert sorted(value for _element, value in stored()) == [1.5, 2.5]
