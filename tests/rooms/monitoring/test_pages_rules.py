"""Rules on pages: written, tested, marked, put in force, retired; who may and who may not."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from anlan.kernel import clock
from anlan.kernel.queue import virtual_queue
from anlan.monitoring.data import Measure, RuleState, StationKind
from anlan.monitoring.models import Rule, RuleVersion, Station
from anlan.monitoring.queries.rules import text_of
from anlan.registry.data import Colour, Hazard, PlaceKind
from anlan.registry.models import Reservoir
from tests.cast import COUNTY, LOWER, SLOPE, UPPER, moment, place
from tests.evening import Evening
from tests.rooms.monitoring.rules import HOUR, drafted, measured, put_live, text
from tests.rooms.web.conftest import Visit
from tests.weather import idle

WRITTEN = {
    "name": "小时雨量",
    "hazard": "flash_flood",
    "division": COUNTY,
    "source": "县山洪灾害防御预案",
    "rows": "3",
    "colour-1": "4",
    "measure-1": "sum",
    "element-1": "PN05",
    "window_min-1": "60",
    "value-1": "40",
    "colour-2": "3",
    "measure-2": "last",
    "element-2": "Z",
    "window_min-2": "60",
    "value-2": "102,5",
    "station-2": "river 0990701003",
    "season_from-2": "06-01",
    "season_until-2": "09-30",
    "colour-3": "2",
    "measure-3": "sum",
    "for_min": "10",
    "stations_needed": "1",
    "falls_to": "0.8",
    "falls_by": "0.2",
    "clear_after_min": "30",
}


def page(client, address, /, *args, **asked):
    answer = client.get(reverse(address, args=args), asked, headers={"accept-language": "en"})
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def said(answer):
    """Return what a page that was sent to says, its notices among it."""
    return answer.content.decode()


def send(client, address, /, *args, **typed):
    return client.post(
        reverse(address, args=args), typed, headers={"accept-language": "en"}, follow=True
    )


def test_a_rule_is_written_row_by_row(evening: Evening, visit: Visit) -> None:
    client = visit("duty")
    assert "New rule" in page(client, "rule_new")
    answer = send(client, "rule_new", **WRITTEN)
    version = RuleVersion.objects.select_related("rule").get()
    assert answer.redirect_chain[0][0] == reverse("rule", args=[version.rule.uuid])
    told = text_of(version)
    assert (told.for_min, told.falls_to, told.clear_after_min) == (10, 0.8, 30)
    red, orange = told.conditions
    assert (red.colour, red.measure, red.value, red.window_min) == (4, Measure.SUM, 40.0, 60)
    assert (orange.value, orange.window_min, orange.season_until) == (102.5, 0, "09-30")
    assert orange.station_id == evening.cast.stations["river"].pk


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"value-1": "much"}, "Row 1: The limit is no number"),
        ({"value-3": "10", "element-3": "ZZ"}, "Row 3: “ZZ” is no element"),
        ({"station-2": "nowhere"}, "Row 2: “nowhere” is no station of the list"),
        ({"for_min": "soon"}, "“soon” is no whole number"),
        ({"window_min-1": "1h"}, "Row 1: “1h” is no whole number"),
        ({"name": ""}, "cannot be the name"),
        ({"rows": "0"}, "The rule has no condition"),
        ({"hazard": "x", "colour-1": "9", "measure-1": "x"}, ""),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    evening: Evening, visit: Visit, more: dict[str, str], sentence: str
) -> None:
    answer = send(visit("duty"), "rule_new", **WRITTEN | more)
    if not sentence:
        assert Rule.objects.count() == 1
        return
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert more.get("rows") == "0" or "102,5" in said(answer)
    assert not Rule.objects.exists()


def test_a_draft_is_changed_only_as_it_was_seen(evening: Evening, visit: Visit) -> None:
    version, client = drafted(), visit("duty")
    shown = page(client, "rule_edit", version.pk)
    assert 'value="PN05"' in shown
    typed = WRITTEN | {"seen": version.made_at.isoformat(), "name": "新名"}
    idle(timedelta(minutes=1))
    send(client, "rule_edit", version.pk, **typed)
    assert Rule.objects.get().name == "新名"
    answer = send(client, "rule_edit", version.pk, **typed)
    assert "Somebody else has changed this version" in said(answer)
    answer = send(client, "rule_edit", version.pk, **typed | {"seen": "long ago"})
    assert "Somebody else has changed this version" in said(answer)


def test_a_version_in_force_has_no_form(evening: Evening, visit: Visit) -> None:
    version = drafted()
    put_live(version)
    assert visit("duty").get(reverse("rule_edit", args=[version.pk])).status_code == 404
    assert visit("duty").get(reverse("rule_put", args=[version.pk])).status_code == 404


def run_over(client, version, since="2024-01-01", until="2024-06-30"):
    answer = send(client, "rule_test", version.pk, since=since, until=until)
    virtual_queue.run_until(clock.now())
    version.refresh_from_db()
    return answer


def test_a_draft_is_tested_marked_and_put_in_force(evening: Evening, visit: Visit) -> None:
    gauge, client = evening.cast.stations["upper rain"], visit("duty")
    measured(gauge, [20.0], start=moment("2024-02-03 10:00"))
    measured(gauge, [20.0], start=moment("2024-04-03 10:00"))
    version = drafted(text(HOUR))
    assert "has not been tested" in page(client, "rule_version", version.pk)
    answer = run_over(client, version)
    assert "The test is running" in said(answer)
    shown = page(client, "rule_version", version.pk)
    assert "In 2024 this rule would have fired 2 times, 0 of them false." in shown
    assert "2 nobody has judged yet" in shown
    assert "upper rain" in shown
    assert "<rect" in shown
    send(client, "rule_mark", version.pk, run=version.tested["run"], event="1", mark="false")
    assert "fired 2 times, 1 of them false." in page(client, "rule_version", version.pk)
    assert "2024: 2 times, 1 false" in page(client, "rules")
    question = page(client, "rule_put", version.pk)
    assert "Put version 1 of “小时雨量” in force?" in question
    assert 'name="reason"' not in question
    send(client, "rule_put", version.pk, seen=version.made_at.isoformat())
    version.refresh_from_db()
    assert version.state == RuleState.LIVE
    assert "in force" in page(client, "rule", version.rule.uuid)


def test_while_it_runs_the_page_shows_how_far_it_is(evening: Evening, visit: Visit) -> None:
    version, client = drafted(), visit("duty")
    send(client, "rule_test", version.pk, since="2024-01-01", until="2024-06-30")
    part = client.get(reverse("rule_version", args=[version.pk]), headers={"hx-request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="result" hx-get')
    assert "<progress" in part.content.decode()
    answer = send(client, "rule_test", version.pk, since="2024-01-01", until="2024-06-30")
    assert "A test of this version is running" in said(answer)


@pytest.mark.parametrize(
    ("since", "until", "sentence"),
    [
        ("", "", "Give the first and the last day"),
        ("2024-13-01", "x", "Give the first and the last day"),
        ("2024-06-02", "2024-06-01", "A test cannot run from"),
    ],
)
def test_a_period_that_is_none_is_refused(
    evening: Evening, visit: Visit, since: str, until: str, sentence: str
) -> None:
    version = drafted()
    assert sentence in said(run_over(visit("duty"), version, since, until))


def test_untested_the_question_asks_for_a_reason(evening: Evening, visit: Visit) -> None:
    version, client = drafted(), visit("duty")
    assert 'name="reason"' in page(client, "rule_put", version.pk)
    seen = {"seen": version.made_at.isoformat()}
    answer = send(client, "rule_put", version.pk, **seen)
    assert "was not tested on what was measured" in said(answer)
    send(client, "rule_put", version.pk, **seen, reason="汛情紧急")
    version.refresh_from_db()
    assert (version.state, version.untested_because) == (RuleState.LIVE, "汛情紧急")


def test_the_next_version_is_drafted_and_the_rule_retired(evening: Evening, visit: Visit) -> None:
    version, client = drafted(), visit("duty")
    put_live(version)
    uuid = version.rule.uuid
    answer = send(client, "rule_copy", uuid)
    draft = RuleVersion.objects.get(number=2)
    assert answer.redirect_chain[0][0] == reverse("rule_edit", args=[draft.pk])
    assert "has a draft already" in said(send(client, "rule_copy", uuid))
    assert "Reason: it is missing" in said(send(client, "rule_retire", uuid, reason=" "))
    send(client, "rule_retire", uuid, reason="改用新规则")
    assert not RuleVersion.objects.filter(state=RuleState.LIVE).exists()
    send(client, "rule_drop", draft.pk)
    assert RuleVersion.objects.get().number == 1
    assert "taken out of force" in page(client, "rule", uuid)


def test_the_list_is_narrowed(evening: Evening, visit: Visit) -> None:
    put_live(drafted(name="甲"))
    drafted(name="乙", hazard=Hazard.GEOHAZARD, at=LOWER)
    client = visit("duty")
    for asked, names in (
        ({}, "甲乙"),
        ({"hazard": "geohazard"}, "乙"),
        ({"state": "live"}, "甲"),
        ({"state": "draft"}, "乙"),
        ({"state": "retired"}, ""),
        ({"division": LOWER}, "乙"),
        ({"division": "x", "state": "x", "hazard": "x", "page": "-1"}, "甲乙"),
    ):
        shown = [row.name for row in client.get(reverse("rules"), asked).context["list"].rows]
        assert sorted(shown) == sorted(names), asked


def test_reservoirs_are_drafted_from_the_register(evening: Evening, visit: Visit) -> None:
    client = visit("duty")
    answer = send(client, "rule_season", division=COUNTY, name="")
    assert "The rule has no condition" in said(answer)
    assert "needs 12 digits" in said(send(client, "rule_season", division="x"))
    key = place(evening.cast, "reservoir", kind=PlaceKind.RESERVOIR, at=SLOPE)
    Reservoir.objects.create(
        place_id=key,
        capacity_m3=1_000_000,
        flood_limit_level_m=439.0,
        design_level_m=442.0,
        check_level_m=443.5,
        dam_top_m=445.0,
    )
    Station.objects.create(
        address="0990701020",
        division_id=SLOPE,
        place_id=key,
        kind=StationKind.RESERVOIR,
        name="水库站",
        lon=107.0,
        lat=33.0,
    )
    answer = send(client, "rule_season", division=COUNTY, name="水库", forecast="1")
    version = RuleVersion.objects.get()
    assert version.rule.name == "水库"
    assert len(text_of(version).conditions) == 5
    shown = page(client, "rule_version", version.pk)
    assert "06-01 – 09-30" in shown
    assert "forecast level in 6 hours" in shown


@pytest.mark.parametrize("who", ["upper", "slope", "reader"])
def test_who_keeps_no_stations_reads_and_changes_nothing(
    evening: Evening, visit: Visit, who: str
) -> None:
    version = drafted(text(HOUR), at=UPPER if who != "slope" else SLOPE)
    client = visit(who)
    for name, args in (
        ("rules", ()),
        ("rule", (version.rule.uuid,)),
        ("rule_version", (version.pk,)),
    ):
        shown = page(client, name, *args)
        assert "btn-outline-danger" not in shown
        assert 'name="since"' not in shown
    for name in ("rule_new", "rule_edit", "rule_put"):
        args = () if name == "rule_new" else (version.pk,)
        assert client.get(reverse(name, args=args)).status_code == 403, name
    for name, key in (
        ("rule_test", version.pk),
        ("rule_mark", version.pk),
        ("rule_put", version.pk),
        ("rule_drop", version.pk),
        ("rule_edit", version.pk),
        ("rule_copy", version.rule.uuid),
        ("rule_retire", version.rule.uuid),
    ):
        typed = {"mark": "false", "event": "0", "reason": "x"}
        assert client.post(reverse(name, args=[key]), typed).status_code == 403, name
    assert RuleVersion.objects.get().state == RuleState.DRAFT


def test_what_is_out_of_sight_is_not_there(evening: Evening, visit: Visit) -> None:
    version = drafted(at=UPPER)
    client = visit("lower")
    assert page(client, "rules")
    for name, key in (
        ("rule", version.rule.uuid),
        ("rule_version", version.pk),
        ("rule_edit", version.pk),
    ):
        assert client.get(reverse(name, args=[key])).status_code == 404, name


def test_pages_ask_little(evening: Evening, visit: Visit) -> None:
    client = visit("duty")
    rows = [
        HOUR.__class__(Colour.YELLOW, Measure.SUM, "PN05", 10.0 + n, 5 * (n + 1)) for n in range(40)
    ]
    version = drafted(text(*rows))
    for number in range(12):
        drafted(name=f"规则{number}")
    measured(evening.cast.stations["upper rain"], [90.0] * 3, start=moment("2024-02-03 10:00"))
    run_over(client, version)
    for name, args in (
        ("rules", ()),
        ("rule_new", ()),
        ("rule", (version.rule.uuid,)),
        ("rule_version", (version.pk,)),
        ("rule_edit", (version.pk,)),
        ("rule_put", (version.pk,)),
        ("critical_rain", ()),
        ("critical_rain_sheet", ()),
    ):
        with CaptureQueriesContext(connection) as asked:
            page(client, name, *args)
        assert len(asked) <= 20, (name, len(asked))


def test_no_page_opens_without_a_login(evening: Evening) -> None:
    version = drafted()
    names = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    mine = {name for name in names if name.startswith(("rule", "critical_rain", "soil_model"))}
    assert len(mine) == 19
    for name in mine:
        of_rule = name in {"rule", "rule_copy", "rule_retire"}
        plain = {"rules", "rule_new", "rule_season", "soil_model"}
        is_about_one = (name.startswith("rule") or name.endswith("_drop")) and name not in plain
        key = version.rule.uuid if of_rule else version.pk
        address = reverse(name, args=[key] if is_about_one else [])
        for answer in (Client().get(address), Client().post(address)):
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith(reverse("login")), name
