"""Bad bytes, floods, slow talkers and full queues: bounded, and never at the others' cost."""

import asyncio
import random

import pytest
from django.db import OperationalError

from anlan.monitoring.actions import ingest_arrivals
from anlan.monitoring.api import ingest_readings
from anlan.monitoring.data import EXCLUDED_FROM
from anlan.monitoring.models import FrameFault, Reading
from tests.listening import PATIENCE_S, run

pytestmark = pytest.mark.usefixtures("cast")
ELSEWHERE = "127.0.0.2"


def values():
    rows = Reading.objects.filter(quality__lt=EXCLUDED_FROM)
    return sorted(rows.values_list("value", flat=True))


def faults():
    return list(FrameFault.objects.order_by("pk").values_list("peer", "reason"))


def test_a_flood_of_rubbish_is_cut_and_refused_while_others_go_on():
    noise = random.Random(1).randbytes(400_000)

    async def work(house):
        good, bad = await house.gauge(), await house.gauge(from_host=ELSEWHERE)
        bad.send(noise)
        good.send(good.report(PN05=1.0))
        assert (await good.hear()).serial == 1
        assert await bad.is_closed()
        again = await house.gauge(from_host=ELSEWHERE)
        assert await again.is_closed()
        good.send(good.report(minutes=-5, PN05=2.0))
        assert (await good.hear()).serial == 2
        await house.until(faults)

    run(work)
    assert {peer for peer, _reason in faults()} == {ELSEWHERE}
    assert values() == [1.0, 2.0]


def test_a_bad_link_behind_the_address_of_good_stations_is_cut_alone():
    async def work(house):
        good, bad = await house.gauge(), await house.gauge()
        good.send(good.report(PN05=1.0))
        await good.hear()
        bad.send(random.Random(1).randbytes(400_000))
        assert await bad.is_closed()
        other = await house.gauge("0990701002")
        other.send(other.report(PN05=2.0))
        assert (await other.hear()).serial == 1

    run(work)


def test_what_is_kept_of_damage_is_bounded_and_all_of_it_counted():
    async def work(house):
        gauge = await house.gauge()
        for _ in range(6):
            damaged = bytearray(gauge.report(PN05=1.0))
            damaged[30] ^= 1
            gauge.send(bytes(damaged), gauge.report(PN05=1.0))
            await gauge.hear()
        assert house.gateway.counts.damaged == 6

    run(work, kept_faults_an_hour=4)
    assert faults() == [("127.0.0.1", "bad-crc")] * 4


def test_a_frame_whose_rest_does_not_come_is_given_up_and_the_next_one_read():
    async def work(house):
        gauge = await house.gauge()
        gauge.send(gauge.report(PN05=1.0)[:30])
        await house.until(faults)
        gauge.send(gauge.report(PN05=2.0))
        assert (await gauge.hear()).serial == 2

    run(work, partial_s=0.05)
    assert faults() == [("127.0.0.1", "truncated")]


def test_a_link_that_stays_silent_is_closed():
    async def work(house):
        silent, gauge = await house.gauge(), await house.gauge("0990701002")
        gauge.send(gauge.report(PN05=2.0))
        await gauge.hear()
        assert await silent.is_closed()
        assert await gauge.is_closed()

    run(work, silent_start_s=0.1, idle_s=0.3)


def test_there_are_only_so_many_links():
    async def work(house):
        first, second = await house.gauge(), await house.gauge()
        third, other = await house.gauge(), await house.gauge(from_host=ELSEWHERE)
        assert await third.is_closed()
        other.send(other.report(PN05=1.0))
        await other.hear()
        fourth = await house.gauge(from_host=ELSEWHERE)
        assert await fourth.is_closed()
        first.close()
        second.send(second.report(minutes=-5, PN05=1.0))
        await second.hear()

    run(work, most_links_per_peer=2, most_links=3)


def test_a_full_intake_stops_reading_and_goes_on_when_there_is_room():
    async def work(house):
        gauges = [await house.gauge(f"099070100{number}") for number in (1, 2)]
        house.executor.is_held = True
        for gauge in gauges:
            gauge.send(*(gauge.report(minutes=-k, PN05=1.0) for k in range(60)))
            assert await gauge.is_answered_nothing()
        assert house.gateway.is_full
        late = await house.gauge("0990701003")
        late.send(late.report(Z=101.0))
        assert await late.is_answered_nothing()
        assert house.gateway.counts.reports <= 20 + 2 * 60
        house.executor.release()
        for gauge in gauges:
            assert [(await gauge.hear()).serial for _ in range(60)] == list(range(1, 61))
        assert (await late.hear()).serial == 1

    run(work, most_waiting=20, most_reports=10, most_waiting_per_link=30)
    assert len(values()) == 121


