"""SZY 206 and HJ 212 come through the same door, each on its port."""

import asyncio
from datetime import timedelta

import pytest

from anlan.kernel import clock
from anlan.monitoring.data import Protocol, Verdict
from anlan.monitoring.elements import names_of
from anlan.monitoring.gateways.hj212.encode import encode, message, seal
from anlan.monitoring.gateways.hj212.frame import decode as decode_hj212
from anlan.monitoring.gateways.szy206.codes import KEEP_ALIVE, LEVEL
from anlan.monitoring.gateways.szy206.encode import encode_link, encode_report
from anlan.monitoring.gateways.szy206.frame import decode as decode_szy206
from anlan.monitoring.gateways.szy206.values import Label
from anlan.monitoring.models import FrameFault, Reading, SetAsideReading, Station
from tests.listening import PATIENCE_S, run

pytestmark = pytest.mark.usefixtures("cast")
METER = "9907010100"
CHIMNEY = "88888880000001"
SECRET = "123456"


def stored():
    rows = Reading.objects.order_by("element").values_list("element", "value")
    names = names_of(element for element, _value in rows)
    return sorted((names[element], value) for element, value in rows)


def register(address, protocol, password=""):
    Station.objects.create(
        address=address,
        protocol=protocol,
        password=password,
        division_id="990701101201",
        kind="F",
        name=address,
        lon=107.0,
        lat=33.0,
    )


async def heard(gauge):
    return await asyncio.wait_for(gauge.reader.read(4096), PATIENCE_S)


def upload(*, station=CHIMNEY, password=SECRET, flag=5, packet=None, items, **values):
    now = clock.now()
    record = [(f"{name}-Rtd", f"{value}") for name, value in values.items()]
    return encode(
        message(
            [*items, *([record] if record else [])],
            system="22",
            command=2011,
            station=station,
            request=f"{now:%Y%m%d%H%M%S}000",
            password=password,
            flag=flag,
            packet=packet,
        )
    )


def data_time():
    return [("DataTime", f"{clock.now():%Y%m%d%H%M%S}")]


def test_a_water_meter_reports_and_is_confirmed():
    register(METER, Protocol.SZY206)
    local = clock.now() - timedelta(minutes=5)
    label = Label(local.second, local.minute, local.hour, local.day)

    async def work(house):
        meter = await house.gauge(METER, wire=Protocol.SZY206)
        meter.send(encode_report([1.25], station=METER, kind=LEVEL, label=label))
        answer = decode_szy206(await heard(meter))
        assert (answer.station, answer.function) == (METER, 0xC0)
        assert [value for _name, value in await house.look(stored)] == [1.25]
        meter.send(encode_link(KEEP_ALIVE, station=METER))
        assert decode_szy206(await heard(meter)).data == bytes((KEEP_ALIVE,))

    run(work)


def test_a_chimney_reports_and_is_confirmed():
    register(CHIMNEY, Protocol.HJ212, SECRET)

    async def work(house):
        chimney = await house.gauge(CHIMNEY, wire=Protocol.HJ212)
        chimney.send(upload(items=[data_time()], a34004=12.5))
        answer = decode_hj212(await heard(chimney))
        assert (answer.command, answer.station) == (9014, CHIMNEY)
        assert await house.look(stored) == [("a34004", 12.5)]
        chimney.send(upload(items=[data_time()], password="000000", a34004=99.0))
        assert await chimney.is_answered_nothing()

    run(work)
    assert SetAsideReading.objects.get().verdict == Verdict.WRONG_PASSWORD


def test_a_message_that_cannot_be_answered_does_no_harm():
    register(CHIMNEY, Protocol.HJ212)
    odd = upload(items=[data_time()], a34004=12.5).replace(b"PW=123456", b"PW=12,,56")
    odd = seal(odd[6:-6])

    async def work(house):
        chimney = await house.gauge(CHIMNEY, wire=Protocol.HJ212)
        chimney.send(odd)
        assert await chimney.is_answered_nothing()
        chimney.send(upload(items=[data_time()], a34004=12.5))
        await heard(chimney)

    run(work)
    assert stored() == [("a34004", 12.5)]


def test_a_later_packet_has_the_time_of_the_one_before():
    register(CHIMNEY, Protocol.HJ212)

    async def work(house):
        chimney = await house.gauge(CHIMNEY, wire=Protocol.HJ212)
        chimney.send(upload(flag=7, packet=(2, 1), items=[data_time()], a34004=12.5))
        await heard(chimney)
        chimney.send(upload(flag=7, packet=(2, 2), items=[], a01001=21.0))
        await heard(chimney)
        assert await house.look(stored) == [("a01001", 21.0), ("a34004", 12.5)]
        other = await house.gauge(CHIMNEY, wire=Protocol.HJ212)
        other.send(upload(flag=7, packet=(2, 2), items=[], a01001=22.0))
        assert await other.is_answered_nothing()

    run(work)
    assert FrameFault.objects.get().reason == "bad-times"


def test_damage_is_kept_under_its_wire():
    async def work(house):
        chimney = await house.gauge(CHIMNEY, wire=Protocol.HJ212)
        meter = await house.gauge(METER, wire=Protocol.SZY206)
        chimney.send(upload(items=[data_time()], a34004=1.0).replace(b"a34004", b"a34005"))
        meter.send(b"\x68\x08\x68" + bytes(8) + b"\x00\x16")
        assert await chimney.is_answered_nothing()

    run(work)
    found = set(FrameFault.objects.values_list("protocol", flat=True))
    assert found == {Protocol.HJ212, Protocol.SZY206}
