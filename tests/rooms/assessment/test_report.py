"""The report of an incident: whole, by town, kept once."""

from datetime import timedelta

import pytest

from anlan.assessment.api import incident_report, write_report
from anlan.assessment.models import IncidentReport
from anlan.assessment.queries.pages import report_in_sight
from anlan.assessment.tasks import sweep
from anlan.command.api import incidents
from anlan.command.models import Incident
from anlan.kernel import clock, scope
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.warning.actions.judge_warning import judge_warning
from anlan.warning.api import acknowledge, issue_warnings
from anlan.warning.data import VerdictKind
from anlan.warning.models import HazardWarning, Summons
from tests.cast import COUNTY, LOWER, UPPER, crossed
from tests.weather import pass_time

BY = the_program("test")


@pytest.fixture
def incident(cast):
    issue_warnings([crossed(cast)], by=BY, now=clock.now())
    issue_warnings([crossed(cast, gauge="lower rain")], by=BY, now=clock.now())
    pass_time(3)
    for name in ("slope leader", "ford leader"):
        summons = Summons.objects.get(person_id=cast.people[name])
        acknowledge(
            str(summons.uuid),
            person_id=cast.people[name],
            via="phone",
            by=BY,
            now=clock.now(),
        )
    pass_time(6)
    return incidents()[0].uuid


def test_the_county_and_each_town_have_their_figures(incident):
    report = incident_report(incident)
    district = report["district"]
    assert (district["warnings"], district["summons"], district["acknowledged"]) == (2, 8, 2)
    assert district["ack_median_min"] == 3.0
    assert district["escalations"]["retry"] == 6
    by_town = {town["code"]: town for town in report["towns"]}
    assert set(by_town) == {UPPER, LOWER}
    assert (by_town[UPPER]["summons"], by_town[LOWER]["summons"]) == (6, 2)
    assert by_town[LOWER]["acknowledged_share"] == 0.5
    assert by_town[UPPER]["people_at_risk"] == 8
    assert by_town[LOWER]["people_at_risk"] == 1


def test_what_must_hold_is_told(incident):
    holds = incident_report(incident)["invariants"]
    assert holds["audience_equals_answerable"]
    assert holds["nobody_moved_before_notice"]
    assert holds["sheltered_equals_moved"]


def test_a_wrong_audience_is_found_and_named(incident):
    row = Summons.objects.order_by("pk")[0]
    row.warning.number = "the wrong one"
    row.warning.save()
    Summons.objects.filter(pk=row.pk).update(person_id=Summons.objects.order_by("-pk")[0].person_id)
    holds = incident_report(incident)["invariants"]
    assert not holds["audience_equals_answerable"]
    assert holds["audience_wrong"] == ["the wrong one"]


def test_a_report_is_kept_once_as_it_was(incident):
    write_report(incident, by=BY, now=clock.now())
    kept = IncidentReport.objects.get()
    pass_time(60)
    write_report(incident, by=BY, now=clock.now())
    assert IncidentReport.objects.get().figures == kept.figures
    assert IncidentReport.objects.get().made_at == kept.made_at
    assert JournalEntry.objects.filter(act="report.written").count() == 1


def test_a_town_sees_its_own_figures_and_not_the_countys(incident):
    with scope.limited_to([LOWER]):
        seen = report_in_sight(incident, county_code=COUNTY)
    assert seen["district"] is None
    assert [town["code"] for town in seen["towns"]] == [LOWER]
    with scope.limited_to([COUNTY]):
        assert report_in_sight(incident, county_code=COUNTY)["district"]["warnings"] == 2


def test_a_kept_report_shows_what_its_warnings_turned_out_to_be_later(incident):
    write_report(incident, by=BY, now=clock.now())
    warning = HazardWarning.objects.get(division_id=LOWER)
    HazardWarning.objects.filter(pk=warning.pk).update(state="lifted", ended_at=clock.now())
    warning.refresh_from_db()
    came = warning.issued_at + timedelta(minutes=5)
    judge_warning(warning, verdict=VerdictKind.HIT, occurred_at=came, by=BY, now=clock.now())
    with scope.limited_to([COUNTY]):
        seen = report_in_sight(incident, county_code=COUNTY)
    assert (seen["district"]["warnings_judged"], seen["district"]["lead_median_min"]) == (1, 5.0)
    by_town = {town["code"]: town["warnings_judged"] for town in seen["towns"]}
    assert by_town == {UPPER: 0, LOWER: 1}
    assert IncidentReport.objects.get().figures["district"]["warnings_judged"] == 0


def test_an_incident_in_which_nothing_happened_has_a_report_too(cast):
    row = Incident.objects.create(
        uuid="1" * 32, division_id=COUNTY, name="n", opened_at=clock.now() - timedelta(hours=1)
    )
    report = incident_report(str(row.uuid))
    assert report["towns"] == []
    assert report["district"]["warnings"] == 0
    assert report["district"]["acknowledged_share"] is None
    assert report["incident"]["closed_at"] is None


def test_without_any_rain_measured_nobody_was_late(cast, incident):
    figures = incident_report(incident)["district"]
    assert figures["people_not_out_before_peak"] == 0  # no rain was measured at all


def test_the_sweep_writes_a_report_that_was_lost(incident):
    assert sweep(clock.now()) == 0
    Incident.objects.filter(uuid=incident).update(closed_at=clock.now())
    assert sweep(clock.now()) == 1
    assert IncidentReport.objects.filter(incident__uuid=incident).exists()
    assert sweep(clock.now()) == 0
