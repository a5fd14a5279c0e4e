"""Simulated stations against a gateway: what was confirmed is held against what is stored."""

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from anlan.cli.main import app
from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.codes import UnknownDivision
from anlan.kernel.models import JournalEntry
from anlan.monitoring.actions.register_stations import register_stations
from anlan.monitoring.api import ingest_readings
from anlan.monitoring.data import Protocol, Question, RawReading, StationKind, StationPoint
from anlan.monitoring.models import ReadingBatch, StationCommand
from anlan.monitoring.queries.stations import wired_stations
from anlan.monitoring.simulator.checking import Comparison, compare
from anlan.monitoring.simulator.ledger import Confirmed, Ledger, read_ledger
from anlan.monitoring.simulator.plan import Impairments, Plan, SimulatedPoint
from anlan.monitoring.simulator.run import simulate
from tests.cast import COUNTY
from tests.listening import run

pytestmark = pytest.mark.usefixtures("cast")
BY = the_program("tests")
RAGGED = Impairments(loss=0.1, damage=0.1, duplicates=0.3, reconnects=0.1, delay_s=0.01)
runner = CliRunner()


def points(count):
    return [
        StationPoint(f"99070120{number:02}", "A651", StationKind.RAIN, "s", 107.0, 33.0, None)
        for number in range(count)
    ]


def registered(count):
    stations = points(count)
    register_stations(stations, division_code=COUNTY, by=BY, now=clock.now())
    return tuple(SimulatedPoint(each.address, each.password) for each in stations)


@pytest.mark.parametrize("wire", [Impairments(), RAGGED], ids=["smooth", "ragged"])
def test_what_was_confirmed_is_stored_once(tmp_path, wire):
    stations = registered(12)
    path = tmp_path / "ledger"
    tallies = []

    async def work(house):
        plan = Plan(
            port=house.gateway.ports[Protocol.SL651],
            stations=stations,
            seconds=1.0,
            rate=120,
            timeout_s=0.3,
            stations_per_link=3,
            wire=wire,
        )
        ledger = Ledger(path)
        tallies.append(await simulate(plan, ledger=ledger))
        ledger.close()

    run(work)
    tally, found = tallies[0], compare(read_ledger(path))
    assert found.is_whole
    assert found.confirmed == found.stored == tally.readings > 50
    assert tally.confirmed + tally.unconfirmed == tally.reports
    assert (tally.resent > 0) is (wire is RAGGED)
    if wire is RAGGED:
        assert tally.lost > 0
        assert tally.damaged > 0
        assert tally.doubled > 0
        assert tally.connects > 4


def test_strangers_are_kept_aside(tmp_path):
    path = tmp_path / "ledger"

    async def work(house):
        plan = Plan(
            port=house.gateway.ports[Protocol.SL651],
            stations=(SimulatedPoint("9907019999"),),
            seconds=0.3,
            rate=50,
        )
        ledger = Ledger(path)
        await simulate(plan, ledger=ledger)
        ledger.close()

    run(work)
    found = compare(read_ledger(path))
    assert found.is_whole
    assert found.aside == found.confirmed > 0


def test_what_is_missing_other_or_doubled_is_seen():
    (point,) = registered(1)
    now = clock.now()
    stored = [
        RawReading(point.address, "PN05", now + timedelta(minutes=minutes), value, "mm")
        for minutes, value in ((1, 1.0), (2, 2.0), (3, 3.0))
    ]
    ingest_readings(stored, protocol=Protocol.SL651, peer="", by=BY, now=now)
    told = [
        Confirmed(point.address, "PN05", now + timedelta(minutes=minutes), value)
        for minutes, value in ((1, 1.0), (2, 9.0), (4, 4.0))
    ]
    assert compare(told) == Comparison(confirmed=3, stored=1, missing=1, other=1)
    assert not compare(told).is_whole
    again = ReadingBatch.objects.get()
    again.pk = None
    again.save()
    assert compare(told[:1]) == Comparison(confirmed=1, stored=1, doubled=1)
    assert not compare(told[:1]).is_whole
    assert compare([]) == Comparison()


def test_a_ledger_line_that_was_cut_off_was_not_written(tmp_path):
    path = tmp_path / "ledger"
    ledger = Ledger(path)
    ledger.note("9907019999", [("PN05", clock.now(), 1.5), ("Z", clock.now(), 2.5)])
    ledger.close()
    path.write_text(path.read_text()[:-5])
    assert list(read_ledger(path)) == [Confirmed("9907019999", "PN05", clock.now(), 1.5)]


def test_stations_are_registered_once_and_in_a_division_that_exists():
    assert register_stations(points(3), division_code=COUNTY, by=BY, now=clock.now()) == 3
    assert register_stations(points(4), division_code=COUNTY, by=BY, now=clock.now()) == 1
    assert register_stations(points(4), division_code=COUNTY, by=BY, now=clock.now()) == 0
    assert JournalEntry.objects.filter(act="stations.registered").count() == 2
    with pytest.raises(UnknownDivision):
        register_stations(points(9), division_code="110101000000", by=BY, now=clock.now())
    assert [x.address for x in wired_stations(Protocol.SL651, most=2)] == [
        "0990701001",
        "0990701002",
    ]


def test_the_command_line_checks_a_ledger(tmp_path):
    (point,) = registered(1)
    path = tmp_path / "ledger"
    ledger = Ledger(path)
    ledger.note(point.address, [("PN05", clock.now(), 1.5)])
    ledger.close()
    result = runner.invoke(app, ["simulate", "check", "--ledger", str(path)])
    assert result.exit_code == 1
    assert "1 confirmed, 0 stored once, 0 kept aside, 1 missing" in result.output


def test_the_command_line_asks_a_station():
    result = runner.invoke(app, ["station", "ask", "0990701001", "interval", "120"])
    assert (result.exit_code, "waits for the station" in result.output) == (0, True)
    command = StationCommand.objects.get()
    assert command.parameters == {"question": Question.INTERVAL.value, "minutes": 120}
    for words, said in (
        (["0990701001", "interval", "61"], "61"),
        (["0990701001", "elements", "Z,NOPE"], "NOPE"),
        (["1111111111", "clock"], "No station has the address"),
        (["0990701001", "tea"], "none of"),
    ):
        result = runner.invoke(app, ["station", "ask", *words])
        assert result.exit_code
        assert said in result.output


def test_the_command_line_plays_stations():
    result = runner.invoke(
        app, ["simulate", "--stations", "2", "--seconds", "0.1", "--port", "1", "--timeout", "0.1"]
    )
    assert result.exit_code == 0
    assert json.loads(result.stdout)["confirmed"] == 0
    refused = runner.invoke(app, ["simulate", "--make-stations", "110101000000"])
    assert refused.exit_code == 1
