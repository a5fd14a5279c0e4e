"""Whom the gateway believes: the password, the clock, the address."""

from datetime import timedelta

import pytest
from fastcrc import crc16

from anlan.kernel import clock
from anlan.kernel.models import JournalEntry
from anlan.monitoring.data import CommandState, Protocol, Verdict
from anlan.monitoring.gateways.sl651.encode import ReportElement, Sender, encode_report
from anlan.monitoring.models import Reading, SetAsideReading, Station, StationCommand
from anlan.monitoring.store import aside
from tests.cast import LOWER
from tests.listening import run

pytestmark = pytest.mark.usefixtures("cast")
STRANGER = "0990701999"


def dated(gauge, *, off_s, observed_s=None, value=1.0, serial=1):
    """Return a report of a station whose clock is off."""
    sent_at = clock.now() + timedelta(seconds=off_s)
    observed_at = clock.now() + timedelta(seconds=off_s if observed_s is None else observed_s)
    return encode_report(
        0x32,
        sender=Sender(1, gauge.address, "0000", "P"),
        serial=serial,
        sent_at=sent_at,
        observed_at=observed_at,
        elements=[ReportElement("PN05", value)],
    )


def kept_aside():
    return list(SetAsideReading.objects.order_by("pk").values_list("address", "verdict", "peer"))


def test_a_wrong_password_is_neither_believed_nor_confirmed():
    async def work(house):
        gauge = await house.gauge()
        gauge.send(gauge.report(PN05=99.0, password="BEEF"))
        assert await gauge.is_answered_nothing()
        assert not await house.look(Reading.objects.exists)
        gauge.send(gauge.report(PN05=1.0))
        assert (await gauge.hear()).serial == 2

    run(work)
    assert kept_aside() == [("0990701001", Verdict.WRONG_PASSWORD, "127.0.0.1")]
    assert Reading.objects.get().value == 1.0


def test_passwords_are_hex_digits_in_either_case():
    Station.objects.filter(address="0990701001").update(password="beef")

    async def work(house):
        gauge = await house.gauge()
        gauge.send(gauge.report(PN05=1.0, password="BEEF"))
        assert (await gauge.hear()).serial == 1

    run(work)


def test_an_address_that_nobody_registered_is_kept_aside_and_confirmed():
    async def work(house):
        gauge = await house.gauge(STRANGER)
        gauge.send(gauge.report(PN05=1.0, Z=2.0))
        assert (await gauge.hear()).serial == 1
        assert not await house.look(Reading.objects.exists)
        station = Station.objects.create
        await house.look(
            lambda: station(
                address=STRANGER, division_id="990701101201", kind="P", name="new", lon=1, lat=1
            )
        )
        gauge.send(gauge.report(minutes=-5, PN05=3.0))
        assert (await gauge.hear()).serial == 2

    run(work)
    assert kept_aside() == [(STRANGER, Verdict.UNKNOWN_STATION, "127.0.0.1")] * 2
    assert Reading.objects.get().value == 3.0


def test_what_finds_no_room_aside_is_not_confirmed(monkeypatch):
    monkeypatch.setattr(aside, "MOST_OF_AN_ADDRESS", 2)

    async def work(house):
        gauge, good = await house.gauge(STRANGER), await house.gauge()
        gauge.send(gauge.report(PN05=1.0, Z=2.0))
        assert (await gauge.hear()).serial == 1
        gauge.send(gauge.report(PN05=1.5))
        good.send(good.report(PN05=2.5))
        assert (await good.hear()).serial == 1
        assert await gauge.is_answered_nothing()

    run(work)
    assert len(kept_aside()) == 2


def test_addresses_without_end_are_cut_off_and_the_known_ones_go_on(monkeypatch):
    monkeypatch.setattr(aside, "MOST_ADDRESSES", 3)

    async def work(house):
        good, flood = await house.gauge(), await house.gauge()
        for number in range(8):
            flood.address = f"99070199{number:02}"
            flood.send(flood.report(PN05=1.0))
        good.send(good.report(PN05=2.5))
        assert (await good.hear()).serial == 1
        assert [(await flood.hear()).serial for _ in range(3)] == [1, 2, 3]
        assert await flood.is_answered_nothing()

    run(work)
    assert len({address for address, *_more in kept_aside()}) == 3


