"""Commands go down when the station is there, and what it answers is kept."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from fastcrc import crc16

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.monitoring.actions.ask_station import ask_station
from anlan.monitoring.actions.claim_commands import LOST_AFTER, claim_commands
from anlan.monitoring.data import (
    CannotAsk,
    CommandState,
    Protocol,
    Question,
    StationOutOfSight,
)
from anlan.monitoring.gateways.sl651.codes import EOT
from anlan.monitoring.gateways.sl651.encode import Sender, encode_answer
from anlan.monitoring.models import Picture, Reading, Station, StationCommand
from anlan.monitoring.simulator.link import SimulatedLink
from anlan.monitoring.simulator.plan import Plan, SimulatedPoint, Tally
from anlan.monitoring.simulator.stations import SimulatedStation
from tests.listening import OPEN, run

pytestmark = pytest.mark.usefixtures("cast")
BY = the_program("tests")
ADDRESS = "0990701001"
MORE: dict[Question, Any] = {
    Question.ELEMENTS: {"elements": ["Z", "VT"]},
    Question.INTERVAL: {"minutes": 120},
}


def ask(question, **more):
    station = Station.objects.get(address=ADDRESS)
    key = ask_station(station.pk, question=question, by=BY, now=clock.now(), **more)
    return StationCommand.objects.get(pk=key)


def settled(command):
    command.refresh_from_db()
    return command.state in (CommandState.ANSWERED, CommandState.FAILED)


@asynccontextmanager
async def simulated(house, **more):
    """Give a simulated station on a link of its own, heard once by the gateway."""
    point = SimulatedPoint(ADDRESS, OPEN, "H")
    station = SimulatedStation(point, seed=1, begin=clock.now(), step=timedelta(minutes=5), **more)
    plan = Plan(port=house.gateway.ports[Protocol.SL651], stations=(point,))
    link = SimulatedLink([station], plan=plan, tally=Tally(), seed=1)
    life = asyncio.get_running_loop().create_task(link.stay_connected())
    try:
        told = station.report(now=clock.now())
        assert await link.confirmed((ADDRESS, 0x32, told.serial), told.data)
        yield station
    finally:
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)


async def asked(house, question, **more):
    command = await house.look(lambda: ask(question, **more))
    await house.until(lambda: settled(command))
    return command


def test_every_question_is_answered_by_a_station_that_is_there():
    async def work(house):
        async with simulated(house) as station:
            answers = {}
            for question in Question:
                command = await asked(house, question, **MORE.get(question, {}))
                assert command.state == CommandState.ANSWERED
                assert command.attempts == 1
                answers[question] = command.answer
            assert answers[Question.VERSION] == {"version": "ANLAN-SIM 1.0"}
            assert answers[Question.CLOCK]["drift_s"] == 0
            assert answers[Question.STATUS]["status"] == ["door closed"]
            assert answers[Question.INTERVAL] == {"report_hours": 2.0}
            assert station.report_minutes == 120
            assert [x["element"] for x in answers[Question.ELEMENTS]["values"]] == ["Z", "VT"]
            assert len(answers[Question.PRESENT]["values"]) == 5
            assert answers[Question.PICTURE]["picture_bytes"] > 6_000

    run(work)
    assert Picture.objects.count() == 1
    assert Station.objects.get(address=ADDRESS).interval_min == 120
    acts = JournalEntry.objects.filter(subject=f"station:{ADDRESS}").values_list("act", flat=True)
    assert sorted(set(acts)) == ["command.answered", "station.asked"]
    assert len(acts) == 2 * len(Question)


def test_the_values_of_an_answer_are_readings_too(fixed_clock):
    async def work(house):
        async with simulated(house):
            fixed_clock.advance(timedelta(minutes=3))
            before = await house.look(Reading.objects.count)
            await asked(house, Question.PRESENT)
            assert await house.look(Reading.objects.count) == before + 5

    run(work)


def test_a_command_waits_for_its_station():
    command = ask(Question.VERSION)

    async def work(house):
        gauge = await house.gauge("0990701002")
        gauge.send(gauge.report(PN05=1.0))
        await gauge.hear()
        assert await gauge.is_answered_nothing()
        async with simulated(house):
            await house.until(lambda: settled(command))

    run(work)
    assert command.state == CommandState.ANSWERED


def test_a_station_that_would_be_let_go_stays_for_its_command():
    command = ask(Question.VERSION)

    async def work(house):
        await house.until(lambda: house.gateway._downlink.has_business_with(ADDRESS))
        async with simulated(house):
            await house.until(lambda: settled(command))
        await house.until(lambda: not house.gateway._downlink.has_business_with(ADDRESS))
        gauge = await house.gauge()
        gauge.serial = 50
        gauge.send(gauge.report(minutes=-5, PN05=1.0))
        while (answer := await gauge.hear()).serial != 51:
            pass
        assert answer.end == EOT

    run(work, stay_online=False)
    assert command.state == CommandState.ANSWERED


def test_no_answer_after_three_attempts_is_a_failure():
    async def work(house):
        gauge = await house.gauge()
        gauge.send(gauge.report(PN05=1.0))
        await gauge.hear()
        command = await house.look(lambda: ask(Question.CLOCK))
        assert [(await gauge.hear()).function for _ in range(3)] == [0x51] * 3
        await house.until(lambda: settled(command))
        assert (command.state, command.attempts) == (CommandState.FAILED, 3)
        assert command.answer == {"failure": "no answer"}
        assert await gauge.is_answered_nothing()

    run(work, answer_s=0.05)


def clock_answer(gauge, command, *, off_s):
    return encode_answer(
        0x4A,
        sender=Sender(1, gauge.address, OPEN, "P"),
        serial=command.serial,
        sent_at=clock.now() + timedelta(seconds=off_s),
    )


def test_a_clock_far_off_that_refuses_the_first_setting_is_set_again():
    async def work(house):
        gauge = await house.gauge()
        gauge.send(gauge.report(PN05=1.0))
        await gauge.hear()
        command = await house.look(lambda: ask(Question.SET_CLOCK))
        gauge.send(clock_answer(gauge, await gauge.hear(), off_s=900))
        again = await gauge.hear()
        assert (again.function, again.serial) == (0x4A, command.pk % 65535 + 1)
        assert not await house.look(lambda: settled(command))
        gauge.send(clock_answer(gauge, again, off_s=1))
        await house.until(lambda: settled(command))
        assert command.state == CommandState.ANSWERED
        assert command.answer["drift_s"] == 1

    run(work)
    assert StationCommand.objects.count() == 1


def test_a_clock_that_refuses_every_setting_is_a_failure():
    async def work(house):
        gauge = await house.gauge()
        gauge.send(gauge.report(PN05=1.0))
        await gauge.hear()
        command = await house.look(lambda: ask(Question.SET_CLOCK))
        for _ in range(3):
            gauge.send(clock_answer(gauge, await gauge.hear(), off_s=-900))
        await house.until(lambda: settled(command))
        assert command.answer["failure"] == "clock not set"
        assert command.answer["drift_s"] == -900

    run(work)


def test_a_link_that_speaks_ascii_is_asked_in_ascii():
    async def work(house):
        gauge = await house.gauge()
        minute = clock.now().strftime("%y%m%d%H%M")
        body = f"0007{minute}00ST {ADDRESS} P TT {minute} PN05 1.5 "
        gauge.send(sealed_text("32", body))
        await gauge.hear()
        command = await house.look(lambda: ask(Question.ELEMENTS, elements=["Z"]))
        question = await gauge.hear()
        assert (question.encoding, question.function, question.rest) == ("ASCII", 0x3A, b"Z ")
        gauge.send(sealed_text("3A", f"0001{minute}00ST {ADDRESS} P TT {minute} Z 101.5 "))
        await house.until(lambda: settled(command))
        assert command.answer["values"][0]["value"] == 101.5
        interval = await asked(house, Question.INTERVAL, minutes=60)
        assert interval.state == CommandState.FAILED
        assert "HEX link" in interval.answer["failure"]

    run(work)


def sealed_text(function, body):
    data = f"\x0101{ADDRESS}0000{function}{len(body):04X}\x02{body}\x03".encode("ascii")
    return data + f"{crc16.modbus(data):04X}".encode("ascii")


def test_a_wrong_password_answers_nothing():
    async def work(house):
        gauge = await house.gauge()
        gauge.send(gauge.report(PN05=1.0))
        await gauge.hear()
        command = await house.look(lambda: ask(Question.SET_CLOCK))
        question = await gauge.hear()
        answer = bytearray(clock_answer(gauge, question, off_s=0))
        answer[8:10] = b"\xbe\xef"
        gauge.send(bytes(answer[:-2]) + crc16.modbus(bytes(answer[:-2])).to_bytes(2, "big"))
        assert await gauge.is_answered_nothing()
        assert not await house.look(lambda: settled(command))

    run(work, answer_s=30.0)


@pytest.mark.parametrize(
    ("question", "more"),
    [
        (Question.INTERVAL, {"minutes": 90}),
        (Question.INTERVAL, {}),
        (Question.ELEMENTS, {"elements": ["Z", "NOPE"]}),
        (Question.ELEMENTS, {}),
    ],
)
def test_what_no_station_can_do_is_refused_in_a_sentence(question, more):
    with pytest.raises(CannotAsk) as refused:
        ask(question, **more)
    assert str(refused.value)
    assert not StationCommand.objects.exists()


def test_only_a_station_in_sight_on_sl_651_can_be_asked():
    with pytest.raises(StationOutOfSight):
        ask_station(0, question=Question.CLOCK, by=BY, now=clock.now())
    Station.objects.filter(address=ADDRESS).update(protocol=Protocol.MQTT)
    with pytest.raises(CannotAsk):
        ask(Question.CLOCK)


def claimed(now=None, **more):
    most = {"most_attempts": 3, **more}
    return claim_commands({ADDRESS}, by=BY, now=now or clock.now(), **most)


def test_a_command_is_claimed_once_and_the_oldest_first():
    first, second = ask(Question.CLOCK), ask(Question.VERSION)
    assert [each.id for each in claimed()] == [first.pk]
    assert [each.id for each in claimed()] == [second.pk]
    assert not claimed()
    assert claim_commands(set(), most_attempts=3, by=BY, now=clock.now()) == []


def test_what_a_gateway_took_and_lost_is_taken_over_until_it_was_tried_often_enough():
    command = ask(Question.CLOCK)
    moment = clock.now()
    for attempt in (1, 2, 3):
        (found,) = claimed(moment)
        assert (found.id, found.attempts) == (command.pk, attempt)
        assert not claimed(moment)
        moment += LOST_AFTER + timedelta(seconds=1)
    assert not claimed(moment)
    command.refresh_from_db()
    assert (command.state, command.answer) == (CommandState.FAILED, {"failure": "no answer"})


def test_a_command_that_waits_too_long_expires():
    command = ask(Question.CLOCK)
    assert not claimed(command.expires_at)
    command.refresh_from_db()
    assert (command.state, command.answer) == (CommandState.FAILED, {"failure": "expired"})
    assert JournalEntry.objects.filter(act="command.failed").count() == 1
