"""The rain at which a village prepares and moves: kept all or none, one by one or from a sheet."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from anlan.kernel import clock
from anlan.kernel.models import JournalEntry
from anlan.monitoring.actions.drop_critical_rain import drop_critical_rain
from anlan.monitoring.actions.keep_critical_rain import keep_critical_rain
from anlan.monitoring.actions.keep_soil_model import keep_soil_model
from anlan.monitoring.api import judge_exceedances
from anlan.monitoring.core.critical_rain import VillageRain
from anlan.monitoring.models import CriticalRain, EvaluationCursor, Exceedance, SoilModel
from anlan.monitoring.refusals import NotPermitted
from anlan.monitoring.rule_refusals import RainRefused, RuleOutOfSight, RuleRefused
from anlan.monitoring.sheets.critical_rain import rain_template, rain_workbook, read_rain
from anlan.registry.data import Colour, Role
from tests.cast import BANK, COUNTY, SLOPE, UPPER
from tests.entrance import as_actor, opened
from tests.rooms.monitoring.rules import BY
from tests.rooms.registry.test_sheets import workbook
from tests.weather import receive, report

HOUR = VillageRain(
    division_code=SLOPE,
    window_min=60,
    prepare_mm=(14.0, 12.0, 10.0),
    move_mm=(18.0, 16.0, 15.0),
    source="山洪灾害分析评价",
    effective_from=date(2024, 7, 1),
)


def keep(*rains, by=BY):
    with translation.override("en"):
        return keep_critical_rain(rains, by=by, now=clock.now())


def test_it_warns_the_village_at_once(cast):
    judge_exceedances(by=BY, now=clock.now())
    turn = EvaluationCursor.objects.get().limits_turn
    assert keep(HOUR) == 1
    assert EvaluationCursor.objects.get().limits_turn == turn + 1
    receive(report(cast.stations["upper rain"], at=clock.now(), PN05=15.0))
    judge_exceedances(by=BY, now=clock.now())
    row = Exceedance.objects.get()
    assert (row.village_id, row.colour, row.limit) == (SLOPE, Colour.ORANGE, 14.0)
    entry = JournalEntry.objects.get(act="critical_rain.kept")
    assert (entry.subject, entry.division_code) == (f"critical_rain:{SLOPE}", SLOPE)


def test_the_same_again_changes_nothing_and_another_value_takes_its_place(cast):
    keep(HOUR)
    assert keep(HOUR) == 0
    assert keep(replace(HOUR, prepare_mm=(13.0, 12.0, 10.0))) == 1
    assert CriticalRain.objects.get().prepare_dry_mm == 13.0
    keep(replace(HOUR, effective_from=date(2024, 8, 1)))
    assert CriticalRain.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"division_code": UPPER}, "division", "is no village"),
        ({"division_code": "990701101999"}, "division", "There is no village"),
        ({"window_min": 62}, "window_min", "The window is 62 minutes"),
        ({"prepare_mm": (14.0, 15.0, 10.0)}, "prepare_normal_mm", "wetter soil needs"),
        ({"prepare_mm": (14.0, 12.0, 0.0)}, "prepare_wet_mm", "0.0 mm cannot be right"),
        ({"move_mm": (18.0, 16.0, 9.0)}, "move_wet_mm", "before they prepare at 10.0 mm"),
        ({"soil_mm": 0.0}, "soil_mm", "not what soil can hold"),
        ({"source": ""}, "source", "Say where the limits come from"),
    ],
)
def test_what_is_wrong_is_said_and_none_is_kept(cast, said, field, sentence):
    good = replace(HOUR, division_code=BANK)
    with pytest.raises(RainRefused) as refused:
        keep(good, replace(HOUR, **said))
    (complaint,) = refused.value.complaints
    assert (complaint.index, complaint.field) == (1, field)
    assert sentence in complaint.sentence
    assert not CriticalRain.objects.exists()


def test_one_village_and_window_stands_once(cast):
    with pytest.raises(RainRefused) as refused:
        keep(HOUR, replace(HOUR, window_min=180), HOUR)
    (complaint,) = refused.value.complaints
    assert (complaint.index, "row 1" in complaint.sentence) == (2, True)


def test_who_may_not(cast):
    town = as_actor(opened("town", Role.TOWN_OFFICER, UPPER))
    with pytest.raises(RainRefused):
        keep(HOUR, by=town)
    keep(HOUR)
    with pytest.raises(NotPermitted):
        drop_critical_rain(CriticalRain.objects.get().pk, by=town, now=clock.now())
    with pytest.raises(NotPermitted):
        keep_soil_model(COUNTY, kept_share=0.8, days=10, source="x", by=town, now=clock.now())


def test_a_row_is_dropped_unless_it_has_warned_somebody(cast):
    keep(HOUR, replace(HOUR, window_min=180))
    receive(report(cast.stations["upper rain"], at=clock.now(), PN05=15.0))
    judge_exceedances(by=BY, now=clock.now())
    warned = Exceedance.objects.filter(critical_rain__isnull=False)[0].critical_rain
    with pytest.raises(RuleRefused):
        drop_critical_rain(warned.pk, by=BY, now=clock.now())
    other = CriticalRain.objects.exclude(pk__in=Exceedance.objects.values("critical_rain")).first()
    if other is not None:
        drop_critical_rain(other.pk, by=BY, now=clock.now())
        with pytest.raises(RuleOutOfSight):
            drop_critical_rain(other.pk, by=BY, now=clock.now())


@pytest.mark.parametrize(
    ("code", "share", "days", "source"),
    [
        (COUNTY, 1.0, 10, "x"),
        (COUNTY, 0.0, 10, "x"),
        (COUNTY, 0.8, 0, "x"),
        (COUNTY, 0.8, 61, "x"),
        (COUNTY, 0.8, 10, " "),
        (UPPER, 0.8, 10, "x"),
    ],
)
def test_soil_dries_in_some_way_of_a_county(cast, code, share, days, source):
    with pytest.raises(RuleRefused):
        keep_soil_model(code, kept_share=share, days=days, source=source, by=BY, now=clock.now())


def test_a_county_sets_how_its_soil_dries(cast):
    for share in (0.8, 0.82):
        keep_soil_model(
            COUNTY, kept_share=share, days=10, source="率定报告", by=BY, now=clock.now()
        )
    row = SoilModel.objects.get()
    assert (row.kept_share, row.days, row.source) == (0.82, 10, "率定报告")
    assert JournalEntry.objects.filter(act="soil_model.kept").count() == 2


HEADINGS = (
    *("行政村", "时段", "准备转移干", "准备转移一般", "准备转移湿"),
    *("干土立即转移雨量", "一般土立即转移雨量", "湿土立即转移雨量", "依据", "启用日期"),
)


def sheet(*rows):
    return workbook(HEADINGS, *rows)


def test_a_sheet_with_the_words_of_an_office_is_read(cast):
    found = read_rain(
        "临界雨量.xlsx",
        sheet(
            ("坡下村", 60, 14, 12, 10, 18, 16, 15, "评价", "2024-07-01"),
            (BANK, "180分钟", "30mm", 28, 25, 40, 36, 33, "评价", "2024-07-01"),
        ),
    )
    assert found.bad == ()
    assert [rain.division_code for rain in found.rains] == [SLOPE, BANK]
    assert found.rains[1].prepare_mm == (30.0, 28.0, 25.0)
    assert found.rains[0].soil_mm == 100.0
    assert keep(*found.rains) == 2


def test_rows_that_cannot_be_read_are_named(cast):
    with translation.override("en"):
        found = read_rain(
            "r.xlsx",
            sheet(
                ("没有村", 60, 14, 12, 10, 18, 16, 15, "评价", "2024-07-01"),
                ("坡下村", 3, "多", 12, 10, 18, 16, 15, "", "2024-07-01"),
            ),
        )
    assert found.rains == ()
    assert [bad.number for bad in found.bad] == [2, 3]
    assert [column for column, _sentence in found.bad[1].faults] == [
        "window_min",
        "prepare_dry_mm",
        "source",
    ]


def test_what_goes_out_comes_in_again_as_it_was(cast):
    keep(HOUR, replace(HOUR, window_min=180, division_code=BANK, soil_mm=80.0))
    rows = list(CriticalRain.objects.order_by("pk"))
    content = b"".join(rain_workbook(rows, created=clock.now().replace(tzinfo=None)))
    found = read_rain("out.xlsx", content)
    assert found.bad == ()
    assert keep(*found.rains) == 0
    assert rain_template(created=clock.now().replace(tzinfo=None)).startswith(b"PK")
