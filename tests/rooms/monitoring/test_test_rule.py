"""A version is run over what was measured, before it comes into force."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from anlan.kernel import clock, journal
from anlan.kernel.models import JournalEntry
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.actions import test_rule as testing
from anlan.monitoring.actions.edit_draft import edit_draft
from anlan.monitoring.actions.mark_event import mark_event
from anlan.monitoring.actions.start_test import start_test
from anlan.monitoring.core.tested import Mark
from anlan.monitoring.data import Measure
from anlan.monitoring.elements import DAILY_RAIN, LEVEL
from anlan.monitoring.models import ArchivedMonth, Exceedance, Reading
from anlan.monitoring.queries.rules import version_row
from anlan.monitoring.refusals import NotPermitted
from anlan.monitoring.rule_refusals import RuleRefused
from anlan.monitoring.store.archive import drop_month, write_month
from anlan.monitoring.tasks import back_tests
from anlan.registry.data import Colour, Hazard, Role
from tests.cast import COUNTY, UPPER, moment
from tests.entrance import as_actor, opened
from tests.rooms.monitoring.rules import BY, HOUR, day, drafted, measured, put_live, text
from tests.weather import idle

RED = replace(HOUR, colour=Colour.RED, value=40.0)


def run_of(version, since="2024-01-01", until="2024-06-30", *, by=BY):
    run = start_test(
        str(version.rule.uuid),
        number=version.number,
        since=day(since),
        until=day(until),
        by=by,
        now=clock.now(),
    )
    while testing.test_rule(version.pk, run=run, by=by, now=clock.now()):
        pass
    version.refresh_from_db()
    return version.tested


def storm(station, when, *amounts):
    measured(station, [*amounts, *[0.0] * 12], start=moment(when))


def spans(found):
    return [
        (
            datetime.fromisoformat(each["since"]).astimezone(moment("2024-01-01 00:00").tzinfo),
            each["colour"],
            each["stations"],
        )
        for each in found["events"]
    ]


@pytest.fixture
def gauge(cast):
    return cast.stations["upper rain"]


def test_it_tells_when_the_rule_would_have_fired(cast, gauge):
    storm(gauge, "2024-02-03 10:00", 6.0, 6.0, 6.0)
    storm(gauge, "2024-05-20 23:55", 10.0, 15.0, 20.0)
    storm(cast.stations["lower rain"], "2024-05-21 01:00", 16.0)
    storm(gauge, "2024-07-01 10:00", 30.0)  # after the period
    found = run_of(drafted(text(HOUR, RED)))
    assert found["state"] == "done"
    assert spans(found) == [
        (moment("2024-02-03 10:10"), Colour.YELLOW, 1),
        (moment("2024-05-21 00:00"), Colour.RED, 2),
    ]
    first = found["fired"][0]
    assert first[3:6] == [
        Colour.YELLOW,
        "2024-02-03T02:10:00+00:00",
        "2024-02-03T04:00:00+00:00",  # an hour under it, after the hour of the last rain
    ]
    assert first[7:] == [15.0, 18.0]
    assert found["share"] == 100
    assert (found["stations"], found["standing"]) == (2, [])
    assert not Exceedance.objects.exists()


def test_rain_over_the_turn_of_a_month_is_one_event(cast, gauge):
    measured(gauge, [2.0] * 24, start=moment("2024-03-31 23:00"))
    found = run_of(drafted())
    assert spans(found) == [(moment("2024-03-31 23:35"), Colour.YELLOW, 1)]
    assert len(found["fired"]) == 1


def test_a_season_counts_on_its_days_alone(cast, gauge):
    for when in ("2024-04-30 12:00", "2024-05-01 12:00", "2024-05-31 12:00", "2024-06-01 12:00"):
        storm(gauge, when, 16.0)
    season = replace(HOUR, season_from="05-01", season_until="05-31")
    found = run_of(drafted(text(season)))
    assert [each[0].strftime("%m-%d") for each in spans(found)] == ["05-01", "05-31"]


def test_a_level_and_what_rises_is_tested_too(cast):
    river = cast.stations["river"]
    levels = [100.0] * 24 + [100.2, 100.6, 101.1] + [101.1] * 24
    measured(river, levels, start=moment("2024-04-02 08:00"), element=LEVEL)
    rises = replace(HOUR, measure=Measure.RISE, element="Z", value=1.0, station_id=river.pk)
    found = run_of(drafted(text(rises), hazard=Hazard.RIVER_FLOOD))
    assert spans(found) == [(moment("2024-04-02 10:10"), Colour.YELLOW, 1)]


def test_effective_rain_knows_the_days_before(cast, gauge):
    for number in range(1, 4):
        storm(gauge, f"2024-04-0{number} 12:00", 20.0)
    wet = replace(HOUR, measure=Measure.ANTECEDENT, value=44.0, window_min=0)
    version = drafted(text(wet), hazard=Hazard.GEOHAZARD)
    # 20 + 0.84 * 20 = 36.8 on the second day, + 0.84² * 20 = 50.9 on the third.
    assert spans(run_of(version)) == [(moment("2024-04-03 12:00"), Colour.YELLOW, 1)]
    Reading.objects.create(
        station=gauge, element=DAILY_RAIN, observed_at=moment("2024-04-02 08:00"), value=30.0
    )
    assert spans(run_of(version))[0][0] == moment("2024-04-02 12:00")


def test_months_in_the_archive_count(cast, gauge, settings, tmp_path):
    settings.ANLAN_ARCHIVE = tmp_path
    storm(gauge, "2024-02-03 10:00", 16.0)
    storm(gauge, "2024-03-03 10:00", 16.0)
    name, rows, digest = write_month(day("2024-02-01"))
    ArchivedMonth.objects.create(
        month=day("2024-02-01"),
        file_name=name,
        rows=rows,
        digest=digest,
        written_at=clock.now(),
        dropped_at=clock.now(),
    )
    drop_month(day("2024-02-01"))
    assert Reading.objects.count() == 13
    assert [each[0].month for each in spans(run_of(drafted()))] == [2, 3]


def warned(when, hazard="flash_flood", at=UPPER):
    journal.record(
        "warning.issued", by=BY, now=moment(when), division_code=at, detail={"hazard": hazard}
    )


def test_an_event_is_false_where_nobody_was_warned(cast, gauge):
    for when in ("2024-01-05 10:00", "2024-02-05 10:00", "2024-03-05 10:00", "2024-04-05 10:00"):
        storm(gauge, when, 16.0)
    warned("2024-02-01 10:00", at="990702101000")  # the house has run since then
    warned("2024-02-05 16:30")
    warned("2024-03-05 10:00", hazard="geohazard")
    warned("2024-04-05 10:00", at="990702101000")
    version = drafted()
    marks = [each["mark"] for each in run_of(version)["events"]]
    assert marks == ["open", "borne out", "false", "false"]
    row = version_row(version)
    assert [(x.year, x.events, x.false, x.open) for x in row.tested] == [(2024, 4, 2, 1)]
    assert (row.events, row.false) == (4, 2)


def marked(version, event, mark, *, run=None, by=BY):
    mark_event(
        str(version.rule.uuid),
        number=1,
        run=run or version.tested["run"],
        event=event,
        mark=mark,
        by=by,
        now=clock.now(),
    )
    version.refresh_from_db()


def test_a_person_marks_an_event(cast, gauge):
    storm(gauge, "2024-02-03 10:00", 16.0)
    version = drafted()
    run_of(version)
    marked(version, 0, Mark.FALSE)
    assert (
        version.tested["events"][0] | {"mark": "false", "by_person": True}
        == (version.tested["events"][0])
    )
    marked(version, 0, Mark.BORNE_OUT)
    assert version_row(version).false == 0
    assert JournalEntry.objects.filter(act="rule.event_marked").count() == 2
    with pytest.raises(RuleRefused):
        marked(version, 0, Mark.FALSE, run="another")
    with pytest.raises(NotPermitted):
        marked(version, 0, Mark.FALSE, by=as_actor(opened("reader", Role.READER, COUNTY)))


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2024-06-02", "2024-06-01"),
        ("2024-06-01", "2024-07-16"),
        ("2003-01-01", "2024-06-01"),
    ],
)
def test_a_period_that_cannot_be_is_refused(cast, since, until):
    version = drafted()
    with pytest.raises(RuleRefused):
        run_of(version, since, until)
    version.refresh_from_db()
    assert version.tested == {}


def test_up_to_today_it_ends_with_the_present(cast, gauge):
    measured(gauge, [16.0], start=clock.now() - timedelta(minutes=30))
    found = run_of(drafted(), "2024-07-01", "2024-07-15")
    (firing,) = found["fired"]
    assert firing[5] == ""  # it still stands


def test_one_test_at_a_time_and_a_change_ends_it(cast, gauge):
    storm(gauge, "2024-02-03 10:00", 16.0)
    version = drafted()
    uuid = str(version.rule.uuid)
    more: dict[str, Any] = {"number": 1, "since": day("2024-01-01")}
    run = start_test(uuid, **more, until=day("2024-03-01"), by=BY, now=clock.now())
    with pytest.raises(RuleRefused):
        start_test(uuid, **more, until=day("2024-03-01"), by=BY, now=clock.now())
    edit_draft(
        uuid, number=1, name="别", text=text(RED), seen=version.made_at, by=BY, now=clock.now()
    )
    assert not testing.test_rule(version.pk, run=run, by=BY, now=clock.now())
    version.refresh_from_db()
    assert version.tested == {}


def test_a_long_test_walks_on_in_its_queue(cast, gauge, monkeypatch):
    monkeypatch.setattr(testing, "AT_ONCE_S", 0.0)
    for month in range(1, 7):
        storm(gauge, f"2024-0{month}-03 10:00", 16.0)
    version = drafted()
    run = start_test(
        str(version.rule.uuid),
        number=1,
        since=day("2024-01-01"),
        until=day("2024-06-30"),
        by=BY,
        now=clock.now(),
    )
    back_tests.walk_test.enqueue(version.pk, run)
    virtual_queue.run_until(clock.now())
    version.refresh_from_db()
    assert virtual_queue.ran["anlan.monitoring.tasks.back_tests.walk_test"] == 6
    assert (version.tested["state"], len(version.tested["events"])) == ("done", 6)
    assert JournalEntry.objects.filter(act="rule.tested").count() == 1


def test_a_test_that_takes_too_long_stops_and_says_so(cast, gauge, monkeypatch):
    monkeypatch.setattr(testing, "AT_MOST_S", 0.0)
    found = run_of(drafted())
    assert (found["state"], found["events"]) == ("stopped", [])


def test_a_test_whose_task_was_lost_is_walked_on(cast, gauge):
    storm(gauge, "2024-02-03 10:00", 16.0)
    version = drafted()
    start_test(
        str(version.rule.uuid),
        number=1,
        since=day("2024-01-01"),
        until=day("2024-03-01"),
        by=BY,
        now=clock.now(),
    )
    assert back_tests.resume_tests(clock.now()) == 0
    idle(timedelta(minutes=11))
    assert back_tests.resume_tests(clock.now()) == 1
    virtual_queue.run_until(clock.now())
    version.refresh_from_db()
    assert version.tested["state"] == "done"


def test_a_version_in_force_may_be_tested_too_and_stays_in_force(cast, gauge):
    storm(gauge, "2024-02-03 10:00", 16.0)
    version = drafted()
    put_live(version)
    assert len(run_of(version)["events"]) == 1
    assert version.state == "live"


def test_who_may_not(cast):
    with pytest.raises(NotPermitted):
        run_of(drafted(), by=as_actor(opened("town", Role.TOWN_OFFICER, UPPER)))
