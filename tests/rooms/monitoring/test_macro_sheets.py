"""Macro-observation reports from a spreadsheet: by kind or a row for all, never an anomaly less."""

import pytest
from django.utils import timezone

from anlan.kernel import clock, scope
from anlan.kernel.tables.outgoing import table_template
from anlan.monitoring.actions.carry_out_hand_sheet import carry_out_hand_sheet
from anlan.monitoring.actions.receive_hand_sheet import receive_hand_sheet
from anlan.monitoring.actions.verify_macro import verify_macro
from anlan.monitoring.data import HandSubject, MacroKind, MacroState
from anlan.monitoring.models import HandSheet, MacroReport
from anlan.monitoring.queries.macro import MacroSought, sought_reports
from anlan.monitoring.refusals import SheetNotReady
from anlan.monitoring.sheets.columns import MACRO
from anlan.monitoring.sheets.judging import JUDGES
from anlan.monitoring.sheets.outgoing import macro_workbook
from anlan.monitoring.sheets.planning import plan_hand_sheet
from anlan.registry.data import ImportMode
from tests.rooms.registry.test_sheets import workbook

HEADS = ("观测点名称", "观测日期", "观测项目", "观测结果", "异常现象", "异常描述", "水温")
SLOPE, FORD = "slope宏观点", "ford宏观点"
DAY = "2024-07-15"


def plan_of(hand, *rows, heads=HEADS, by="upper"):
    return plan_hand_sheet(
        HandSubject.MACRO,
        file_name="宏观.xlsx",
        content=workbook(heads, *rows),
        judge=JUDGES[HandSubject.MACRO],
        by=hand.actor(by),
        now=clock.now(),
    )


def faults(plan):
    return {x.number: [fault.column for fault in x.faults] for x in plan.drafts if x.faults}


def receive(hand, content, *, by="upper"):
    uuid = receive_hand_sheet(
        content,
        file_name="宏观.xlsx",
        subject=HandSubject.MACRO,
        by=hand.actor(by),
        now=clock.now(),
    )
    return HandSheet.objects.get(uuid=uuid)


def carry(hand, row, mode=ImportMode.ALL, *, by="upper"):
    carry_out_hand_sheet(str(row.uuid), mode=mode, by=hand.actor(by), now=clock.now())


def taken(hand, *rows, heads=HEADS, mode=ImportMode.ALL):
    """Take a spreadsheet in and return its counts."""
    row = receive(hand, workbook(heads, *rows))
    carry(hand, row, mode)
    return row.new_rows, row.changed_rows, row.unchanged_rows, row.bad_rows


def reported():
    rows = MacroReport.objects.order_by("kind")
    return {row.kind: row.is_anomaly for row in rows}


def test_rows_by_kind_come_in_and_the_same_again_changes_nothing(hand):
    rows = (
        (SLOPE, DAY, "井水", "异常", "发浑", "井水发浑", "14.5℃"),
        (SLOPE, DAY, "动物", "正常", "", "", ""),
    )
    assert taken(hand, *rows) == (2, 0, 0, 0)
    assert reported() == {"animal": False, "water": True}
    row = MacroReport.objects.get(kind=MacroKind.WATER)
    assert (row.sign, row.description, row.temperature_c) == ("muddy", "井水发浑", 14.5)
    assert row.reporter == "upper leader"
    assert taken(hand, *rows) == (0, 0, 2, 0)


def test_one_row_without_a_kind_stands_for_the_rest(hand):
    rows = (
        (SLOPE, DAY, "", "无异常", "", "", ""),
        (SLOPE, DAY, "地声地光", "有异常", "地声", "", ""),
    )
    assert taken(hand, *rows) == (2, 0, 0, 0)
    assert reported() == {
        "animal": False,
        "gas": False,
        "geophysics": True,
        "other": False,
        "water": False,
    }
    assert taken(hand, *rows) == (0, 0, 2, 0)
    assert taken(hand, rows[0]) == (0, 0, 1, 0)


