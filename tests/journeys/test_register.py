"""A clerk's morning: a messy file, two bad rows mended, and a gap that is gone."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from anlan.registry.data import HazardPointKind, PlaceKind
from anlan.registry.models import Duty, HazardPoint
from tests.cast import BANK, place
from tests.evening import Evening
from tests.journeys.test_pages import go, log_in

pytestmark = pytest.mark.journey

HEADINGS = [
    "序号",
    "统一编号",
    "隐患点名称",
    "乡镇",
    "行政村",
    "灾害类型",
    "体积（m³）",
    "监测员",
    "监测员电话",
]
GOOD = (
    *(2, "９９０７０１-００９", "沟口泥石流", "下河镇", "渡口村"),
    *("泥石流", "1,200方", "ford leader", None),
)
BANK_SLOPE = "河边滑坡"


def write_book(path: Path, *, village: str, phone: object) -> None:
    """Write the office's file: a title, merged cells, full-width digits, a sum, a note."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("隐患点台账")
        sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, "试县地质灾害隐患点台账（2024年7月）")
        sheet.write(1, 0, f"填表日期：{date(2024, 7, 1):%Y.%m.%d}")
        for column, text in enumerate(HEADINGS):
            sheet.write(2, column, text)
        rows = (
            (1, "990701-bank", BANK_SLOPE, "上河镇", "河边村", "滑坡", 8000, "周守山", phone),
            GOOD,
            (3, "", "崖头崩塌", "上河镇", village, "崩塌", 350, "slope leader", None),
        )
        for number, row in enumerate(rows, start=3):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(number, column, value)
        sheet.write(6, 0, "合计")
        sheet.write(6, 6, 9550)
        sheet.write(7, 0, "注：体积按最近一次调查填写")


@pytest.fixture
def unwatched(evening: Evening) -> int:
    """Add a slope that nobody watches, with the code that the office gives it."""
    key = place(evening.cast, BANK_SLOPE, kind=PlaceKind.HAZARD_POINT, at=BANK)
    HazardPoint.objects.create(place_id=key, hazard_kind=HazardPointKind.LANDSLIDE)
    return key


def test_a_messy_file_is_mended_and_a_gap_disappears(
    page: Page, evening: Evening, unwatched: int, tmp_path: Path
) -> None:
    log_in(page, "clerk")
    go(page, "底数")
    page.get_by_role("link", name="无人负责的缺口").click()
    expect(page.locator("main")).to_contain_text(BANK_SLOPE)

    messy = tmp_path / "隐患点台账.xlsx"
    write_book(messy, village="没有这个村", phone="139111")
    go(page, "底数")
    page.get_by_role("link", name="地质灾害隐患点").click()
    page.get_by_role("link", name="导入表格").click()
    page.locator("#file").set_input_files(messy)
    page.get_by_role("button", name="检查文件").click()
    expect(page.locator("main")).to_contain_text("没有这个村")
    expect(page.get_by_role("button", name="只导入 1 行正确的数据")).to_be_visible()
    cells = page.locator("table tbody tr")
    expect(cells.filter(has_text="H4")).to_contain_text("监测员")
    expect(cells.filter(has_text="E6")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载有误的行").click()
    assert download.value.suggested_filename.endswith(".xlsx")

    mended = tmp_path / "隐患点台账-改.xlsx"
    write_book(mended, village="坡下村", phone="139 1111 2222")
    page.get_by_role("link", name="上传改正后的文件").click()
    page.locator("#file").set_input_files(mended)
    page.get_by_role("button", name="检查文件").click()
    page.get_by_role("button", name="导入全部 3 行").click()
    expect(page.get_by_role("status")).to_contain_text("导入完成")

    go(page, "底数")
    page.get_by_role("link", name="无人负责的缺口").click()
    expect(page.locator("main")).not_to_contain_text(BANK_SLOPE)
    watching = Duty.objects.get(place_id=unwatched)
    assert (watching.person.name, watching.person.phone) == ("周守山", "13911112222")


def test_a_record_is_added_changed_and_its_number_shown(page: Page, evening: Evening) -> None:
    log_in(page, "clerk")
    go(page, "底数")
    page.get_by_role("link", name="人员", exact=True).click()
    page.get_by_role("link", name="新增").click()
    page.get_by_label("姓名").fill("钱守田")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("区划")
    page.get_by_label("区划").fill("上河镇/坡下村")
    page.get_by_label("电话", exact=True).fill("13911113333")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("139****3333")
    page.get_by_role("button", name="显示完整号码").first.click()
    expect(page.locator(".shown-number")).to_have_text("13911113333")
    page.reload()
    expect(page.locator(".plain-list")).to_contain_text("查看了完整号码")
