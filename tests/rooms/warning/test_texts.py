"""A county's own words: kept, tried, chosen for the hazard, colour and audience, filled in."""

import pytest
from django.urls import reverse

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.registry.data import Colour, Hazard, Role
from anlan.registry.models import Account, Household
from anlan.warning.actions.keep_text import keep_text
from anlan.warning.api import issue_warnings
from anlan.warning.core.typed import TypedText
from anlan.warning.data import Audience, Purpose
from anlan.warning.models import Delivery, HazardWarning, WarningText
from anlan.warning.refusals import NotYoursToKeep, TextRefused
from tests.cast import COUNTY, crossed
from tests.evening import ACCOUNTS
from tests.rooms.warning.test_drafts import actor

ACCOUNTS.setdefault("boss", (Role.COMMANDER, COUNTY, "commander"))


def keep(cast, *, by="boss", **changes):
    values = {"county": COUNTY, "audience": Audience.ANSWERABLE, "title": "T", "text": "X"}
    return keep_text(TypedText(**{**values, **changes}), by=actor(cast, by), now=clock.now())


def issued(cast, **how):
    issue_warnings([crossed(cast, **how)], by=the_program("test"), now=clock.now())
    return HazardWarning.objects.latest("pk")


def test_the_countys_words_carry_the_figures(cast):
    keep(
        cast,
        title="{town}{hazard}{colour}",
        text="{station} {value}{unit}/{hours}h > {limit}\n{villages}\n"
        "至{expiry}\n{people} {shelter}",
    )
    row = issued(cast)
    assert row.headline == "上河镇山洪灾害橙色"
    assert row.text.split("\n") == [
        "upper rain 33mm/1h > 30",
        "坡下村、河边村、独户村",
        "8 school、hall",
    ]


def test_the_most_exact_words_win_and_others_keep_theirs(cast):
    keep(cast, title="all", text="all")
    keep(cast, hazard=Hazard.FLASH_FLOOD.value, colour=3, title="exact", text="exact")
    keep(cast, colour=3, title="colour", text="colour")
    assert issued(cast).headline == "exact"
    assert issued(cast, hazard=Hazard.GEOHAZARD, value=85.0).headline == "colour"
    assert issued(cast, gauge="lower rain", colour=Colour.RED, value=60.0).headline == "all"


def test_households_read_their_own_words(cast):
    Household.objects.filter(pk=cast.households["li"]).update(phone="13900000001")
    keep(cast, audience=Audience.HOUSEHOLD, title="走", text="去{shelter}")
    issued(cast)
    row = Delivery.objects.get(purpose=Purpose.HOUSEHOLD)
    assert (row.title, row.text) == ("走", "去school、hall")


def test_a_new_row_replaces_the_old_one_and_none_is_changed(cast):
    first = keep(cast, text="one")
    second = keep(cast, text="two")
    assert WarningText.objects.get(pk=first).ended_at == clock.now()
    assert WarningText.objects.get(pk=first).text == "one"
    assert WarningText.objects.get(pk=second).ended_at is None
    assert keep(cast, title="", text="") == 0
    assert not WarningText.objects.filter(ended_at__isnull=True).exists()
    assert JournalEntry.objects.filter(act="warning_text.kept").count() == 2


@pytest.mark.parametrize(
    ("title", "text", "named"),
    [
        ("T", "{villages.0}", "{villages.0}"),
        ("T", "{value:.2f} {secret}", "{value:.2f}、{secret}"),
        ("{}", "X", "{}"),
        ("T", "", ""),
        ("x" * 121, "X", ""),
    ],
)
def test_words_that_cannot_be_filled_in_are_refused_by_name(cast, title, text, named):
    with pytest.raises(TextRefused) as refused:
        keep(cast, title=title, text=text)
    assert named in str(refused.value)
    assert not WarningText.objects.exists()


@pytest.mark.parametrize("who", ["duty", "upper", "clerk"])
def test_who_may_not_keep_words_is_refused(cast, who):
    with pytest.raises(NotYoursToKeep):
        keep(cast, by=who)


def test_a_gauge_called_like_a_figure_stays_a_name(cast):
    cast.stations["upper rain"].name = "{town} {{x}}\n<b>"
    cast.stations["upper rain"].save()
    keep(cast, text="{station}!")
    assert issued(cast).text == "{town} {{x}} <b>!"


def test_the_page_tries_words_with_an_example(cast, client):
    client.force_login(Account.objects.get(pk=actor(cast, "duty").account_id or 0))
    answer = client.post(
        reverse("warning_texts"),
        {
            "county": COUNTY,
            "audience": "answerable",
            "title": "T",
            "text": "<i>{value}",
            "do": "try",
        },
    )
    assert "&lt;i&gt;33" in answer.content.decode()
    answer = client.post(
        reverse("warning_texts"),
        {"county": COUNTY, "audience": "answerable", "title": "T", "text": "X", "do": "keep"},
    )
    assert answer.status_code == 403
