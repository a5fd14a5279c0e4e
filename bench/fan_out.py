"""Measure one warning to 10,000 people, each of whom must answer, on a sink of this machine.

    PYTHONPATH=.:src:bench python bench/fan_out.py [people=10000] [messages an order=1] [rounds=3]
    python -m scripts.with_postgres --durable -- env PYTHONPATH=.:src:bench python bench/fan_out.py

A threshold is crossed over one town; what follows runs as `anlan work` runs it, one task after the
other: the warning is issued with everybody who answers for its villages and the ladder behind each,
everybody is rung, every message is committed before it leaves by a signed order to an SMS gateway,
and its receipt is committed after. The sink is a process of its own that answers as a gateway
does; its clock says when the first and the last order came. In the same run the same client posts
the same orders straight at the sink: that is the limit.

Limits: first message 100 ms after the threshold was crossed, last under 3 s, under 5 CPU seconds.
"""

import json
import multiprocessing
import socket
import sys
import time
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from throwaway import loop_s, own_database, peak_mb, vendor

TOWN = "990701101000"
COUNTY = "990701000000"
A_VILLAGE = 100
SECRET = "of no gateway"  # noqa: S105
FIRST_LIMIT_S, LAST_LIMIT_S, CPU_LIMIT_S = 0.1, 3.0, 5.0


class _Sink:
    """What came in of a round."""

    def __init__(self) -> None:
        self.orders: list[float] = []
        self.phones: set[str] = set()


