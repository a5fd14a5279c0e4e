"""The page behind the link of a message: one letter, one answer, no login."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.warning.api import issue_warnings, lift_warnings
from anlan.warning.core.links import token_for
from anlan.warning.data import SummonsState
from anlan.warning.models import Answer, Delivery, HazardWarning, Summons
from anlan.warning.queries.letters import LINK_LASTS
from anlan.warning.screens import refusals
from tests.cast import cleared, crossed
from tests.weather import idle, pass_time

BY = the_program("test")
ADDRESS = "https://anlan.example"


@pytest.fixture
def exceedance(cast, settings):
    settings.ANLAN_ADDRESS = ADDRESS
    return crossed(cast)


@pytest.fixture
def warning(exceedance):
    (uuid,) = issue_warnings([exceedance], by=BY, now=clock.now())
    pass_time(1)
    return uuid


def link_to(phones, cast, name):
    """Return the path of the link that a person was sent last."""
    sent = [r.message.link for r in phones.calls() if r.message.person_id == cast.people[name]]
    assert sent[-1].startswith(f"{ADDRESS}/a/")
    return sent[-1].removeprefix(ADDRESS)


def call(cast, name):
    return Summons.objects.get(person_id=cast.people[name])


@pytest.fixture
def stranger():
    return Client(enforce_csrf_checks=True, headers={"accept-language": "en"})


def test_one_tap_answers_without_a_login(stranger, phones, cast, warning):
    path = link_to(phones, cast, "alone leader")
    page = stranger.get(path)
    assert page.status_code == 200
    assert "独户村" in page.text
    assert "坡下村" not in page.text.split("call-text")[0]
    assert call(cast, "alone leader").state == SummonsState.WAITING  # looking is not answering
    answered = stranger.post(path, {"word": "received"})
    assert "Your answer is recorded" in answered.text
    row = call(cast, "alone leader")
    assert (row.state, row.answered_via) == (SummonsState.ACKNOWLEDGED, "link")
    assert row.answered_by_id == cast.people["alone leader"]


def test_what_was_done_is_told_on_the_same_page(stranger, phones, cast, warning):
    path = link_to(phones, cast, "alone leader")
    assert 'name="moved"' not in stranger.get(path).text
    assert 'name="moved"' in stranger.post(path, {"word": "received"}).text
    told = {"word": "done", "notified": "12", "moved": "8", "remark": "<b>all</b> {{ out }}"}
    page = stranger.post(path, told)
    assert "Your answer is recorded" in page.text
    row = call(cast, "alone leader")
    assert (row.notified, row.moved) == (12, 8)
    assert Answer.objects.latest("pk").remark == "<b>all</b> {{ out }}"


def test_the_same_answer_again_changes_nothing_and_says_so(stranger, phones, cast, warning):
    path = link_to(phones, cast, "alone leader")
    stranger.post(path, {"word": "received"})
    before = call(cast, "alone leader").answered_at
    pass_time(2)
    page = stranger.post(path, {"word": "received"})
    assert "the first answer stands" in page.text
    assert call(cast, "alone leader").answered_at == before
    assert Answer.objects.count() == 1


@pytest.mark.parametrize("fields", [{}, {"word": "nonsense"}, {"word": "done", "moved": "-5"}])
def test_what_cannot_be_read_changes_nothing(stranger, phones, cast, warning, fields):
    path = link_to(phones, cast, "alone leader")
    page = stranger.post(path, fields)
    assert page.status_code == 200
    assert "recorded." not in page.text
    assert call(cast, "alone leader").state == SummonsState.WAITING


def refusals_noted():
    return [json.loads(e.detail)["why"] for e in JournalEntry.objects.filter(act="link.refused")]


def test_a_forged_link_opens_nothing_and_is_journalled(stranger, phones, cast, warning, settings):
    token = link_to(phones, cast, "alone leader").removeprefix("/a/")
    letter = Delivery.objects.exclude(letter="").earliest("pk").letter
    forged = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token_for(letter, key="another key"),
        token_for("0" * 16, key=settings.SECRET_KEY),  # well signed, and no letter of ours
        "x",
    ]
    for each in forged:
        page = stranger.post(reverse("one_tap", args=[each]), {"word": "received"})
        assert page.status_code == 404
        assert "独户村" not in page.text
    assert refusals_noted() == ["forged", "forged", "over", "forged"]
    assert not Summons.objects.exclude(state=SummonsState.WAITING).exists()


def test_a_link_whose_time_is_over_opens_nothing(stranger, phones, cast, warning):
    path = link_to(phones, cast, "alone leader")
    idle(LINK_LASTS + timedelta(minutes=1))
    assert stranger.get(path).status_code == 404
    assert refusals_noted() == ["over"]


def test_after_the_warning_nothing_more_is_asked(stranger, phones, cast, warning, exceedance):
    path = link_to(phones, cast, "alone leader")
    lift_warnings(cleared(exceedance), by=BY, now=clock.now())
    assert HazardWarning.objects.get().ended_at is not None
    page = stranger.get(path)
    assert "has ended" in page.text
    assert "<button" not in page.text.split('id="content"')[1]


def test_strangers_fill_no_journal(stranger, cast, monkeypatch):
    monkeypatch.setattr(refusals, "_bounded", refusals.Bounded())
    for _try in range(refusals.MOST_AN_HOUR + 20):
        stranger.get(reverse("one_tap", args=["x"]))
    noted = JournalEntry.objects.filter(act="link.refused")
    assert noted.count() == refusals.MOST_AN_HOUR
    assert "not noted until" in noted.latest("pk").detail


def test_no_address_of_the_page_leaks_by_links_or_search(stranger, phones, cast, warning):
    page = stranger.get(link_to(phones, cast, "alone leader"))
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "no-store" in page.headers["Cache-Control"]


def test_without_an_address_of_ones_own_there_are_no_links(phones, cast):
    issue_warnings([crossed(cast)], by=BY, now=clock.now())
    pass_time(1)
    assert {ring.message.link for ring in phones.calls()} == {""}


def test_whoever_stands_behind_several_calls_answers_them_with_one_tap(
    stranger, phones, cast, warning
):
    pass_time(30)
    path = link_to(phones, cast, "upper leader")
    page = stranger.post(path, {"word": "received"})
    assert "Your answer is recorded" in page.text
    taken = Summons.objects.filter(answered_by_id=cast.people["upper leader"])
    assert taken.count() > 1
    assert set(taken.values_list("state", flat=True)) == {SummonsState.TAKEN_OVER}
