"""What the leak test knows of what people enter by hand: whom it is about and what a form sends."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from anlan.kernel import clock
from anlan.kernel.actors import Actor, the_program
from anlan.monitoring.actions.enter_staff_reading import enter_staff_reading
from anlan.monitoring.actions.receive_hand_sheet import receive_hand_sheet
from anlan.monitoring.data import (
    HandSubject,
    MacroKind,
    MacroSign,
    Protocol,
    StaffLevel,
    StationKind,
)
from anlan.monitoring.models import HandSheet, MacroReport, Station
from anlan.registry.data import Permission
from tests.rooms.registry.test_sheets import workbook
from tests.two_counties import PLACES, TwoCounties, add, mark

ABOUT: Mapping[str, tuple[str, str]] = {
    "staff_gauge": ("monitoring.StaffGauge", "pk"),
    "staff_correct": ("monitoring.StaffGauge", "pk"),
    "macro_form": ("registry.MacroStation", "pk"),
    "macro_report": ("monitoring.MacroReport", "uuid"),
    "macro_verify": ("monitoring.MacroReport", "uuid"),
    "hand_sheet": ("monitoring.HandSheet", "uuid"),
    "hand_carry_out": ("monitoring.HandSheet", "uuid"),
    "hand_bad_rows": ("monitoring.HandSheet", "uuid"),
}
WRITES: Mapping[str, str] = {
    "staff_readings": Permission.ENTER_READINGS,
    "staff_correct": Permission.ENTER_READINGS,
    "macro_form": Permission.ENTER_READINGS,
    "macro_verify": Permission.KEEP_STATIONS,
    "staff_sheet": Permission.IMPORT_SHEETS,
    "macro_sheet": Permission.IMPORT_SHEETS,
    "hand_carry_out": Permission.ENTER_READINGS,
}
EARLIER = timedelta(days=2)  # before what stands there already, so that a plain INSERT is seen


def of_levels(world: TwoCounties, code: str) -> list[dict[str, Any]]:
    """Return a level for the gauge of a place."""
    key = world.one("monitoring.StaffGauge", code).pk
    at = timezone.localtime(clock.now() - EARLIER)
    return [{f"level_{key}": "1.25", f"at_{key}": f"{at:%Y-%m-%dT%H:%M}"}]


def of_correction(world: TwoCounties, code: str) -> list[dict[str, Any]]:
    """Return the right level for the one that stands at the gauge of a place."""
    (typed,) = of_levels(world, code)
    return [{**typed, "wrong_at": clock.now().isoformat(), "reason": "misread"}]


def of_macro(world: TwoCounties, code: str) -> list[dict[str, Any]]:
    """Return a quiet day, and an anomaly of one kind."""
    day = f"{timezone.localdate(clock.now()):%Y-%m-%d}"
    anomaly = {"animal-result": "anomaly", "animal-description": "walk"}
    return [{"day": day, "all_normal": "1"}, {"day": day, **anomaly}]


def of_verdict(world: TwoCounties, code: str) -> list[dict[str, Any]]:
    """Return both verdicts."""
    return [{"verdict": verdict, "reason": "walk"} for verdict in ("verified", "dismissed")]


def staff_sheet(code: str) -> bytes:
    """Return a workbook with a level of a place's gauge, and one whose time is wrong."""
    at = timezone.localtime(clock.now() - EARLIER)
    content: bytes = workbook(
        ("水尺", "观测时间", "水位"),
        (f"S{code}", f"{at:%Y-%m-%d %H:%M}", 1.25),
        (f"S{code}", mark(code), 1.25),
    )
    return content


def macro_sheet(world: TwoCounties, code: str) -> bytes:
    """Return a workbook with a quiet day of the macro-observation station of a place."""
    name = world.one("registry.MacroStation", code).place.name
    day = f"{timezone.localdate(clock.now()):%Y-%m-%d}"
    content: bytes = workbook(("观测点名称", "观测日期", "观测结果"), (name, day, "正常"))
    return content


def send_hand_sheet(code: str, *, account_id: int | None, label: str) -> HandSheet:
    """Send a spreadsheet of staff readings in as an account."""
    uuid = receive_hand_sheet(
        staff_sheet(code),
        file_name="staff.xlsx",
        subject=HandSubject.STAFF,
        by=Actor(label=label, account_id=account_id),
        now=clock.now(),
    )
    found: HandSheet = HandSheet.objects.get(uuid=uuid)
    return found


def build_by_hand(world: TwoCounties) -> None:
    """Add a gauge read by eye, a macro anomaly and a spreadsheet at each place."""
    at, day = clock.now(), timezone.localdate(clock.now())
    for code in PLACES:
        gauge = add(
            world,
            Station,
            code,
            address=f"S{code}",
            protocol=Protocol.HAND,
            kind=StationKind.RIVER,
        )
        world.rows[code]["monitoring.StaffGauge"] = [gauge]
        enter_staff_reading([StaffLevel(gauge.pk, 1.5, at)], by=the_program("tests"), now=at)
        station = world.one("registry.MacroStation", code)
        anomaly = {"kind": MacroKind.WATER, "is_anomaly": True, "sign": MacroSign.MUDDY}
        add(world, MacroReport, code, place_id=station.pk, day=day, **anomaly)
        account = world.one("registry.Account", code)
        world.keep(send_hand_sheet(code, account_id=account.pk, label=account.username), code)
