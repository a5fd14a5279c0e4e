"""A station that falls silent is an event with its own way up."""

from datetime import timedelta

import pytest

from anlan.kernel import clock, heartbeat
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.api import note_silences
from anlan.monitoring.data import SilenceLevel
from anlan.monitoring.models import Silence, Station
from tests.phones import exchange
from tests.weather import idle, receive, report

BY = the_program("test")


@pytest.fixture
def gauge(cast):
    Station.objects.update(interval_min=5)
    return cast.stations["upper rain"]


def hear(station, **values):
    receive(report(station, at=clock.now(), **(values or {"PN05": 0.0})))
    virtual_queue.run_until(clock.now())


def listen(after):
    idle(after)
    return note_silences(by=BY, now=clock.now())


def levels():
    return list(Silence.objects.filter(ended_at=None).values_list("level", flat=True))


def told():
    virtual_queue.run_until(clock.now())
    return [x.message for x in exchange.rings if x.message.reference.startswith("silence:")]


def test_three_missed_reports_are_a_silence_and_a_word_ends_it(gauge):
    hear(gauge)
    since = clock.now()
    assert listen(timedelta(minutes=14)) == 0
    assert listen(timedelta(minutes=1)) == 1
    row = Silence.objects.get()
    assert (row.station_id, row.since, row.level) == (gauge.pk, since, SilenceLevel.NOTED)
    assert listen(timedelta(minutes=5)) == 0
    hear(gauge)
    assert listen(timedelta(0)) == 1
    assert levels() == []
    acts = JournalEntry.objects.filter(subject=f"station:{gauge.pk}").order_by("pk")
    assert list(acts.values_list("act", flat=True)) == ["station.silent", "station.heard_again"]


def test_it_goes_up_to_the_town_and_then_to_the_county_once_each(cast, gauge):
    hear(gauge)
    listen(timedelta(minutes=15))
    assert told() == []
    listen(timedelta(hours=1))
    assert levels() == [SilenceLevel.TOWN_TOLD]
    (first,) = told()
    assert first.person_id == cast.people["upper leader"]
    assert gauge.name in first.text
    listen(timedelta(minutes=30))
    assert len(told()) == 1
    listen(timedelta(minutes=90))
    assert levels() == [SilenceLevel.COUNTY_TOLD]
    assert cast.people["county officer"] in {message.person_id for message in told()}


def test_where_a_threshold_stands_the_county_hears_at_once(cast, gauge):
    hear(gauge, PN05=22.0)
    listen(timedelta(minutes=15))
    assert levels() == [SilenceLevel.COUNTY_TOLD]
    assert cast.people["county officer"] in {message.person_id for message in told()}


def test_a_station_with_a_longer_interval_may_be_silent_for_longer(gauge):
    Station.objects.update(interval_min=60)
    hear(gauge)
    assert listen(timedelta(minutes=179)) == 0
    assert listen(timedelta(minutes=1)) == 1


def test_one_never_heard_or_out_of_service_is_no_silence(gauge):
    assert listen(timedelta(days=2)) == 0
    hear(gauge)
    Station.objects.update(is_active=False)
    assert listen(timedelta(days=2)) == 0


def test_the_heartbeat_listens(gauge):
    hear(gauge)
    heartbeat.start_late_sweeps(now=clock.now())
    virtual_queue.run_until(clock.now() + timedelta(minutes=25))
    assert levels() == [SilenceLevel.NOTED]
