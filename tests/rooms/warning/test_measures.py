"""Measures of a span: who answered in time, which warnings were right, and who may see which."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from anlan.kernel import clock, scope
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.registry.data import Colour, Hazard
from anlan.warning.actions.judge_warning import judge_warning
from anlan.warning.api import acknowledge, issue_warnings, lift_warnings, warning_records
from anlan.warning.data import VerdictKind
from anlan.warning.measuring import VerdictRefused
from anlan.warning.models import HazardWarning, Summons, WarningVerdict
from anlan.warning.queries.measures import MeasureFilter, measures_of
from anlan.warning.queries.verdicts import verdicts_of
from tests.cast import LOWER, SLOPE, UPPER, cleared, crossed
from tests.weather import pass_time

BY = the_program("test")
SPAN = MeasureFilter(since=date(2024, 7, 1), until=date(2024, 7, 31))


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def measured(wanted=SPAN):
    return measures_of(wanted, now=clock.now())


def answer(cast, name):
    call = Summons.objects.get(person_id=cast.people[name])
    acknowledge(str(call.uuid), person_id=cast.people[name], via="phone", by=BY, now=clock.now())


@pytest.fixture
def evening(cast):
    """Two towns warned, one person of each answers after three minutes; then all is over."""
    rows = [crossed(cast), crossed(cast, gauge="lower rain", colour=Colour.RED, value=55.0)]
    issue_warnings(rows, by=BY, now=clock.now())
    pass_time(3)
    answer(cast, "slope leader")
    answer(cast, "ford leader")
    pass_time(60)
    lift_warnings(cleared(*rows), by=BY, now=clock.now())
    return cast


def test_calls_are_measured_by_hazard_colour_town_and_person(evening):
    found = measured()
    assert found.calls.calls == Summons.objects.count()
    assert (found.calls.answered, found.calls.in_time, found.calls.median_min) == (2, 2, 3.0)
    assert found.calls.nobody == found.calls.calls - 2
    assert [part.key for part in found.by_hazard] == [Hazard.FLASH_FLOOD]
    assert [part.key for part in found.by_colour] == [Colour.ORANGE, Colour.RED]
    assert [(part.key, part.name) for part in found.by_town] == [
        (UPPER, "上河镇"),
        (LOWER, "下河镇"),
    ]
    assert found.by_person[-1].calls.in_time_share == 1.0
    assert found.by_person[0].calls.in_time_share == 0.0
    assert {part.name for part in found.by_person if part.calls.in_time} == {
        "slope leader",
        "ford leader",
    }


def test_a_call_whose_limit_still_runs_is_not_counted_yet(cast):
    issue_warnings([crossed(cast)], by=BY, now=clock.now())
    pass_time(3)
    found = measured()
    assert (found.calls.calls, found.calls.in_time_share) == (0, None)
    assert found.calls.running == Summons.objects.count()
    pass_time(20)
    later = measured().calls
    assert (later.running, later.in_time_share) == (0, 0.0)
    assert later.went_up > 0


def test_what_was_told_of_what_was_done_is_added_up(evening):
    call = Summons.objects.get(person_id=evening.people["slope leader"])
    Summons.objects.filter(pk=call.pk).update(reported_at=clock.now(), notified=30, moved=8)
    found = measured().calls
    assert (found.reported, found.reported_share) == (1, 0.5)
    assert (found.notified, found.moved) == (30, 8)


def test_the_span_and_the_choice_narrow(evening):
    assert (
        measured(MeasureFilter(since=date(2024, 7, 16), until=date(2024, 7, 31))).calls.calls == 0
    )
    assert measured(MeasureFilter(since=date(2024, 7, 15), until=date(2024, 7, 15))).calls.calls > 0
    red = measured(MeasureFilter(since=SPAN.since, until=SPAN.until, colour=Colour.RED))
    assert [part.key for part in red.by_town] == [LOWER]
    upper = measured(MeasureFilter(since=SPAN.since, until=SPAN.until, town=UPPER))
    assert [part.key for part in upper.by_colour] == [Colour.ORANGE]
    other = measured(MeasureFilter(since=SPAN.since, until=SPAN.until, hazard=Hazard.RAINSTORM))
    assert other.warnings.warnings == 0


def test_a_town_and_a_village_measure_their_own(evening):
    with scope.limited_to([LOWER]):
        found = measured()
        assert [part.key for part in found.by_town] == [LOWER]
        assert found.calls.calls == Summons.objects.count() == 2
    with scope.limited_to([SLOPE]):
        assert measured().warnings.warnings == 1
        assert {part.where for part in measured().by_person} == {"坡下村"}


def test_more_warnings_cost_no_more_queries(evening, django_assert_num_queries):
    with django_assert_num_queries(3):
        measured()


def judge(verdict, **given):
    warning = HazardWarning.objects.get(colour=Colour.ORANGE)
    judge_warning(warning, verdict=verdict, by=BY, now=clock.now(), **given)
    return warning


def test_the_newest_word_counts_and_every_word_is_kept(evening):
    warning = judge(VerdictKind.FALSE_ALARM)
    assert measured().warnings.false_ratio == 1.0
    pass_time(5)
    came = warning.issued_at + timedelta(minutes=40)
    judge(VerdictKind.HIT, occurred_at=came, remark=" 河边村进水 ")
    found = measured()
    assert (found.warnings.judged, found.warnings.not_judged) == (1, 1)
    assert (found.warnings.false_ratio, found.warnings.lead_median_min) == (0.0, 40.0)
    assert [row.hazard for row in found.unjudged] == [Hazard.FLASH_FLOOD]
    newest, first = verdicts_of(warning)
    assert (newest.verdict, newest.remark, newest.actor) == ("hit", "河边村进水", BY.label)
    assert first.verdict == VerdictKind.FALSE_ALARM
    assert WarningVerdict.objects.count() == 2
    entry = JournalEntry.objects.filter(act="warning.judged").latest("id")
    assert (entry.cause, entry.division_code) == (f"warning:{warning.uuid}", UPPER)
    (record,) = warning_records([str(warning.uuid)])
    assert (record.verdict, record.lead_minutes) == (VerdictKind.HIT, 40.0)


def test_a_village_sees_what_was_found_of_its_warning(evening):
    warning = judge(VerdictKind.AVERTED)
    with scope.limited_to([SLOPE]):
        assert measured().warnings.averted == 1
        assert len(verdicts_of(warning)) == 1


def test_a_warning_issued_after_it_came_has_a_lead_below_zero(evening):
    judge(
        VerdictKind.HIT,
        occurred_at=HazardWarning.objects.earliest("pk").issued_at - timedelta(minutes=5),
    )
    found = measured().warnings
    assert (found.lead_least_min, found.too_late, found.ahead_share) == (-5.0, 1, 0.0)


@pytest.mark.parametrize(
    ("verdict", "hours", "remark"),
    [
        (VerdictKind.FALSE_ALARM, -1, ""),
        (VerdictKind.HIT, 1, ""),
        (VerdictKind.HIT, -24 * 40, ""),
        (VerdictKind.HIT, None, "x" * 201),
    ],
)
def test_a_word_that_cannot_be_is_refused(evening, verdict, hours, remark):
    came = None if hours is None else clock.now() + timedelta(hours=hours)
    with pytest.raises(VerdictRefused):
        judge(verdict, occurred_at=came, remark=remark)
    assert not WarningVerdict.objects.exists()


def test_a_warning_in_force_is_not_judged(cast):
    issue_warnings([crossed(cast)], by=BY, now=clock.now())
    with pytest.raises(VerdictRefused, match="in force"):
        judge(VerdictKind.HIT)
