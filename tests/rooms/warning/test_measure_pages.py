"""The pages of measures and communication tests: what they say, to whom, and what they give out."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.registry.models import Person
from anlan.warning.actions.note_dead import note_dead
from anlan.warning.api import acknowledge, issue_warnings, lift_warnings
from anlan.warning.models import CommunicationTest, HazardWarning, Summons, TestCall, WarningVerdict
from tests.cast import COUNTY, LOWER, UPPER, cleared, crossed
from tests.entrance import OTHER_COUNTY, logged_in, open_accounts
from tests.evening import QUICK_HASH
from tests.weather import pass_time

BY = the_program("test")


@pytest.fixture
def visit(cast, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    accounts = open_accounts()

    def enter(name):
        client = logged_in(accounts[name])
        client.cookies["django_language"] = "en"
        return client

    return enter


@pytest.fixture
def over(cast):
    """One warning over the upper town, answered once, and over."""
    row = crossed(cast)
    issue_warnings([row], by=BY, now=clock.now())
    pass_time(3)
    call = Summons.objects.get(person_id=cast.people["slope leader"])
    acknowledge(str(call.uuid), person_id=call.person_id, via="phone", by=BY, now=clock.now())
    pass_time(60)
    lift_warnings(cleared(row), by=BY, now=clock.now())
    return HazardWarning.objects.get()


def text_of(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def rows_of(answer):
    assert answer.status_code == 200
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python()]


def test_the_page_of_measures_says_what_happened_in_sentences(visit, over):
    text = text_of(visit("duty"), "warning_measures")
    assert "Of 6 calls, 1 were answered in time by the person called (16.7 %)." in text
    assert "5 were answered by nobody" in text
    assert "1 warning: 0 judged, 1 not judged, 0 in force." in text
    assert "1 warning has ended and nobody has judged it" in text
    assert "slope leader" in text
    assert "上河镇" in text


def test_where_nothing_was_issued_the_page_says_so(visit, cast):
    assert "No warning was issued" in text_of(visit("duty"), "warning_measures")


def test_another_town_measures_nothing_of_it(visit, over):
    text = text_of(visit("lower"), "warning_measures")
    assert "No warning was issued" in text
    assert "slope leader" not in text
    assert "slope leader" in text_of(visit("slope"), "warning_measures")


@pytest.mark.parametrize(
    "query",
    [
        {"since": "x", "until": "2024-99-99"},
        {"since": "0001-01-01", "until": "9999-12-31"},
        {"colour": "9", "hazard": "no", "town": "x"},
        {"since": "2024-12-31", "until": "2024-01-01"},
    ],
)
def test_a_strange_address_narrows_nothing(visit, over, query):
    assert "Of 6 calls" in text_of(visit("duty"), "warning_measures", **query)


def test_the_measures_are_given_out_to_whoever_may_and_written_down(visit, over):
    name = reverse("warning_measures_export")
    head, *rows = rows_of(visit("duty").get(name))
    assert head[:4] == ["Grouped", "Of whom or what", "Village", "Calls counted"]
    assert rows[0][:4] == ["All together", "", "", 6]
    assert ["By person", "slope leader", "坡下村"] in [row[:3] for row in rows]
    assert not any(re.search(r"138\d{8}", str(cell)) for row in rows for cell in row)
    entry = JournalEntry.objects.get(act="sheet.exported")
    assert (entry.subject, entry.division_code) == ("table:warning_measures", COUNTY)
    assert visit("slope").get(name).status_code == 403


def verdict(client, warning, **typed):
    return client.post(reverse("judge_warning", args=[warning.uuid]), typed, follow=True)


def test_a_warning_is_judged_on_its_page_by_whoever_records_answers(visit, over):
    answer = verdict(visit("upper"), over, verdict="hit", occurred_at="2024-07-15T21:00")
    page = answer.content.decode()
    assert "Kept." in page
    assert "came at 2024-07-15 21:00" in page
    row = WarningVerdict.objects.get()
    assert row.occurred_at - over.issued_at == timedelta(minutes=60)
    verdict(visit("duty"), over, verdict="averted", remark="村里提前撤了")
    page = text_of(visit("duty"), "warning", over.uuid)
    assert "村里提前撤了" in page
    assert "came at 2024-07-15 21:00" in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"verdict": "sure"}, "Choose what the warning turned out to be."),
        ({"verdict": "hit", "occurred_at": "tonight"}, "Give day and time"),
        ({"verdict": "hit", "occurred_at": "2024-02-31T10:00"}, "Give day and time"),
        ({"verdict": "false", "occurred_at": "2024-07-15T20:10"}, "leave the time empty"),
    ],
)
def test_a_word_that_cannot_be_kept_names_the_remedy(visit, over, typed, told):
    assert told in verdict(visit("duty"), over, **typed).content.decode()
    assert not WarningVerdict.objects.exists()


def test_who_may_not_judge_does_not(visit, over):
    assert verdict(visit("lower"), over, verdict="hit").status_code == 404
    assert verdict(visit("auditor"), over, verdict="hit").status_code in (403, 404)
    assert not WarningVerdict.objects.exists()


def begin(client, **typed):
    form = {"division": COUNTY, "hours": "6"} | typed
    return client.post(reverse("communication_tests"), form, follow=True)


def test_a_test_is_started_from_its_page(visit, cast):
    page = text_of(visit("duty"), "communication_tests")
    assert "never tested" in page
    assert "overdue" in page
    answer = begin(visit("duty"))
    assert "The test has begun." in answer.content.decode()
    assert CommunicationTest.objects.get().division_id == COUNTY
    again = begin(visit("duty"), division=UPPER).content.decode()
    assert "A test is running here until 2024-07-16 02:00" in again
    assert "last tested on 2024-07-15" in text_of(visit("duty"), "communication_tests")


def test_a_test_under_a_warning_wants_to_be_confirmed(visit, cast):
    issue_warnings([crossed(cast)], by=BY, now=clock.now())
    page = begin(visit("duty")).content.decode()
    assert "Start the test all the same" in page
    assert not CommunicationTest.objects.exists()
    begin(visit("duty"), despite_warnings="1")
    assert CommunicationTest.objects.exists()


@pytest.mark.parametrize(
    ("name", "division", "status"),
    [
        ("lower", COUNTY, 403),
        ("lower", UPPER, 403),
        ("lower", LOWER, 200),
        ("auditor", COUNTY, 403),
        ("duty", OTHER_COUNTY, 403),
        ("duty", "x", 200),
    ],
)
def test_who_may_start_a_test_and_where(visit, name, division, status):
    assert begin(visit(name), division=division).status_code == status
    assert CommunicationTest.objects.exists() is (division == LOWER)


def test_the_page_of_a_test_lists_the_dead_and_the_silent(visit, cast):
    Person.objects.filter(pk=cast.people["bank leader"]).update(phone="")
    begin(visit("duty"))
    test = CommunicationTest.objects.get()
    call = TestCall.objects.get(person_id=cast.people["ford leader"])
    note_dead([call.pk], reason="no such number", by=BY, now=clock.now())
    answer = visit("duty").post(
        reverse(
            "record_test_answer",
            args=[TestCall.objects.get(person_id=cast.people["slope leader"]).pk],
        ),
        follow=True,
    )
    assert "slope leader was reached by phone" in answer.content.decode()
    again = visit("upper").post(
        reverse(
            "record_test_answer",
            args=[TestCall.objects.get(person_id=cast.people["slope leader"]).pk],
        ),
        follow=True,
    )
    assert "had answered before" in again.content.decode()
    visit("duty").post(reverse("end_communication_test", args=[test.uuid]))
    page = text_of(visit("duty"), "communication_test", test.uuid)
    assert "no number in the register" in page
    assert "no such number" in page
    assert not re.search(r"138\d{8}", page)
    _head, *rows = rows_of(
        visit("duty").get(reverse("communication_test_export", args=[test.uuid]))
    )
    found = {row[0]: row for row in rows}
    assert found["ford leader"][3] == "number is dead"
    assert found["slope leader"][5] == "phone call by the duty officer"
    assert found["slope informant"][2].startswith("138****")
    lower = text_of(visit("lower"), "communication_test", test.uuid)
    assert "ford leader" in lower
    assert "slope leader" not in lower
    assert (
        visit("far-admin").get(reverse("communication_test", args=[test.uuid])).status_code == 404
    )


def test_a_town_records_only_its_own_and_ends_only_its_own(visit, cast):
    begin(visit("duty"))
    call = TestCall.objects.get(person_id=cast.people["slope leader"])
    assert visit("lower").post(reverse("record_test_answer", args=[call.pk])).status_code == 404
    uuid = CommunicationTest.objects.get().uuid
    assert visit("lower").post(reverse("end_communication_test", args=[uuid])).status_code == 403
    assert CommunicationTest.objects.get().ended_at is None
