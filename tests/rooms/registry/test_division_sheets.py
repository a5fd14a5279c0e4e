"""The division tree taken in from files: codes, kinds, what lies above, another name."""

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.tables.table import table_named
from anlan.registry.actions.carry_out_import import carry_out_import
from anlan.registry.actions.look_through_sheet import look_through_sheet
from anlan.registry.actions.receive_sheet import receive_sheet
from anlan.registry.actions.undo_import import undo_import
from anlan.registry.data import ImportMode
from anlan.registry.models import Division, DivisionChange
from tests.cast import SLOPE

BY = the_program("test")


def received(content):
    """Receive a file of divisions and look through it."""
    uuid = receive_sheet(
        content,
        file_name="codes.csv",
        table=table_named("divisions"),
        codes=[],
        by=BY,
        now=clock.now(),
    )
    found = look_through_sheet(uuid, by=BY, now=clock.now())
    assert found
    return uuid, found


def carry(uuid):
    return carry_out_import(uuid, mode=ImportMode.ALL, by=BY, now=clock.now())


def test_real_division_codes_come_in_as_they_are_published(db, everywhere, fixed_clock):
    rows = [
        ("code", "name", "level", "parent_code"),
        ("150000000000", "内蒙古自治区", "province", ""),
        ("150400000000", "赤峰市", "city", "150000000000"),
        ("150426000000", "翁牛特旗", "county", "150400000000"),
        ("150426402000", "紫城街道", "town", "150426000000"),
        ("150426100000", "乌丹镇", "town", "150426000000"),
        ("150426100001", "全宁社区居民委员会", "village", "150426100000"),
        ("150426100204", "赛沁塔拉嘎查村委会", "village", "150426100000"),
    ]
    text = "\n".join(",".join(row) for row in rows)
    uuid, _found = received(text.encode("gb18030"))
    assert carry(uuid).new_rows == 7
    kinds = dict(Division.objects.values_list("pk", "kind"))
    assert kinds["150426402000"] == "subdistrict"
    assert kinds["150426100001"] == "community"
    assert kinds["150426100204"] == "village"
    assert Division.objects.get(pk="150426100204").parent_id == "150426100000"


def test_counties_whose_codes_end_in_zeros_need_no_city_above(db, everywhere, fixed_clock):
    rows = ("610110000000,临潼", "610111000000,灞桥", "610111100000,席王")
    uuid, found = received("\n".join(("区划代码,区划名称", *rows)).encode())
    assert [draft.faults for draft in found.plan.drafts] == [[], [], []]
    assert carry(uuid).new_rows == 3
    parents = dict(Division.objects.values_list("pk", "parent_id"))
    assert parents == {
        "610110000000": None,
        "610111000000": None,
        "610111100000": "610111000000",
    }


def test_another_name_in_a_sheet_is_a_renaming_and_stays_in_the_history(cast):
    uuid, _found = received(f"区划代码,区划名称\n{SLOPE},坡上村".encode())
    carry(uuid)
    assert Division.objects.get(pk=SLOPE).name == "坡上村"
    change = DivisionChange.objects.get()
    assert (change.from_code, change.from_name, change.to_name) == (SLOPE, "坡下村", "坡上村")
    undo_import(uuid, by=BY, now=clock.now())
    assert Division.objects.get(pk=SLOPE).name == "坡下村"
    names = DivisionChange.objects.order_by("pk").values_list("from_name", "to_name")
    assert list(names) == [("坡下村", "坡上村"), ("坡上村", "坡下村")]