def test_a_link_may_not_fill_the_intake_alone():
    async def work(house):
        house.executor.is_held = True
        greedy, modest = await house.gauge(), await house.gauge("0990701002")
        for _ in range(20):
            greedy.send(*(greedy.report(minutes=-k, PN05=1.0) for k in range(200)))
        assert await greedy.is_answered_nothing()
        reports = house.gateway.counts.reports
        modest.send(modest.report(PN05=1.0))
        assert await modest.is_answered_nothing()
        assert house.gateway.counts.reports == reports + 1
        assert not house.gateway.is_full
        house.executor.release()
        await modest.hear()

    run(work, most_waiting=3_000, most_waiting_per_link=20)


def refuse(monkeypatch, error):
    """Let the store fail at every gathering with a certain value."""

    def refusing(readings, **more):
        if any(reading.value == 66.6 for reading in readings):
            raise error
        return ingest_readings(readings, **more)

    monkeypatch.setattr(ingest_arrivals, "ingest_readings", refusing)


def test_one_report_that_the_store_refuses_does_not_hold_up_the_others(monkeypatch):
    refuse(monkeypatch, OverflowError("no such number"))

    async def work(house):
        house.executor.is_held = True
        gauges = [await house.gauge(f"099070100{number}") for number in (1, 2, 3)]
        for gauge, value in zip(gauges, (1.0, 66.6, 3.0), strict=True):
            gauge.send(
                *(gauge.report(minutes=-k, PN05=value) for k in range(5 if value < 9 else 1))
            )
            assert await gauge.is_answered_nothing()
        house.executor.release()
        for gauge in (gauges[0], gauges[2]):
            assert [(await gauge.hear()).serial for _ in range(5)] == [1, 2, 3, 4, 5]
        assert await gauges[1].is_answered_nothing()
        await house.until(faults)

    run(work)
    assert values() == [1.0] * 5 + [3.0] * 5
    (fault,) = FrameFault.objects.all()
    assert fault.reason == "refused: OverflowError"
    assert bytes(fault.payload).hex().startswith("7e7e010990701002")


def test_a_database_that_answers_but_never_takes_a_gathering_is_given_it_in_halves(monkeypatch):
    refuse(monkeypatch, OperationalError("row too large"))

    async def work(house):
        gauge, other = await house.gauge(), await house.gauge("0990701002")
        house.executor.is_held = True
        gauge.send(gauge.report(PN05=66.6))
        other.send(other.report(PN05=1.0))
        assert await other.is_answered_nothing()
        house.executor.release()
        assert (await other.hear()).serial == 1

    run(work, retries_before_splitting=2)
    assert values() == [1.0]


def test_a_gateway_that_is_stopped_confirms_what_it_has():
    async def work(house):
        gauge = await house.gauge()
        house.executor.is_held = True
        gauge.send(*(gauge.report(minutes=-k, PN05=1.0) for k in range(10)))
        assert await gauge.is_answered_nothing()
        stopping = asyncio.get_running_loop().create_task(house.gateway.stop())
        house.executor.release()
        assert [(await gauge.hear()).serial for _ in range(10)] == list(range(1, 11))
        await stopping

    run(work)
    assert len(values()) == 10


def test_damage_that_is_being_written_when_the_gateway_is_stopped_is_kept_once():
    async def work(house):
        gauge = await house.gauge()
        house.executor.is_held = True
        damaged = bytearray(gauge.report(PN05=1.0))
        damaged[30] ^= 1
        gauge.send(bytes(damaged))
        await asyncio.wait_for(house.executor.something_held.wait(), PATIENCE_S)
        stopping = asyncio.get_running_loop().create_task(house.gateway.stop())
        assert await gauge.is_answered_nothing()
        house.executor.release()
        await stopping

    run(work, commands_every_s=60.0)
    assert faults() == [("127.0.0.1", "bad-crc")]