def sink(port: int, pipe: Connection) -> None:
    """Answer orders as a gateway does; tell times and phones over the pipe when asked."""
    import asyncio

    seen = _Sink()

    class Http(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport, self.held = transport, b""

        def data_received(self, data: bytes) -> None:
            self.held += data
            while (head := self.held.find(b"\r\n\r\n")) >= 0:
                low = self.held[:head].lower()
                at = low.find(b"content-length:")
                size = int(low[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
                if len(self.held) < head + 4 + size:
                    return
                body, self.held = (
                    self.held[head + 4 : head + 4 + size],
                    self.held[head + 4 + size :],
                )
                seen.orders.append(time.monotonic())
                items = json.loads(body)["messages"]
                seen.phones.update(x["mobile"] for x in items if x["mobile"].startswith("139"))
                said = [{"extId": x["extId"], "code": 0, "msgId": x["extId"]} for x in items]
                answer = json.dumps({"code": 0, "results": said}).encode()
                self.transport.write(  # type: ignore[attr-defined]
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    b"Content-Length: %d\r\n\r\n" % len(answer) + answer
                )

    async def main() -> None:
        loop = asyncio.get_running_loop()
        await loop.create_server(Http, "127.0.0.1", port, backlog=1024)
        while True:
            word = await loop.run_in_executor(None, pipe.recv)
            if word == "end":
                return
            pipe.send((list(seen.orders), len(seen.phones)))
            seen.orders.clear()
            seen.phones.clear()

    asyncio.run(main())


def fill(people: int, *, port: int, batch: int) -> None:
    """Write a town with so many persons answerable, and one SMS gateway."""
    import uuid
    from datetime import date

    from anlan.registry.data import Colour, DivisionKind, DutyKind, Hazard
    from anlan.registry.models import Division, Duty, Person
    from anlan.warning.models import AnswerLimit, ChannelProvider
    from tests import cast as small

    villages = [f"{TOWN[:9]}{200 + n:03d}" for n in range(-(-people // A_VILLAGE))]
    Division.objects.create(code=COUNTY, kind=DivisionKind.COUNTY, name="试县", plain_km2=1)
    Division.objects.create(
        code=TOWN, parent_id=COUNTY, kind=DivisionKind.TOWN, name="上河镇", plain_km2=1
    )
    Division.objects.bulk_create(
        Division(code=code, parent_id=TOWN, kind=DivisionKind.VILLAGE, name=f"{n}村", plain_km2=1)
        for n, code in enumerate(villages)
    )
    persons = Person.objects.bulk_create(
        Person(division_id=villages[n // A_VILLAGE], name=f"人{n}", phone=f"139{n:08d}")
        for n in range(people)
    )
    above = Person.objects.bulk_create(
        [
            Person(division_id=TOWN, name="镇长", phone="13800000001"),
            Person(division_id=COUNTY, name="值班", phone="13800000002"),
        ]
    )
    since = date(2020, 1, 1)
    Duty.objects.bulk_create(
        [
            *(
                Duty(
                    person=person,
                    kind=DutyKind.INFORMANT,
                    division_id=person.division_id,
                    valid_from=since,
                )
                for person in persons
            ),
            Duty(person=above[0], kind=DutyKind.TOWN_LEADER, division_id=TOWN, valid_from=since),
            Duty(person=above[1], kind=DutyKind.COUNTY_DUTY, division_id=COUNTY, valid_from=since),
        ]
    )
    AnswerLimit.objects.create(
        hazard="", colour=Colour.RED, minutes=10, source="bench", effective_from=since
    )
    small.limit(Hazard.FLASH_FLOOD, element="PN05", window_h=1, colour=Colour.RED, value=50.0)
    ChannelProvider.objects.create(
        uuid=uuid.uuid4(),
        division_id=COUNTY,
        kind="sms",
        name="sink",
        address=f"http://127.0.0.1:{port}/send",
        account="bench",
        secret=SECRET,
        options={"batch": str(batch)},
        per_minute=10_000_000,
    )


def gauge(number: int) -> Any:
    """Write a gauge of the round that covers the whole town, and let it stand over its limit."""
    from anlan.kernel import clock
    from anlan.monitoring.data import StationKind
    from anlan.monitoring.models import Exceedance, Station, StationCover, Threshold
    from anlan.registry.models import Division

    station = Station.objects.create(
        address=f"09907{number:05d}",
        division_id=TOWN,
        kind=StationKind.RAIN,
        name=f"站{number}",
        lon=107.0,
        lat=33.0,
    )
    StationCover.objects.bulk_create(
        StationCover(station=station, division_id=code, hazard="flash_flood")
        for code in Division.objects.filter(parent=TOWN).values_list("pk", flat=True)
    )
    limit = Threshold.objects.get(hazard="flash_flood")
    return Exceedance.objects.create(
        station=station,
        threshold=limit,
        hazard="flash_flood",
        colour=limit.colour,
        value=66.0,
        limit=limit.value,
        started_at=clock.now(),
    )


def one_round(number: int, pipe: Connection) -> dict[str, float]:
    """Cross the threshold and run what follows; return seconds from then on, and CPU seconds."""
    from django.db.models import F

    from anlan.kernel import clock
    from anlan.kernel.actors import the_program
    from anlan.kernel.scope import everywhere
    from anlan.warning.actions.deliver_queued import deliver_queued
    from anlan.warning.actions.issue_warnings import issue_warnings
    from anlan.warning.actions.lift_warnings import lift_warnings
    from anlan.warning.actions.ring_people import ring_people
    from anlan.warning.models import Delivery

    with everywhere("bench"):
        by = the_program("bench")
        crossing = gauge(number)
        at, cpu = time.monotonic(), time.process_time()
        (uuid,) = issue_warnings([crossing.pk], by=by, now=clock.now())
        issued = time.monotonic()
        # As the queue has it: whoever is rung first is sent their message before the others are.
        ring_people(uuid, by=by, now=clock.now())
        rung = time.monotonic()
        deliver_queued(by=by, now=clock.now())
        ring_people(uuid, by=by, now=clock.now())
        deliver_queued(by=by, now=clock.now())
        done, cpu = time.monotonic(), time.process_time() - cpu
        pipe.send("tell")
        orders, phones = pipe.recv()
        left = Delivery.objects.filter(summons__warning__uuid=uuid, state="accepted").count()
        assert left == phones, f"{left} tracked, {phones} arrived"
        # The next round is another day: within the quiet time people are told but once.
        Delivery.objects.update(sent_at=F("sent_at") - timedelta(days=1))
        crossing.ended_at = clock.now()
        crossing.save()
        lift_warnings([crossing.pk], by=by, now=clock.now())
    return {
        "issued_s": issued - at,
        "rung_s": rung - at,
        "first_s": orders[0] - at,
        "first_after_commit_s": orders[0] - rung,
        "last_s": orders[-1] - at,
        "tracked_s": done - at,
        "cpu_s": cpu,
        "phones": phones,
        "peak_mb": peak_mb(),
    }


def straight(people: int, *, port: int, batch: int, pipe: Connection) -> float:
    """Return the seconds that the same orders take without anything written down."""
    from anlan.warning.gateways.lines import line_for
    from anlan.warning.gateways.provider import Outgoing, ProviderSettings

    line = line_for(
        "sms",
        ProviderSettings(
            name="straight",
            address=f"http://127.0.0.1:{port}/send",
            account="bench",
            secret=SECRET,
            options={"batch": str(batch)},
        ),
    )
    text = "上河镇：山洪红色预警。" * 6
    messages = [Outgoing(key=f"k{n}", to=f"139{n:08d}", title="", text=text) for n in range(people)]
    begin = time.monotonic()
    line.send(messages)
    took = time.monotonic() - begin
    pipe.send("tell")
    assert pipe.recv()[1] == people
    return took


def main() -> None:
    """Print the rounds and what they are to the limits and to the straight way."""
    people, batch, rounds = (
        int(sys.argv[at]) if len(sys.argv) > at else usual
        for at, usual in ((1, 10_000), (2, 1), (3, 3))
    )
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=sink, args=(port, theirs), daemon=True)
    process.start()
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    with own_database():
        from anlan.kernel.scope import everywhere

        with everywhere("bench"):
            fill(people, port=port, batch=batch)
        print(f"{vendor()}, {people} people, {batch} an order, loop {loop_s():.2f} s")
        limit = straight(people, port=port, batch=batch, pipe=ours)
        print(f"straight to the sink: {limit:.2f} s")
        found_rounds = [one_round(number, ours) for number in range(rounds)]
        for each in found_rounds:
            print("  " + "  ".join(f"{name} {value:.3f}" for name, value in each.items()))
        best = sorted(found_rounds, key=lambda each: each["last_s"])[len(found_rounds) // 2]
        print(
            f"median: first {best['first_s'] * 1e3:.0f} ms (limit {FIRST_LIMIT_S * 1e3:.0f}), "
            f"last {best['last_s']:.2f} s (limit {LAST_LIMIT_S:.0f}; straight x "
            f"{best['last_s'] / limit:.1f}), CPU {best['cpu_s']:.2f} s (limit {CPU_LIMIT_S:.0f})"
        )
        ours.send("end")
    process.join(5)
    process.kill()


if __name__ == "__main__":
    main()
