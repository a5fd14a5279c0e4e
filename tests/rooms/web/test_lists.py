"""The lists and the pages of one thing: what they show and how they are narrowed."""

import pytest
from django.urls import reverse
from django.utils import timezone

from anlan.command.queries.timeline import PAGE_ENTRIES
from anlan.command.screens.sentences import WRITERS, text_of
from anlan.kernel import clock, journal
from anlan.kernel.actors import the_program
from anlan.warning.models import HazardWarning
from tests.cast import LOWER, SLOPE, UPPER
from tests.evening import Evening
from tests.rooms.web.conftest import Visit
from tests.weather import rain


@pytest.mark.parametrize(
    ("asked", "is_listed"),
    [
        ({}, True),
        ({"hazard": "flash_flood", "state": "open", "town": UPPER}, True),
        ({"hazard": "reservoir"}, False),
        ({"colour": "1"}, False),
        ({"state": "lifted"}, False),
        ({"town": LOWER}, False),
        ({"town": "nonsense", "colour": "9", "hazard": "x", "page": "-3"}, True),
    ],
)
def test_warnings_are_narrowed(
    evening: Evening, visit: Visit, asked: dict[str, str], is_listed: bool
) -> None:
    page = visit("duty").get(reverse("warnings"), asked).content.decode()
    assert (str(evening.warning.uuid) in page) is is_listed


@pytest.mark.parametrize("name", ["warnings", "incidents", "reports", "gaps"])
@pytest.mark.parametrize("page", ["9" * 5000, "99999999", "-3", "١"])
def test_a_page_that_there_is_not_shows_one_that_there_is(
    evening: Evening, visit: Visit, name: str, page: str
) -> None:
    answer = visit("duty").get(reverse(name), {"page": page})
    assert answer.status_code == 200


def test_an_hour_of_the_timeline_has_no_page_with_a_number_too_long(
    evening: Evening, visit: Visit
) -> None:
    address = reverse("incident", args=[evening.incident.uuid])
    hour = timezone.localtime(clock.now()).strftime("%Y%m%d%H00")
    answer = visit("duty").get(address, {"hour": hour, "page": "9" * 5000})
    assert answer.status_code == 200
    assert answer.context["opened"].page == 1


def test_a_warning_shows_what_it_follows(evening: Evening, visit: Visit) -> None:
    rain([evening.cast.stations["upper rain"]], steps=[4.0] * 3)
    rose = HazardWarning.objects.filter(hazard="flash_flood").latest("issued_at")
    assert rose.colour > evening.warning.colour
    later = visit("duty").get(reverse("warning", args=[rose.uuid])).content.decode()
    assert reverse("warning", args=[evening.warning.uuid]) in later
    first = visit("duty").get(reverse("warning", args=[evening.warning.uuid])).content.decode()
    assert reverse("warning", args=[rose.uuid]) in first


def test_the_timeline_counts_by_the_hour_and_reads_only_the_hour_opened(
    evening: Evening, visit: Visit
) -> None:
    client, address = visit("duty"), reverse("incident", args=[evening.incident.uuid])
    notes = [
        journal.Note(
            act="household.left",
            subject=f"move:{number}",
            division_code=SLOPE,
            cause=f"warning:{evening.warning.uuid}",
            detail={"people": 3},
        )
        for number in range(PAGE_ENTRIES + 5)
    ]
    journal.record_all(notes, by=the_program("tests"), now=clock.now())
    closed = client.get(address).content.decode()
    assert "一户 3 人已离家" not in closed
    assert f"转移 {PAGE_ENTRIES + 5}" in closed
    hour = {"hour": "202407152000", "kind": "move"}
    assert client.get(address, hour).content.decode().count("一户 3 人已离家") == PAGE_ENTRIES
    second = client.get(address, {**hour, "page": "2"}).content.decode()
    assert second.count("一户 3 人已离家") == 5
    assert client.get(address, {"hour": "nonsense", "kind": "x", "page": "y"}).status_code == 200


def test_every_act_that_concerns_an_incident_has_a_sentence() -> None:
    facts = (
        "plan level because station colour hazard value villages people person via rung title"
        " households verdict"
    )
    for act in WRITERS:
        assert text_of(act, dict.fromkeys(facts.split(), "7")), act
    assert "tea.served" in text_of("tea.served", {})


def test_the_report_shows_the_county_to_the_county_and_a_town_to_itself(
    evening: Evening, visit: Visit
) -> None:
    address = reverse("report", args=[evening.incident.uuid])
    county = visit("duty").get(address).content.decode()
    assert "上河镇" in county
    assert "数据是否对得上" in county
    town = visit("upper").get(address).content.decode()
    assert "上河镇" in town
    assert "数据是否对得上" not in town
    village = visit("slope").get(address).content.decode()
    assert "上河镇" not in village.partition("<main")[2]


def test_what_was_not_measured_is_called_no_data(evening: Evening, visit: Visit) -> None:
    page = visit("duty").get(reverse("report", args=[evening.incident.uuid])).content.decode()
    assert "无数据" in page  # nobody has answered, so there is no median
