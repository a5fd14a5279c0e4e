"""The gateway is killed under load: what was confirmed is there, once."""

import asyncio
from pathlib import Path

import pytest

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.monitoring.actions.register_stations import register_stations
from anlan.monitoring.data import StationKind, StationPoint
from anlan.monitoring.models import Reading
from anlan.monitoring.simulator.checking import compare
from anlan.monitoring.simulator.ledger import Ledger, read_ledger
from anlan.monitoring.simulator.plan import Plan, SimulatedPoint
from anlan.registry.models import Division
from tests.cast import COUNTY
from tests.faults.soaking import KILLS, RAGGED, SEED, soak
from tests.listening import HOST
from tests.own_database import OwnDatabase
from tests.processes import GatewayProcess, free_port

# The copy is made of the database that this creates.
pytestmark = pytest.mark.django_db(transaction=True)
STATIONS = tuple(SimulatedPoint(f"9907010{number:03}") for number in range(60))


def register_all() -> None:
    """Write the county and its stations."""
    Division.objects.create(code=COUNTY, kind="county", name="试县", lon=107.0, lat=33.0)
    points = [
        StationPoint(x.address, x.password, StationKind.RAIN, x.address, 107.0, 33.0, None)
        for x in STATIONS
    ]
    register_stations(points, division_code=COUNTY, by=the_program("tests"), now=clock.now())


def test_every_confirmed_reading_is_there_once(own: OwnDatabase, tmp_path: Path) -> None:
    with own.used():
        register_all()
    gateway = GatewayProcess(own.environment, port=free_port())
    plan = Plan(
        host=HOST,
        port=gateway.port,
        stations=STATIONS,
        seconds=3_600,
        window=4,
        timeout_s=2.0,
        seed=SEED,
        wire=RAGGED,
    )

    def kill() -> None:
        gateway.kill()
        gateway.start()

    path = tmp_path / "ledger.jsonl"
    gateway.start()
    try:
        tally = asyncio.run(soak(plan, Ledger(path), kill=kill))
        assert gateway.stop() == 0
    finally:
        gateway.kill()
    with own.used():
        found = compare(read_ledger(path))
        print(f"{KILLS} kills: {found}, {tally.as_document()}")
        assert found.confirmed == found.stored == tally.readings
        assert (found.aside, found.missing, found.other, found.doubled) == (0, 0, 0, 0)
        assert Reading.objects.count() >= found.stored
    assert tally.connects > len(STATIONS) + KILLS
