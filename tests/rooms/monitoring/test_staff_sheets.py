"""Staff readings from a spreadsheet: looked through, written whole or by good rows, never twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from anlan.kernel import clock, scope
from anlan.kernel.actors import the_program
from anlan.kernel.models import JournalEntry
from anlan.kernel.sheets.reading import open_book
from anlan.kernel.sheets.unusable import UnusableFile
from anlan.kernel.tables.outgoing import table_template
from anlan.monitoring.actions.carry_out_hand_sheet import carry_out_hand_sheet
from anlan.monitoring.actions.clear_hand_sheets import clear_hand_sheets
from anlan.monitoring.actions.receive_hand_sheet import receive_hand_sheet
from anlan.monitoring.data import HandSubject
from anlan.monitoring.models import HandSheet
from anlan.monitoring.queries.levels import given_out
from anlan.monitoring.refusals import SheetNotReady
from anlan.monitoring.sheets.columns import STAFF
from anlan.monitoring.sheets.judging import JUDGES
from anlan.monitoring.sheets.outgoing import staff_workbook
from anlan.monitoring.sheets.planning import plan_hand_sheet
from anlan.registry.data import ImportMode, ImportState
from tests.by_hand import HOUR, stored
from tests.rooms.registry.test_sheets import workbook
from tests.weather import idle

HEADS = ("水尺", "观测时间", "水位")


def at(ago=timedelta(0)):
    """Return a time so long ago as a spreadsheet holds it."""
    return timezone.make_naive(clock.now() - ago)


def plan_of(hand, content, *, by="upper", name="读数.xlsx"):
    return plan_hand_sheet(
        HandSubject.STAFF,
        file_name=name,
        content=content,
        judge=JUDGES[HandSubject.STAFF],
        by=hand.actor(by),
        now=clock.now(),
    )


def faults(plan):
    """Return the row number and the columns complained of, for each bad row."""
    return {x.number: [fault.column for fault in x.faults] for x in plan.drafts if x.faults}


def receive(hand, content, *, by="upper"):
    uuid = receive_hand_sheet(
        content,
        file_name="读数.xlsx",
        subject=HandSubject.STAFF,
        by=hand.actor(by),
        now=clock.now(),
    )
    return HandSheet.objects.get(uuid=uuid)


def carry(hand, row, mode=ImportMode.ALL, *, by="upper"):
    carry_out_hand_sheet(str(row.uuid), mode=mode, by=hand.actor(by), now=clock.now())
    row.refresh_from_db()
    return row


def counts(row):
    return row.new_rows, row.changed_rows, row.unchanged_rows, row.bad_rows


def test_levels_come_in_by_code_or_name_and_the_same_file_twice_changes_nothing(hand):
    content = workbook(
        HEADS,
        ("S-0001", f"{at(HOUR):%Y-%m-%d %H:%M}", 101.2),
        ("河边水尺", f"{at():%Y年%m月%d日%H时%M分}", "101.35米"),
    )
    row = receive(hand, content)
    assert (row.state, counts(row)) == (ImportState.PLANNED, (2, 0, 0, 0))
    assert not stored(hand.gauges["bank"])
    assert carry(hand, row).state == ImportState.DONE
    assert [level for _at, level, _quality in stored(hand.gauges["bank"])] == [101.2, 101.35]
    assert JournalEntry.objects.filter(act="staff_reading.entered").count() == 2
    entry = JournalEntry.objects.get(act="hand_sheet.taken_in")
    assert entry.division_code == hand.gauges["bank"].division_id
    again = receive(hand, content)
    assert counts(again) == (0, 0, 2, 0)
    carry(hand, again)
    assert len(stored(hand.gauges["bank"])) == 2


def test_a_column_of_days_may_stand_beside_one_of_times(hand):
    content = workbook(
        ("水尺名称", "观测日期", "时间", "水位"), ("河边水尺", at().date(), "19:30", 101.0)
    )
    (level,) = [level for _place, level in plan_of(hand, content).levels]
    assert level.at == clock.now() - HOUR / 2


def test_each_bad_cell_is_named(hand):
    now = f"{at():%Y-%m-%d %H:%M}"
    content = workbook(
        HEADS,
        ("河边水尺", now, 101.0),
        ("无此水尺", now, 101.0),
        ("河边水尺", "2024-07-15", 101.0),
        ("河边水尺", "", 101.0),
        ("河边水尺", "2024-07-15 23:00", 101.0),
        ("河边水尺", "2024-07-01 08:00", 101.0),
        ("河边水尺", "2024-07-15 18:00", "很高"),
        ("河边水尺", "2024-07-15 18:00", ""),
        ("河边水尺", "2024-07-15 18:00", 101.234),
        ("河边水尺", "2024-07-15 18:00", 99_999),
        ("河边水尺", now, 101.5),
        ("渡口水尺", now, 55.0),
    )
    assert faults(plan_of(hand, content)) == {
        3: ["station"],
        4: ["at"],
        5: ["at"],
        6: ["at"],
        7: ["at"],
        8: ["level"],
        9: ["level"],
        10: ["level"],
        11: ["level"],
        12: ["at"],
        13: ["station"],
    }


def test_a_gauge_of_another_county_is_none(hand):
    content = workbook(HEADS, ("邻县水尺", f"{at():%Y-%m-%d %H:%M}", 55.0))
    with scope.limited_to(["990701000000"]):
        assert faults(plan_of(hand, content)) == {2: ["station"]}


def test_two_gauges_of_one_name_must_be_told_apart(hand):
    hand.gauges["ford"].name = "河边水尺"
    hand.gauges["ford"].save()
    content = workbook(
        HEADS,
        ("河边水尺", f"{at():%Y-%m-%d %H:%M}", 101.0),
        ("S-0001", f"{at():%Y-%m-%d %H:%M}", 101.0),
    )
    assert faults(plan_of(hand, content)) == {2: ["station"]}


@pytest.mark.parametrize("who", ["bank", "duty", "reader"])
def test_whoever_may_not_send_spreadsheets_gets_no_row_in(hand, who):
    content = workbook(HEADS, ("河边水尺", f"{at():%Y-%m-%d %H:%M}", 101.0))
    assert faults(plan_of(hand, content, by=who)) == {2: ["station"]}


def test_a_leap_needs_a_yes_beside_it(hand):
    rows = (
        ("河边水尺", f"{at(HOUR):%Y-%m-%d %H:%M}", 100.1),
        ("河边水尺", f"{at():%Y-%m-%d %H:%M}", 103.3),
    )
    plan = plan_of(hand, workbook(HEADS, *rows))
    assert faults(plan) == {3: ["level"]}
    assert "+3.20" in plan.drafts[1].faults[0].sentence
    confirmed = [(*HEADS, "已核对"), (*rows[0], ""), (*rows[1], "是")]
    assert faults(plan_of(hand, workbook(*confirmed))) == {}


def test_with_bad_rows_all_or_the_good_ones(hand):
    content = workbook(
        HEADS,
        ("河边水尺", f"{at():%Y-%m-%d %H:%M}", 101.0),
        ("河边水尺", f"{at(HOUR):%Y-%m-%d %H:%M}", "?"),
    )
    row = receive(hand, content)
    assert counts(row) == (1, 0, 0, 1)
    with pytest.raises(SheetNotReady):
        carry(hand, row)
    assert not stored(hand.gauges["bank"])
    carry(hand, row, ImportMode.GOOD_ROWS)
    assert len(stored(hand.gauges["bank"])) == 1
    with pytest.raises(SheetNotReady):
        carry(hand, row, ImportMode.GOOD_ROWS)


def test_what_has_changed_since_is_shown_again_before_it_is_written(hand):
    content = workbook(HEADS, ("河边水尺", f"{at():%Y-%m-%d %H:%M}", 101.0))
    row = receive(hand, content)
    again = receive(hand, content)
    carry(hand, again)
    with pytest.raises(SheetNotReady):
        carry(hand, row)
    row.refresh_from_db()
    assert (row.state, counts(row)) == (ImportState.PLANNED, (0, 0, 1, 0))
    assert carry(hand, row).state == ImportState.DONE
    assert len(stored(hand.gauges["bank"])) == 1


def test_nobody_carries_out_the_sheet_of_another(hand):
    row = receive(hand, workbook(HEADS, ("河边水尺", f"{at():%Y-%m-%d %H:%M}", 101.0)))
    with pytest.raises(SheetNotReady):
        carry(hand, row, by="admin")


def test_old_files_are_cleared_and_what_they_wrote_stays(hand):
    rows = [(HEADS, ("河边水尺", f"{at(n * HOUR):%Y-%m-%d %H:%M}", 101.0)) for n in (1, 2)]
    waiting, done = (receive(hand, workbook(*each)) for each in rows)
    carry(hand, done)
    for days, cleared in ((6, 0), (2, 1), (21, 0), (2, 1), (30, 0)):
        idle(timedelta(days=days))
        assert clear_hand_sheets(by=the_program("tests"), now=clock.now()) == cleared, days
    waiting.refresh_from_db()
    done.refresh_from_db()
    assert (waiting.state, waiting.content) == (ImportState.REFUSED, None)
    assert (done.state, done.content) == (ImportState.DONE, None)
    assert len(stored(hand.gauges["bank"])) == 1
    with pytest.raises(SheetNotReady):
        carry(hand, waiting)


@pytest.mark.parametrize(
    "content", [workbook(("姓名", "电话"), ("赵一", "139")), b"PK\x03\x04 no book", b""]
)
def test_a_file_of_something_else_is_kept_by_nobody(hand, content):
    with pytest.raises(UnusableFile):
        receive(hand, content)
    assert not HandSheet.objects.exists()


def test_the_template_is_understood_as_it_is(hand):
    content = table_template(STAFF, created=at())
    book = open_book("t.xlsx", content)
    assert book.sheets[0].rows
    assert plan_of(hand, content).drafts == []


def test_what_is_given_out_comes_in_again_unchanged(hand):
    content = workbook(
        HEADS,
        ("河边水尺", f"{at(HOUR):%Y-%m-%d %H:%M}", 101.0),
        ("河边水尺", f"{at():%Y-%m-%d %H:%M}", 101.9),
    )
    carry(hand, receive(hand, content))
    given = staff_workbook(given_out(since=clock.now() - 2 * HOUR), created=clock.now())
    again = receive(hand, given)
    assert counts(again) == (0, 0, 2, 0)


def test_a_thousand_rows_are_looked_through_with_few_queries(hand, django_assert_max_num_queries):
    rows = [
        ("河边水尺", f"{at(n * HOUR / 12):%Y-%m-%d %H:%M}", 101 + n % 7 / 100) for n in range(1_000)
    ]
    content = workbook(HEADS, *rows)
    by = hand.actor("upper")
    with django_assert_max_num_queries(12):
        plan = plan_hand_sheet(
            HandSubject.STAFF,
            file_name="a.xlsx",
            content=content,
            judge=JUDGES[HandSubject.STAFF],
            by=by,
            now=clock.now(),
        )
    assert len(plan.levels) == 1_000
