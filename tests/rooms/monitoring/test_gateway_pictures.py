"""A picture in packets: kept whole, confirmed once, asked for where a packet is missing."""

import pytest

from anlan.kernel import clock
from anlan.monitoring.gateways.sl651 import packets as transfers
from anlan.monitoring.gateways.sl651.codes import ESC, NAK
from anlan.monitoring.gateways.sl651.encode import Sender, encode_picture
from anlan.monitoring.models import FrameFault, Picture
from tests.listening import OPEN, run

pytestmark = pytest.mark.usefixtures("cast")
CONTENT = b"\xff\xd8\xff" + bytes(range(256)) * 16 + b"\xff\xd9"


def picture(gauge, *, serial=7, password=OPEN):
    return encode_picture(
        CONTENT,
        sender=Sender(1, gauge.address, password, "P"),
        serial=serial,
        sent_at=clock.now(),
        observed_at=clock.now(),
    )


def kept():
    return [bytes(content) for content in Picture.objects.values_list("content", flat=True)]


def test_a_picture_is_kept_and_confirmed_once():
    async def work(house):
        gauge = await house.gauge()
        packets = picture(gauge)
        gauge.send(*packets)
        answer = await gauge.hear()
        assert (answer.function, answer.serial, answer.end) == (0x36, 7, ESC)
        assert (answer.packets, answer.number) == (len(packets), len(packets))
        assert await house.look(kept) == [CONTENT]
        gauge.send(packets[-1])
        assert (await gauge.hear()).serial == 7
        gauge.send(*packets)
        assert (await gauge.hear()).serial == 7
        assert await gauge.is_answered_nothing()

    run(work)
    assert kept() == [CONTENT]
    assert Picture.objects.get().observed_at == clock.now()


def test_missing_packets_are_asked_for_one_after_the_other():
    async def work(house):
        gauge = await house.gauge()
        packets = picture(gauge)
        gauge.send(packets[0], packets[3], packets[-1])
        for number in (2, 3):
            demand = await gauge.hear()
            assert (demand.end, demand.number, demand.serial) == (NAK, number, 7)
            assert not await house.look(kept)
            gauge.send(packets[number - 1])
        assert (await gauge.hear()).end == ESC

    run(work)
    assert kept() == [CONTENT]


def test_a_packet_that_never_comes_is_asked_for_twice_and_the_picture_given_up(monkeypatch):
    monkeypatch.setattr(transfers, "PATIENCE_S", 0.05)

    async def work(house):
        gauge = await house.gauge()
        packets = picture(gauge)
        gauge.send(*packets[:2], *packets[3:])
        assert [(await gauge.hear()).number for _ in range(2)] == [3, 3]
        assert await gauge.is_answered_nothing()
        gauge.send(gauge.report(PN05=1.0))
        assert (await gauge.hear()).function == 0x32
        await house.until(FrameFault.objects.exists)

    run(work)
    assert not kept()
    assert FrameFault.objects.get().reason == "unfinished-transfer"


def test_a_picture_is_not_confirmed_before_it_is_durable():
    async def work(house):
        gauge = await house.gauge()
        house.executor.is_held = True
        gauge.send(*picture(gauge))
        assert await gauge.is_answered_nothing()
        house.executor.release()
        assert (await gauge.hear()).function == 0x36

    run(work)


def test_a_picture_of_a_stranger_or_with_a_wrong_password_is_not_confirmed():
    async def work(house):
        stranger, gauge = await house.gauge("0990701999"), await house.gauge()
        stranger.send(*picture(stranger))
        gauge.send(*picture(gauge, password="BEEF"))
        assert await stranger.is_answered_nothing()
        assert await gauge.is_answered_nothing()

    run(work)
    assert not kept()