def test_an_unreadable_row_is_not_told_as_nothing_unusual(hand):
    rows = (
        (SLOPE, DAY, "", "正常", "", "", ""),
        (SLOPE, DAY, "井水", "异常", "惊恐", "", ""),
        (FORD, DAY, "", "正常", "", "", ""),
        (FORD, DAY, "猫", "异常", "惊恐", "", ""),
    )
    plan = plan_of(hand, *rows, by="admin")
    assert faults(plan) == {3: ["sign"], 4: ["kind"], 5: ["kind"]}
    kinds = [entry.kind for _place, entry in plan.entries]
    assert sorted(kinds) == ["animal", "gas", "geophysics", "other"]


def test_each_bad_cell_is_named(hand):
    rows = (
        ("无此点", DAY, "井水", "正常", "", "", ""),
        (SLOPE, "去年", "井水", "正常", "", "", ""),
        (SLOPE, "2024-07-16", "井水", "正常", "", "", ""),
        (SLOPE, "2024-05-01", "井水", "正常", "", "", ""),
        (SLOPE, DAY, "井水", "说不清", "", "", ""),
        (SLOPE, DAY, "井水", "", "", "", ""),
        (SLOPE, DAY, "井水", "异常", "", "", ""),
        (SLOPE, DAY, "", "异常", "发浑", "", ""),
        (SLOPE, DAY, "动物", "正常", "", "", 20),
        (FORD, DAY, "动物", "正常", "", "", ""),
    )
    assert faults(plan_of(hand, *rows)) == {
        2: ["station"],
        3: ["day"],
        4: ["day"],
        5: ["day"],
        6: ["result"],
        7: ["result"],
        8: ["sign"],
        9: ["kind"],
        10: ["temperature_c"],
        11: ["station"],
    }


def test_no_spreadsheet_takes_an_anomaly_back(hand):
    anomaly = (SLOPE, DAY, "井水", "异常", "发浑", "", "")
    taken(hand, anomaly)
    plan = plan_of(hand, (SLOPE, DAY, "井水", "正常", "", "", ""))
    assert faults(plan) == {2: ["result"]}
    verify_macro(
        str(MacroReport.objects.get().uuid),
        verdict=MacroState.VERIFIED,
        by=hand.actor("duty"),
        now=clock.now(),
    )
    assert taken(hand, anomaly) == (0, 0, 1, 0)
    assert faults(plan_of(hand, (SLOPE, DAY, "井水", "异常", "冒泡", "", ""))) == {2: ["result"]}


def test_more_about_an_anomaly_changes_it(hand):
    taken(hand, (SLOPE, DAY, "井水", "异常", "发浑", "", ""))
    assert taken(hand, (SLOPE, DAY, "井水", "异常", "发浑", "三口井", "")) == (0, 1, 0, 0)
    assert MacroReport.objects.get().earlier[0]["description"] == ""


def test_with_bad_rows_all_or_the_good_ones(hand):
    rows = ((SLOPE, DAY, "井水", "正常", "", "", ""), (SLOPE, DAY, "动物", "?", "", "", ""))
    with pytest.raises(SheetNotReady):
        taken(hand, *rows)
    assert not MacroReport.objects.exists()
    assert taken(hand, *rows, mode=ImportMode.GOOD_ROWS) == (1, 0, 0, 1)
    assert reported() == {"water": False}


@pytest.mark.parametrize("who", ["slope", "duty", "auditor", "far-admin"])
def test_whoever_may_not_send_spreadsheets_gets_no_row_in(hand, who):
    found = faults(plan_of(hand, (SLOPE, DAY, "", "正常", "", "", ""), by=who))
    assert found == {2: ["station"]}


def test_what_is_given_out_comes_in_again_unchanged(hand):
    taken(
        hand,
        (SLOPE, DAY, "井水", "异常", "发浑", "=1+1", 14.5),
        (SLOPE, DAY, "", "正常", "", "", ""),
        (SLOPE, "2024-07-14", "", "正常", "", "", ""),
    )
    with scope.limited_to(["990701000000"]):
        content = macro_workbook(sought_reports(MacroSought()), created=clock.now())
    again = receive(hand, content)
    assert (again.new_rows, again.changed_rows, again.unchanged_rows, again.bad_rows) == (
        0,
        0,
        10,
        0,
    )


def test_the_template_is_understood_as_it_is(hand):
    content = table_template(MACRO, created=timezone.make_naive(clock.now()))
    assert receive(hand, content).total_rows == 0
