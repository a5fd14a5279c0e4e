"""The pages of macro-observation: one press for a quiet day, a form, a list, a verdict."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from anlan.kernel import clock
from anlan.monitoring.data import MacroKind, MacroState
from anlan.monitoring.models import MacroReport
from tests.entrance import logged_in
from tests.leaks import read

DAY = timedelta(days=1)


@pytest.fixture
def visit(hand):
    """Return a browser in which somebody is logged in, in English."""

    def log_in(name: str) -> Client:
        return logged_in(hand.accounts[name], language="en")

    return log_in


def text(answer):
    return answer.content.decode()


def today():
    return timezone.localdate(clock.now()).isoformat()


def form(hand, station="slope"):
    return reverse("macro_form", args=[hand.macros[station]])


def typed(**said):
    """Return a form of today, quiet but for what is given as kind__field."""
    fields = {f"{kind}-result": "normal" for kind in MacroKind.values}
    return (
        fields | {name.replace("__", "-"): value for name, value in said.items()} | {"day": today()}
    )


MUDDY = {"water__result": "anomaly", "water__sign": "muddy", "water__description": "井水发浑"}


def test_the_day_shows_who_has_not_reported(hand, visit):
    page = text(visit("duty").get(reverse("macro_observation")))
    assert "2 stations have not reported everything" in page
    assert "slope leader" in page
    assert "far宏观点" not in page
    assert form(hand) in page


def test_one_press_reports_a_quiet_day(hand, visit):
    client = visit("slope")
    answer = client.post(form(hand), {"all_normal": "1", "day": today()})
    assert answer.status_code == 302
    rows = MacroReport.objects.all()
    assert {row.kind for row in rows} == set(MacroKind)
    assert not any(row.is_anomaly for row in rows)
    page = text(client.get(reverse("macro_observation")))
    assert "nothing unusual" in page
    assert "Every station has reported" in page
    again = client.post(form(hand), {"all_normal": "1", "day": today()}, follow=True)
    assert "has reported" in text(again)
    assert MacroReport.objects.count() == 5


def test_the_form_reports_an_anomaly_and_the_rest_quiet(hand, visit):
    client = visit("slope")
    sent = typed(**MUDDY, water__water_level_m="3.25 m", gas__temperature_c="")
    answer = client.post(form(hand), sent, follow=True)
    assert "anomaly of well and spring water" in text(answer)
    assert MacroReport.objects.filter(is_anomaly=True).get().water_level_m == 3.25
    assert MacroReport.objects.count() == 5
    shown = text(client.get(form(hand)))
    assert "井水发浑" in shown
    assert 'value="3.25"' in shown


def test_one_press_after_an_anomaly_is_about_the_rest(hand, visit):
    client = visit("slope")
    client.post(form(hand), {"day": today(), "water-result": "anomaly", "water-sign": "muddy"})
    assert MacroReport.objects.count() == 1
    assert "Nothing else unusual" in text(client.get(form(hand)))
    client.post(form(hand), {"all_normal": "1", "day": today()})
    assert MacroReport.objects.filter(is_anomaly=True).count() == 1
    assert MacroReport.objects.count() == 5


def test_the_quick_button_throws_no_typed_anomaly_away(hand, visit):
    visit("slope").post(form(hand), typed(**MUDDY) | {"all_normal": "1"})
    assert MacroReport.objects.filter(is_anomaly=True).get().description == "井水发浑"
    assert MacroReport.objects.count() == 5


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"water__result": "anomaly"}, "needs a sign or a description"),
        ({"animal__description": "狗叫"}, "is called normal"),
        ({"animal__result": "anomaly", "animal__animals": "many"}, "is not a number"),
        ({"water__temperature_c": "500"}, "cannot be right"),
        ({"water__result": "anomaly", "water__sign": "x"}, "from the list"),
    ],
)
def test_what_is_wrong_is_said_at_the_kind_and_nothing_is_kept(hand, visit, said, sentence):
    answer = visit("slope").post(form(hand), typed(**said))
    assert answer.status_code == 200
    assert sentence in text(answer).replace("&quot;", '"')
    assert "Nothing was kept yet" in text(answer)
    assert not MacroReport.objects.exists()


def test_a_missed_day_is_reported_afterwards(hand, visit):
    client = visit("slope")
    yesterday = (timezone.localdate(clock.now()) - DAY).isoformat()
    assert yesterday in text(client.get(form(hand), {"day": yesterday}))
    client.post(form(hand), {"all_normal": "1", "day": yesterday})
    assert {row.day.isoformat() for row in MacroReport.objects.all()} == {yesterday}
    for nonsense in ("2024-13-01", "1999-01-01", "2099-01-01"):
        assert today() in text(client.get(form(hand), {"day": nonsense}))


def test_only_whoever_may_enter_gets_the_form(hand, visit):
    for who, status in (("slope", 200), ("upper", 200), ("lower", 404), ("reader", 403)):
        assert visit(who).get(form(hand)).status_code == status, who
    assert visit("far-admin").post(form(hand), {"all_normal": "1"}).status_code == 404
    assert visit("reader").post(form(hand), {"all_normal": "1"}).status_code == 403
    assert not MacroReport.objects.exists()
    assert form(hand) not in text(visit("reader").get(reverse("macro_observation")))


@pytest.fixture
def anomaly(hand, visit):
    """Report an anomaly from the village, and return it."""
    visit("slope").post(form(hand), typed(**MUDDY))
    return MacroReport.objects.get(is_anomaly=True)


def listed(visit, who="duty", **asked):
    answer = visit(who).get(reverse("macro_reports"), asked)
    assert answer.status_code == 200
    return answer.context["list"].total


@pytest.mark.parametrize(
    ("asked", "total"),
    [
        ({}, 5),
        ({"kind": "water"}, 1),
        ({"result": "anomaly"}, 1),
        ({"result": "reported"}, 1),
        ({"result": "verified"}, 0),
        ({"result": "normal"}, 4),
        ({"since": "2024-07-16"}, 0),
        ({"until": "2024-07-14"}, 0),
        ({"since": "x", "until": "y", "kind": "z", "result": "w", "town": "v", "page": "u"}, 5),
        ({"town": "990701101000"}, 5),
        ({"town": "990701102000"}, 0),
        ({"q": "slope"}, 5),
        ({"q": "ford"}, 0),
    ],
)
def test_the_list_is_narrowed(anomaly, visit, asked, total):
    assert listed(visit, **asked) == total


def test_the_list_shows_what_is_in_sight_alone(anomaly, visit):
    assert listed(visit, "lower") == 0
    assert listed(visit, "far-admin") == 0
    assert listed(visit, "reader") == 5
    address = reverse("macro_report", args=[anomaly.uuid])
    assert visit("lower").get(address).status_code == 404
    assert visit("reader").get(address).status_code == 200


def verify(client, row, verdict="verified", reason=""):
    return client.post(
        reverse("macro_verify", args=[row.uuid]),
        {"verdict": verdict, "reason": reason},
        follow=True,
    )


def test_the_county_verifies_on_the_page_of_the_report(anomaly, visit):
    client = visit("duty")
    page = text(client.get(reverse("macro_report", args=[anomaly.uuid])))
    assert reverse("macro_verify", args=[anomaly.uuid]) in page
    assert "井水发浑" in page
    assert "the anomaly stands" in text(verify(client, anomaly))
    anomaly.refresh_from_db()
    assert (anomaly.state, anomaly.judged_by) == (MacroState.VERIFIED, "duty")
    assert "has looked into this report already" in text(verify(client, anomaly, "dismissed", "x"))


def test_a_dismissal_without_a_reason_asks_for_one(anomaly, visit):
    client = visit("duty")
    assert "Say why it is no anomaly" in text(verify(client, anomaly, "dismissed"))
    assert "雨后" in text(verify(client, anomaly, "dismissed", "雨后浑浊"))
    anomaly.refresh_from_db()
    assert anomaly.state == MacroState.DISMISSED


@pytest.mark.parametrize(
    ("who", "status"), [("slope", 403), ("upper", 403), ("reader", 403), ("far-admin", 404)]
)
def test_others_may_not_verify(anomaly, visit, who, status):
    client = visit(who)
    address = reverse("macro_verify", args=[anomaly.uuid])
    assert client.post(address, {"verdict": "verified"}).status_code == status
    anomaly.refresh_from_db()
    assert anomaly.state == MacroState.REPORTED


def test_a_verdict_out_of_the_air_changes_nothing(anomaly, visit):
    verify(visit("duty"), anomaly, "maybe")
    anomaly.refresh_from_db()
    assert anomaly.state == MacroState.REPORTED


def test_what_was_said_before_stays_on_the_page(hand, visit):
    client = visit("slope")
    client.post(form(hand), typed())
    client.post(form(hand), typed(**MUDDY))
    row = MacroReport.objects.get(is_anomaly=True)
    page = text(client.get(reverse("macro_report", args=[row.uuid])))
    assert "Reported before of the same day" in page


def test_a_verified_kind_is_shown_and_no_longer_typed(anomaly, hand, visit):
    verify(visit("duty"), anomaly)
    page = text(visit("slope").get(form(hand)))
    assert "water-result" not in page
    sent = typed()
    del sent["water-result"]
    assert visit("slope").post(form(hand), sent).status_code == 302


def test_the_list_is_given_out_as_a_workbook_of_what_may_be(anomaly, visit):
    answer = visit("duty").get(reverse("macro_export"), {"result": "anomaly"})
    found = read(answer)
    assert "井水发浑" in found
    assert "slope宏观点" in found
    assert visit("slope").get(reverse("macro_export")).status_code == 403


def test_the_pages_ask_little(anomaly, hand, visit, django_assert_max_num_queries):
    client = visit("duty")
    for address in (
        reverse("macro_observation"),
        reverse("macro_reports"),
        reverse("macro_report", args=[anomaly.uuid]),
        form(hand),
    ):
        with django_assert_max_num_queries(19):
            assert client.get(address).status_code == 200
