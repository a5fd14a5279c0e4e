"""The critical rain of villages on its page, and as a spreadsheet."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse

from anlan.kernel import clock
from anlan.kernel.models import JournalEntry
from anlan.monitoring.actions.keep_critical_rain import keep_critical_rain
from anlan.monitoring.core.critical_rain import VillageRain
from anlan.monitoring.models import CriticalRain, SoilModel, StationCover
from tests.cast import COUNTY, EMPTY, FORD, SLOPE, UPPER
from tests.evening import Evening
from tests.rooms.monitoring.rules import BY
from tests.rooms.monitoring.test_keep_critical_rain import sheet
from tests.rooms.web.conftest import Visit

TYPED = {
    "village": "坡下村",
    "window_min": "60",
    "prepare_dry_mm": "40",
    "prepare_normal_mm": "35",
    "prepare_wet_mm": "30",
    "move_dry_mm": "50",
    "move_normal_mm": "45",
    "move_wet_mm": "40.5",
    "soil_mm": "",
    "source": "分析评价",
    "effective_from": "2024-07-01",
}


def send(client, address, /, *args, **typed):
    return client.post(
        reverse(address, args=args), typed, headers={"accept-language": "en"}, follow=True
    )


def shown(client, **asked):
    answer = client.get(reverse("critical_rain"), asked, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def rain(code: str, *, window: int = 60, since: date = date(2024, 7, 1)) -> None:
    keep_critical_rain(
        [VillageRain(code, window, (40.0, 35.0, 30.0), (50.0, 45.0, 40.0), "评价", since)],
        by=BY,
        now=clock.now(),
    )


def test_a_row_is_set_and_deleted(evening: Evening, visit: Visit) -> None:
    client = visit("duty")
    answer = send(client, "critical_rain_keep", **TYPED)
    assert answer.redirect_chain[0][0].endswith(f"?division={SLOPE}")
    row = CriticalRain.objects.get()
    assert (row.division_id, row.move_wet_mm, row.soil_mm) == (SLOPE, 40.5, 100.0)
    assert "upper rain" in shown(client)
    send(client, "critical_rain_drop", row.pk)
    assert not CriticalRain.objects.exists()
    assert client.post(reverse("critical_rain_drop", args=[row.pk])).status_code == 404


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"village": "没有"}, "没有"),
        ({"village": "上河镇"}, "is no village"),
        ({"prepare_dry_mm": "many"}, "0.0 mm cannot be right"),
        ({"prepare_dry_mm": "nan"}, "cannot be right"),
        ({"window_min": "7"}, "The window is 7 minutes"),
        ({"source": ""}, "Say where the limits come from"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    evening: Evening, visit: Visit, more: dict[str, str], sentence: str
) -> None:
    answer = send(visit("duty"), "critical_rain_keep", **TYPED | more)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert 'value="40.5"' in answer.content.decode()
    assert not CriticalRain.objects.exists()


def test_the_list_tells_what_counts_and_what_no_gauge_measures(
    evening: Evening, visit: Visit
) -> None:
    rain(SLOPE, since=date(2024, 6, 1))
    rain(SLOPE)
    rain(SLOPE, since=date(2024, 8, 1))
    StationCover.objects.filter(division=EMPTY).delete()
    rain(EMPTY)
    found = shown(visit("duty"))
    assert found.count("replaced") == 1
    assert found.count("not yet") == 1
    assert "no gauge speaks for it" in found
    assert "空心村" not in shown(visit("duty"), division=UPPER)
    assert "坡下村" not in shown(visit("lower"))


def test_a_county_says_how_its_soil_dries(evening: Evening, visit: Visit) -> None:
    client = visit("duty")
    assert 'value="0.84"' in shown(client)
    typed = {"division": COUNTY, "kept_share": "0,8", "days": "10", "source": "率定"}
    send(client, "soil_model", **typed)
    assert SoilModel.objects.get().kept_share == 0.8
    for bad in ({"kept_share": "x"}, {"days": "x"}, {"division": ""}):
        answer = send(client, "soil_model", **typed | bad)
        assert "notice-error" in answer.content.decode()
    assert SoilModel.objects.get().kept_share == 0.8


def upload(client, content: bytes):
    file = BytesIO(content)
    file.name = "rain.xlsx"
    return send(client, "critical_rain_sheet", file=file)


def test_a_sheet_comes_in_whole_or_not_at_all(evening: Evening, visit: Visit) -> None:
    client = visit("duty")
    good = ("坡下村", 60, 40, 35, 30, 50, 45, 40, "评价", "2024-07-01")
    answer = upload(
        client, sheet(good, ("河边村", 62, 40, 35, 30, 50, 45, 40, "评价", "2024-07-01"))
    )
    assert answer.status_code == 422
    assert "The window is 62 minutes" in answer.content.decode()
    answer = upload(
        client, sheet(good, ("没有村", 60, 40, 35, 30, 50, 45, 40, "评价", "2024-07-01"))
    )
    assert answer.status_code == 422
    assert not CriticalRain.objects.exists()
    answer = upload(client, sheet(good))
    assert "1 rows were read, 1 of them are new or changed." in answer.content.decode()
    assert CriticalRain.objects.count() == 1
    assert "Choose a file first" in send(client, "critical_rain_sheet").content.decode()
    assert upload(client, b"no book").status_code == 422


def test_the_rows_go_out_as_a_workbook(evening: Evening, visit: Visit) -> None:
    rain(SLOPE)
    rain(FORD)
    client = visit("duty")
    answer = client.get(reverse("critical_rain_export"))
    assert answer.content.startswith(b"PK")
    assert JournalEntry.objects.filter(subject="table:critical-rain").count() == 1
    assert client.get(reverse("critical_rain_template")).content.startswith(b"PK")
    assert visit("slope").get(reverse("critical_rain_export")).status_code == 403


@pytest.mark.parametrize("who", ["upper", "slope", "reader"])
def test_who_keeps_no_stations_changes_nothing(evening: Evening, visit: Visit, who: str) -> None:
    rain(SLOPE)
    client, row = visit(who), CriticalRain.objects.get()
    assert "<h2>" not in shown(client)
    for name, args, typed in (
        ("critical_rain_keep", (), TYPED),
        ("critical_rain_drop", (row.pk,), {}),
        ("critical_rain_sheet", (), {}),
        ("soil_model", (), {"division": COUNTY}),
    ):
        assert client.post(reverse(name, args=args), typed).status_code == 403, name
    assert client.get(reverse("critical_rain_template")).status_code == 403
    assert CriticalRain.objects.count() == 1
