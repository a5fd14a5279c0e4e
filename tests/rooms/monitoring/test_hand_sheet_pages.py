"""Spreadsheets of what was seen by eye, through the pages: template, upload, look, write, mend."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from anlan.kernel import clock
from anlan.monitoring.models import HandSheet, MacroReport
from anlan.monitoring.screens.hand_urls import urlpatterns
from tests.by_hand import stored
from tests.entrance import logged_in
from tests.rooms.registry.test_sheets import workbook

HEADS = ("水尺", "观测时间", "水位")


@pytest.fixture
def visit(hand):
    """Return a browser in which somebody is logged in, in English."""

    def log_in(name: str) -> Client:
        return logged_in(hand.accounts[name], language="en")

    return log_in


def text(answer):
    return answer.content.decode()


def sheet_of(*rows, heads=HEADS, name="读数.xlsx"):
    content = BytesIO(workbook(heads, *rows))
    content.name = name
    return {"file": content}


def row(level, name="河边水尺"):
    return (name, f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M}", level)


def test_a_file_is_looked_through_then_written(hand, visit):
    client = visit("upper")
    answer = client.post(reverse("staff_sheet"), sheet_of(row(101.5), row("x", "无此水尺")))
    sheet = HandSheet.objects.get()
    address = reverse("hand_sheet", args=[sheet.uuid])
    assert answer.headers["Location"] == address
    page = text(client.get(address))
    assert "A3" in page
    assert "无此水尺" in page
    assert "Take only the 1 good rows" in page
    assert not stored(hand.gauges["bank"])
    carry = reverse("hand_carry_out", args=[sheet.uuid])
    assert "bad rows" in text(client.post(carry, {"mode": "all"}, follow=True))
    assert not stored(hand.gauges["bank"])
    assert "1 rows were written" in text(client.post(carry, {"mode": "good_rows"}, follow=True))
    assert len(stored(hand.gauges["bank"])) == 1
    assert "taken in already" in text(client.post(carry, {"mode": "good_rows"}, follow=True))


def test_the_same_file_twice_changes_nothing(hand, visit):
    client = visit("upper")
    for _time in range(2):
        client.post(reverse("staff_sheet"), sheet_of(row(101.5)))
        latest = HandSheet.objects.latest("pk")
        page = client.get(reverse("hand_sheet", args=[latest.uuid]))
        client.post(reverse("hand_carry_out", args=[latest.uuid]))
    assert "there is nothing to write" in text(page)
    assert len(stored(hand.gauges["bank"])) == 1


def test_the_bad_rows_come_back_to_be_mended(hand, visit):
    client = visit("upper")
    client.post(reverse("staff_sheet"), sheet_of(row(101.5), row("x")))
    sheet = HandSheet.objects.get()
    client.post(reverse("hand_carry_out", args=[sheet.uuid]), {"mode": "good_rows"})
    address = reverse("hand_bad_rows", args=[sheet.uuid])
    answer = client.get(address)
    assert answer.status_code == 200
    content = BytesIO(answer.content)
    content.name = "mend.xlsx"
    client.post(reverse("staff_sheet"), {"file": content})
    again = HandSheet.objects.latest("pk")
    assert (again.total_rows, again.bad_rows) == (1, 1)


def test_a_macro_sheet_goes_the_same_way(hand, visit):
    client = visit("upper")
    heads = ("观测点名称", "观测日期", "观测结果")
    client.post(
        reverse("macro_sheet"), sheet_of(("slope宏观点", "2024-07-15", "正常"), heads=heads)
    )
    sheet = HandSheet.objects.get()
    client.post(reverse("hand_carry_out", args=[sheet.uuid]))
    assert MacroReport.objects.count() == 5
    assert "宏观" in text(client.get(reverse("macro_observation")))


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose a file first"),
        (sheet_of(("赵一", "139"), heads=("姓名", "电话")), "has the headings"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(hand, visit, sent, sentence):
    answer = visit("upper").post(reverse("staff_sheet"), sent)
    assert answer.status_code == 200
    assert sentence in text(answer)
    assert not HandSheet.objects.exists()


def test_only_whoever_may_send_spreadsheets_sees_the_pages(hand, visit):
    for name in ("staff_sheet", "macro_sheet", "staff_template", "macro_template"):
        for who, status in (("upper", 200), ("bank", 403), ("duty", 403), ("reader", 403)):
            assert visit(who).get(reverse(name)).status_code == status, (name, who)


def test_no_page_opens_without_a_login(hand):
    uuid = "00000000-0000-4000-8000-000000000000"
    for pattern in urlpatterns:
        arguments = {name: uuid if name == "uuid" else 1 for name in pattern.pattern.converters}
        answer = Client().get(reverse(str(pattern.name), kwargs=arguments))
        assert answer.status_code == 302, pattern.name
        assert answer.headers["Location"].startswith(reverse("login")), pattern.name


@pytest.mark.parametrize("name", ["hand_carry_out", "macro_verify"])
def test_changes_are_not_made_by_looking(hand, visit, name):
    address = reverse(name, args=["00000000-0000-4000-8000-000000000000"])
    assert visit("duty").get(address).status_code == 405


def test_a_sheet_is_its_senders_own(hand, visit):
    visit("upper").post(reverse("staff_sheet"), sheet_of(row(101.5), row("x")))
    sheet = HandSheet.objects.get()
    for name in ("hand_sheet", "hand_bad_rows"):
        assert visit("admin").get(reverse(name, args=[sheet.uuid])).status_code == 404
    carry = reverse("hand_carry_out", args=[sheet.uuid])
    assert visit("admin").post(carry, {"mode": "good_rows"}).status_code == 404
    assert not stored(hand.gauges["bank"])


def test_the_levels_are_given_out_within_ones_places(hand, visit):
    visit("upper").post(reverse("staff_sheet"), sheet_of(row(101.5)))
    visit("upper").post(reverse("hand_carry_out", args=[HandSheet.objects.get().uuid]))
    assert visit("duty").get(reverse("staff_export")).status_code == 200
    assert visit("bank").get(reverse("staff_export")).status_code == 403


def test_the_page_of_a_sheet_asks_little(hand, visit, django_assert_max_num_queries):
    client = visit("upper")
    rows = [(*row(101.5)[:1], f"2024-07-15 {n // 60:02d}:{n % 60:02d}", 101.5) for n in range(900)]
    client.post(reverse("staff_sheet"), sheet_of(*rows))
    address = reverse("hand_sheet", args=[HandSheet.objects.get().uuid])
    with django_assert_max_num_queries(19):
        assert client.get(address).status_code == 200