def test_a_station_of_another_wire_is_a_stranger_here():
    Station.objects.filter(address="0990701001").update(protocol=Protocol.MQTT)

    async def work(house):
        gauge = await house.gauge()
        gauge.send(gauge.report(PN05=1.0))
        await gauge.hear()

    run(work)
    assert kept_aside()[0][1] == Verdict.UNKNOWN_STATION
    assert not Reading.objects.exists()


def test_a_fast_clock_is_set_right_and_its_readings_wait_aside():
    async def work(house):
        gauge = await house.gauge()
        gauge.send(dated(gauge, off_s=900))
        assert (await gauge.hear()).function == 0x32
        command = await gauge.hear()
        assert (command.function, command.sent_at) == (0x4A, clock.now())
        gauge.send(dated(gauge, off_s=900, observed_s=-60, serial=2))
        assert (await gauge.hear()).serial == 2

    run(work)
    assert [verdict for _address, verdict, _peer in kept_aside()] == [
        Verdict.FUTURE,
        Verdict.WRONG_CLOCK,
    ]
    assert not Reading.objects.exists()
    command = StationCommand.objects.get()
    assert (command.function, command.asked_by) == (0x4A, "program:gateway")
    assert JournalEntry.objects.filter(act="station.asked").count() == 1


def test_the_clock_is_set_again_after_an_hour_and_not_before(fixed_clock):
    async def work(house):
        gauge = await house.gauge()
        for serial, minutes in enumerate((0, 30, 31), start=1):
            fixed_clock.advance(timedelta(minutes=minutes))
            gauge.send(dated(gauge, off_s=900, serial=serial))
            while (await gauge.hear()).function != 0x32:
                pass

    run(work, commands_every_s=60.0)
    assert StationCommand.objects.filter(state=CommandState.WAITING).count() == 2


def test_old_reports_of_a_right_clock_are_stored_and_a_slow_clock_is_found_out(fixed_clock):
    async def work(house):
        gauge = await house.gauge()
        for serial, (off_s, after_s) in enumerate(
            [(0, 0), (-7200, 0), (-6900, 10), (-900, 10), (-900, 70), (-900, 70)], start=1
        ):
            fixed_clock.advance(timedelta(seconds=after_s))
            gauge.send(dated(gauge, off_s=off_s, serial=serial))
            await gauge.hear()

    run(work, commands_every_s=60.0)
    assert Reading.objects.count() == 4 + 1
    assert [verdict for _address, verdict, _peer in kept_aside()] == [Verdict.WRONG_CLOCK]


def test_a_gateway_of_some_divisions_knows_no_other_stations():
    async def work(house):
        mine, other = await house.gauge("0990701002"), await house.gauge("0990701001")
        for gauge in (mine, other):
            gauge.send(gauge.report(PN05=1.0))
            await gauge.hear()

    run(work, divisions=[LOWER])
    assert [address for address, *_more in kept_aside()] == ["0990701001"]
    assert Reading.objects.get().station == Station.objects.get(address="0990701002")


def test_how_far_a_clock_may_be_off_is_a_setting():
    async def work(house):
        gauge = await house.gauge()
        gauge.send(dated(gauge, off_s=200, observed_s=0))
        await gauge.hear()

    run(work, clock_limit_s=100.0)
    assert [verdict for _address, verdict, _peer in kept_aside()] == [Verdict.WRONG_CLOCK]


def test_a_relay_speaks_for_registered_stations_behind_it():
    def relayed(gauge, *, password):
        now = clock.now()
        data = bytearray(
            encode_report(
                0x32,
                sender=Sender(1, "0990701002", password, "P"),
                serial=1,
                sent_at=now,
                observed_at=now,
                elements=[ReportElement("PN05", 4.0)],
            )
        )
        data[3:8] = bytes.fromhex(gauge.address)
        return bytes(data[:-2]) + crc16.modbus(bytes(data[:-2])).to_bytes(2, "big")

    async def work(house):
        relay, stranger = await house.gauge("0990701001"), await house.gauge(STRANGER)
        relay.send(relayed(relay, password="0000"))
        await relay.hear()
        assert (await house.look(Reading.objects.get)).station_id
        stranger.send(relayed(stranger, password="1111"))
        await stranger.hear()

    run(work)
    assert kept_aside() == [("0990701002", Verdict.UNKNOWN_STATION, "127.0.0.1")]
    assert Reading.objects.get().station == Station.objects.get(address="0990701002")


def test_readings_without_numbers_take_no_room():
    async def work(house):
        gauge = await house.gauge(STRANGER)
        gauge.send(gauge.report(Z=None))
        assert (await gauge.hear()).serial == 1

    run(work)
    assert not kept_aside()
