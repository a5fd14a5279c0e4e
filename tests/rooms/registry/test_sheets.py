"""Spreadsheets taken in: looked through, written whole or by good rows, taken back."""

import io
from datetime import date

import pytest
import xlsxwriter

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.encryption import decrypt_bytes
from anlan.kernel.models import JournalEntry
from anlan.kernel.sheets.reading import open_book
from anlan.kernel.sheets.unusable import UnusableFile
from anlan.kernel.tables.intake import take_in
from anlan.kernel.tables.outgoing import faults_of, rows_to_mend
from anlan.kernel.tables.table import table_named
from anlan.kernel.tables.undoing import CannotUndo
from anlan.registry.actions.carry_out_import import carry_out_import
from anlan.registry.actions.look_through_sheet import look_through_sheet
from anlan.registry.actions.receive_sheet import receive_sheet
from anlan.registry.actions.undo_import import undo_import
from anlan.registry.data import DutyKind, ImportMode, ImportState, PlaceKind
from anlan.registry.keeping import ImportNotReady
from anlan.registry.models import (
    Duty,
    HazardPoint,
    Household,
    Person,
    Place,
    SheetImport,
)
from tests.cast import BANK, COUNTY, FORD, SLOPE, UPPER

BY = the_program("test")


def workbook(*rows, title="Sheet1", above=()):
    """Return the bytes of a workbook with these rows below some title rows."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet(title)
        for number, row in enumerate([*above, *rows]):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(
                        number, column, value, book.add_format({"num_format": "yyyy-mm-dd"})
                    )
                elif value is not None:
                    sheet.write(number, column, value)
    return content.getvalue()


def look(table, *rows, codes=(COUNTY,), above=(), name="表.xlsx"):
    uuid = receive_sheet(
        workbook(*rows, above=above),
        file_name=name,
        table=table_named(table),
        codes=list(codes),
        by=BY,
        now=clock.now(),
    )
    plan = look_through_sheet(uuid, by=BY, now=clock.now())
    assert plan
    return uuid, plan


def carry(uuid, mode=ImportMode.ALL):
    return carry_out_import(uuid, mode=mode, by=BY, now=clock.now())


PEOPLE = ("姓名", "所在村", "职务", "联系电话")


def test_people_come_in_and_are_known_again(cast):
    rows = [
        PEOPLE,
        ("赵一", "上河镇/坡下村", "网格员", 13911112222),
        ("钱二", "河边村", "", "139 1111 3333"),
    ]
    uuid, found = look("people", *rows)
    assert [d.faults for d in found.plan.drafts] == [[], []]
    done = carry(uuid)
    assert (done.state, done.new_rows, done.bad_rows) == (ImportState.DONE, 2, 0)
    person = Person.objects.get(name="赵一")
    assert (person.division_id, person.phone, person.title) == (SLOPE, "13911112222", "网格员")
    assert Person.objects.get(name="钱二").phone == "13911113333"
    uuid, _found = look("people", *rows)
    again = carry(uuid)
    assert (again.new_rows, again.unchanged_rows) == (0, 2)


def test_bad_cells_are_named_and_nothing_is_written(cast):
    uuid, found = look(
        "people",
        PEOPLE,
        ("孙三", "上河镇/没有村", "", "12345"),
        ("李四", "坡下村", "", "13911114444"),
        above=[("上河镇网格员花名册",), ()],
    )
    bad = found.plan.drafts[0]
    assert {fault.column for fault in bad.faults} == {"division", "phone"}
    assert bad.number == 4
    done = carry(uuid)
    assert done.state == ImportState.PLANNED
    assert not Person.objects.filter(name="李四").exists()
    done = carry(uuid, ImportMode.GOOD_ROWS)
    assert done.state == ImportState.DONE
    assert Person.objects.filter(name="李四").exists()


def test_an_import_is_taken_back(cast):
    Person.objects.create(division_id=SLOPE, name="老王", title="旧职务")
    uuid, _found = look(
        "people", PEOPLE, ("老王", "坡下村", "新职务", 13911115555), ("新人", "坡下村", "", "")
    )
    carry(uuid)
    assert Person.objects.get(name="老王").title == "新职务"
    undo_import(uuid, by=BY, now=clock.now())
    assert Person.objects.get(name="老王").title == "旧职务"
    assert Person.objects.get(name="老王").phone == ""
    assert not Person.objects.filter(name="新人").exists()
    assert SheetImport.objects.get().state == ImportState.UNDONE


def test_a_place_comes_with_its_detail_and_its_monitor(cast):
    uuid, found = look(
        "hazard-points",
        (
            "统一编号",
            "隐患点名称",
            "乡镇",
            "村",
            "经度",
            "纬度",
            "灾害类型",
            "体积（m³）",
            "监测员",
            "监测员电话",
        ),
        ("D001", "后坡滑坡", "上河镇", "河边村", 107.01, 33.01, "滑坡", 20000, "周五", 13911116666),
        ("", "沟口泥石流", "上河镇", "坡下", "", "", "泥石流", "1,200", "slope leader", ""),
    )
    assert [d.faults for d in found.plan.drafts] == [[], []]
    carry(uuid)
    place = Place.objects.get(code="D001")
    assert (place.division_id, place.kind) == (BANK, PlaceKind.HAZARD_POINT)
    assert HazardPoint.objects.get(place=place).volume_m3 == 20000
    duty = Duty.objects.get(place=place)
    assert (duty.kind, duty.person.name, duty.person.phone) == (
        DutyKind.POINT_MONITOR,
        "周五",
        "13911116666",
    )
    other = Place.objects.get(name="沟口泥石流")
    assert other.located == "centre"
    assert other.code == "990701-DZ00001"
    assert Duty.objects.get(place=other).person_id == cast.people["slope leader"]


def test_households_and_their_carers(cast):
    uuid, found = look(
        "households",
        ("户主", "村", "住址", "人口", "老人", "威胁类型", "安置点", "转移距离", "包保人"),
        ("吴六", "坡下村", "2组5号", 4, 1, "山洪河洪", "school", 0.6, "slope carer"),
        (
            "郑七",
            "渡口村",
            "1组1号",
            2,
            3,
            "river or mountain flood",
            "ford school",
            0.3,
            "ford leader",
        ),
    )
    first, second = found.plan.drafts
    assert [f.column for f in second.faults] == ["elderly"]
    assert "threat" in {f.column for f in first.faults}
    uuid, found = look(
        "households",
        ("户主", "村", "住址", "人口", "老人", "威胁类型", "安置点", "转移距离", "包保人"),
        ("吴六", "坡下村", "2组5号", 4, 1, "flood", "school", 0.6, "slope carer"),
    )
    carry(uuid)
    row = Household.objects.get(head_name="吴六")
    assert row.needing_help == 1
    assert Duty.objects.get(household=row).person_id == cast.people["slope carer"]


def test_a_town_officer_cannot_write_into_another_town(cast):
    _uuid, found = look("people", PEOPLE, ("某甲", "渡口村", "", ""), codes=[UPPER])
    assert [f.column for f in found.plan.drafts[0].faults] == ["division"]
    assert FORD in found.plan.drafts[0].faults[0].sentence


def test_the_file_is_kept_encrypted_and_the_import_is_journalled(cast):
    uuid, _found = look("people", PEOPLE, ("赵一", "坡下村", "", 13911112222))
    row = SheetImport.objects.get()
    assert b"PK" not in bytes(row.content or b"")[:10]
    assert decrypt_bytes(bytes(row.content or b""))[:2] == b"PK"
    carry(uuid)
    entry = JournalEntry.objects.get(act="sheet.imported")
    assert "赵一" not in entry.detail
    assert entry.division_code == SLOPE


DUTY = ("责任人", "电话", "职责", "乡镇", "村", "地点", "A/B角", "起始日期", "截止日期")


def test_duties_over_places_and_what_contradicts_them(cast):
    Person.objects.filter(name="bank leader").update(left_on=date(2024, 7, 1))
    _uuid, found = look(
        "duties",
        DUTY,
        ("slope informant", "", "隐患点监测员", "上河镇", "坡下村", "slope", "B", "2024.7.1", ""),
        ("ford leader", "", "隐患点监测员", "下河镇", "渡口村", "slope", "A", "2024-07-01", ""),
        ("bank leader", "", "村级责任人", "上河镇", "河边村", "", "A", "2024/7/2", ""),
        ("slope leader", "", "水库巡查责任人", "上河镇", "坡下村", "slope", "A", "20240701", ""),
        (
            "slope leader",
            "",
            "村级责任人",
            "上河镇",
            "坡下村",
            "",
            "A",
            "2024年7月1日",
            "2024-06-01",
        ),
    )
    drafts = found.plan.drafts
    assert not drafts[0].faults
    assert drafts[0].values["rank"] == 2
    assert {f.column for f in drafts[1].faults} == {"place"}
    assert {f.column for f in drafts[2].faults} == {"person"}
    assert drafts[3].faults
    assert {f.column for f in drafts[4].faults} == {"valid_until"}


def test_deputies_in_a_circle_are_refused(cast):
    for name in ("甲", "乙"):
        Person.objects.create(division_id=SLOPE, name=name)
    uuid, found = look("people", ("姓名", "村", "代理人"), ("甲", "坡下村", "乙"))
    assert not found.plan.drafts[0].faults
    carry(uuid)
    _uuid, found = look("people", ("姓名", "村", "代理人"), ("乙", "坡下村", "甲"))
    fault = found.plan.drafts[0].faults[0]
    assert fault.column == "deputy"
    assert "甲" in fault.sentence
    assert "乙" in fault.sentence


def test_numbers_are_checked(cast):
    _uuid, found = look(
        "people",
        ("姓名", "村", "身份证号", "电话"),
        ("甲", "坡下村", "11010519491231002X", "１３８００００１２３４"),
        ("乙", "坡下村", "110105194912310021", "138000"),
        ("丙", "坡下村", 110105194912310021, ""),
        ("丁", "坡下村", "11010519491231002X", ""),
    )
    first, second, third, fourth = found.plan.drafts
    assert first.values["phone"] == "13800001234"
    assert not first.faults
    assert {f.column for f in second.faults} == {"id_number", "phone"}
    assert "110105194912310021" not in second.faults[0].sentence
    assert {f.column for f in third.faults} == {"id_number"}
    assert "4" not in fourth.faults[0].sentence or fourth.faults[0].column == "id_number"


def test_a_sheet_without_the_headings_is_refused_with_what_it_lacks(cast):
    with pytest.raises(UnusableFile, match=r"区划|Division"):
        look("people", ("姓名", "电话"), ("甲", "13911112222"))
    assert not SheetImport.objects.exists()


def test_several_sheets_one_for_each_town_come_in_together(cast):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for town, village, name in (("上河镇", "坡下村", "甲"), ("下河镇", "渡口村", "乙")):
            sheet = book.add_worksheet(town)
            sheet.merge_range(0, 0, 0, 3, f"{town}人员花名册")
            for column, text in enumerate(("序号", *PEOPLE[:3])):
                sheet.write(1, column, text)
            for column, value in enumerate((1, name, village, "干部")):
                sheet.write(2, column, value)
            sheet.write(3, 0, "合计")
            sheet.write(3, 1, 1)
        book.add_worksheet("说明").write(0, 0, "填表说明")
    uuid = receive_sheet(
        content.getvalue(),
        file_name="花名册.xlsx",
        table=table_named("people"),
        codes=[COUNTY],
        by=BY,
        now=clock.now(),
    )
    found = look_through_sheet(uuid, by=BY, now=clock.now())
    assert found
    assert found.intake.left_out == ("说明",)
    assert (found.intake.total, found.intake.skipped) == (2, 2)
    assert [d.faults for d in found.plan.drafts] == [[], []]
    carry(uuid)
    assert Person.objects.get(name="乙").division_id == FORD


def test_an_import_that_was_used_since_is_not_taken_back(cast):
    uuid, _found = look("people", PEOPLE, ("新人", "坡下村", "", ""))
    carry(uuid)
    person = Person.objects.get(name="新人")
    Duty.objects.create(
        person=person, kind=DutyKind.INFORMANT, division_id=SLOPE, valid_from=date(2024, 7, 1)
    )
    with pytest.raises(CannotUndo):
        undo_import(uuid, by=BY, now=clock.now())
    assert Person.objects.filter(name="新人").exists()
    assert SheetImport.objects.get().state == ImportState.DONE


def test_the_register_changing_between_look_and_word_is_told(cast):
    uuid, _found = look("people", PEOPLE, ("新人", "坡下村", "", 13911118888))
    Person.objects.create(division_id=SLOPE, name="新人", phone="13911118888", phone_index="x")
    done = carry(uuid)
    assert done.state == ImportState.PLANNED
    assert done.message
    assert Person.objects.filter(name="新人").count() == 1


def test_pressing_twice_writes_once(cast):
    uuid, _found = look("people", PEOPLE, ("新人", "坡下村", "", ""))
    carry(uuid)
    with pytest.raises(ImportNotReady):
        carry(uuid)
    assert Person.objects.filter(name="新人").count() == 1


def test_bad_rows_come_back_as_a_file_to_mend(cast):
    rows = [PEOPLE, ("孙三", "没有村", "", "12345"), ("李四", "坡下村", "", "")]
    _uuid, found = look("people", *rows, above=[("花名册",)])
    content = rows_to_mend(
        found.intake, faults_of(found.plan.drafts), created=clock.now().replace(tzinfo=None)
    )
    grid = open_book("mend.xlsx", content).sheets[0]
    assert grid.rows[0][1:] == list(PEOPLE)
    assert len(grid.rows) == 2
    assert "没有村" in str(grid.rows[1][0])
    mended = take_in(open_book("mend.xlsx", content), table_named("people"))
    assert mended.total == 1
