"""Spreadsheets of many rows for one made-up county, and the same rows as Django is given them.

Each table comes with the workbook an office would send and with `bare`: what makes the model
instances of the workbook's rows, with no check but a dictionary's.
"""

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import xlsxwriter
from first_county import FIRST, LONG_AGO, FirstCounty, id_number

Row = Sequence[Any]


@dataclass
class Known:
    """The county that the rows refer to, by what the rows call things."""

    county: FirstCounty
    divisions: dict[str, str] = field(default_factory=dict)
    organs: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    points: list[Any] = field(default_factory=list)
    shelters: list[Any] = field(default_factory=list)

    @classmethod
    def of(cls, county: FirstCounty) -> "Known":
        """Return what a written county is known by."""
        names = county.names
        found = cls(county)
        for code in county.villages:
            found.divisions[f"{names[code[:9] + '000']}/{names[code]}"] = code
        found.organs = {organ.name: organ.pk for organ in county.organs}
        present = [row for row in county.people if row.left_on is None]
        found.people = {f"{row.name} {row.phone}": row.pk for row in present}
        found.points = county.of_kind("hazard_point")
        found.shelters = county.of_kind("shelter")
        return found


@dataclass(frozen=True)
class Sheet:
    """A table's name, headings and rows, how the bare way writes them, what changes in a column."""

    table: str
    headings: Row
    row: Callable[[int, Known, random.Random], Row]
    bare: Callable[[Sequence[Row], Known], None]
    changes: int

    def rows(self, count: int, known: Known, *, changed: bool = False) -> list[Row]:
        """Return `count` rows, always the same; with `changed` one column says something else."""
        chance = random.Random(7)
        found = [list(self.row(n, known, chance)) for n in range(count)]
        if changed:
            for row in found:
                row[self.changes] = f"{row[self.changes]}改"
        return found

    def workbook(self, rows: Sequence[Row]) -> bytes:
        """Return the rows as an office would send them."""
        content = io.BytesIO()
        with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
            sheet = book.add_worksheet("Sheet1")
            for number, row in enumerate((self.headings, *rows)):
                for column, value in enumerate(row):
                    sheet.write(number, column, value)
        return content.getvalue()


def _village(number: int, known: Known) -> tuple[str, str, str]:
    code = known.county.villages[number % len(known.county.villages)]
    names = known.county.names
    return code, names[code[:9] + "000"], names[code]


# People


def person_row(number: int, known: Known, chance: random.Random) -> Row:
    """Return a person of the sheet."""
    _code, town, village = _village(number, known)
    return (
        "欧阳" + known.county.person_name(),
        town,
        village,
        f"{village}村委会",
        chance.choice(("支书", "主任", "网格员", "护林员")),
        f"137{number:08d}",
        id_number("610726", number),
    )


def bare_people(rows: Sequence[Row], known: Known) -> None:
    """Write people by one bulk insert."""
    from anlan.kernel.encryption import index_of
    from anlan.registry.models import Person

    Person.objects.bulk_create(
        [
            Person(
                name=name,
                division_id=known.divisions[f"{town}/{village}"],
                organization_id=known.organs[organ],
                title=title,
                phone=phone,
                phone_index=index_of(phone),
                id_number=identity,
                id_index=index_of(identity),
            )
            for name, town, village, organ, title, phone, identity in rows
        ]
    )


PEOPLE = Sheet(
    table="people",
    headings=("姓名", "乡镇", "村", "单位", "职务", "联系电话", "身份证号"),
    row=person_row,
    bare=bare_people,
    changes=4,
)


# Households


def household_row(number: int, known: Known, chance: random.Random) -> Row:
    """Return a household of the sheet, with its point, shelter and carer."""
    _code, town, village = _village(number, known)
    carers = list(known.people) if number == 0 else known.county.carers
    if number == 0:
        known.county.carers = carers
    carer = carers[number % len(carers)]
    name, phone = carer.split(" ")
    return (
        "欧阳" + known.county.person_name(),
        town,
        village,
        f"{number // 313 + 1}组{number}号",
        f"136{number:08d}",
        id_number("610727", number),
        3 + number % 4,
        number % 3,
        "地质灾害隐患点" if number % 2 else "江河洪水或山洪",
        known.points[number % len(known.points)].name if number % 2 else "",
        known.shelters[number % len(known.shelters)].name,
        round(0.3 + chance.random() * 4, 1),
        name,
        phone,
    )


def bare_households(rows: Sequence[Row], known: Known) -> None:
    """Write households and the duties of their carers by two bulk inserts."""
    from anlan.kernel.encryption import index_of
    from anlan.registry.models import Division, Duty, Household

    points = {row.name: row.pk for row in known.points}
    shelters = {row.name: row.pk for row in known.shelters}
    centres = {
        code: (lon, lat) for code, lon, lat in Division.objects.values_list("code", "lon", "lat")
    }
    found = Household.objects.bulk_create(
        [
            Household(
                head_name=row[0],
                division_id=(code := known.divisions[f"{row[1]}/{row[2]}"]),
                address=row[3],
                phone=row[4],
                phone_index=index_of(row[4]),
                id_number=row[5],
                id_index=index_of(row[5]),
                people=int(row[6]),
                elderly=int(row[7]),
                needing_help=int(row[7]),
                threat="geohazard" if row[9] else "flood",
                hazard_point_id=points[row[9]] if row[9] else None,
                shelter_id=shelters[row[10]],
                route_km=row[11],
                lon=centres[code][0],
                lat=centres[code][1],
            )
            for row in rows
        ]
    )
    Duty.objects.bulk_create(
        [
            Duty(
                person_id=known.people[f"{row[12]} {row[13]}"],
                kind="household_carer",
                division_id=household.division_id,
                household=household,
                valid_from=LONG_AGO,
            )
            for household, row in zip(found, rows, strict=True)
        ]
    )


HOUSEHOLDS = Sheet(
    table="households",
    headings=(
        *("户主", "乡镇", "村", "住址", "联系电话", "身份证号", "人口", "老人", "威胁类型"),
        *("隐患点", "安置点", "转移距离", "包保人", "包保人电话", "转移路线"),
    ),
    row=lambda number, known, chance: (*household_row(number, known, chance), "沿村道"),
    bare=bare_households,
    changes=14,
)


# Hazard points


def point_row(number: int, known: Known, chance: random.Random) -> Row:
    """Return a geohazard point of the sheet, with its monitor."""
    _code, town, village = _village(number, known)
    people = known.county.monitors = getattr(known.county, "monitors", None) or list(known.people)
    name, phone = people[number % len(people)].split(" ")
    return (
        f"{FIRST}-N{number:06d}",
        f"{village}滑坡{number}",
        town,
        village,
        round(107 + chance.random(), 6),
        round(33 + chance.random(), 6),
        ("滑坡", "崩塌", "泥石流")[number % 3],
        1_000 * (1 + number % 90),
        "降雨",
        date(2019, 6, 1).isoformat(),
        name,
        phone,
    )


def bare_points(rows: Sequence[Row], known: Known) -> None:
    """Write places, their details and the duties of their monitors by three bulk inserts."""
    from anlan.registry.models import Duty, HazardPoint, Place

    kinds = {"滑坡": "landslide", "崩塌": "collapse", "泥石流": "debris_flow"}
    places = Place.objects.bulk_create(
        [
            Place(
                division_id=known.divisions[f"{row[2]}/{row[3]}"],
                kind="hazard_point",
                code=row[0],
                name=row[1],
                lon=row[4],
                lat=row[5],
            )
            for row in rows
        ]
    )
    HazardPoint.objects.bulk_create(
        [
            HazardPoint(
                place=place,
                hazard_kind=kinds[row[6]],
                volume_m3=int(row[7]),
                trigger=row[8],
                registered_on=date.fromisoformat(row[9]),
            )
            for place, row in zip(places, rows, strict=True)
        ]
    )
    Duty.objects.bulk_create(
        [
            Duty(
                person_id=known.people[f"{row[10]} {row[11]}"],
                kind="point_monitor",
                division_id=place.division_id,
                place=place,
                valid_from=LONG_AGO,
            )
            for place, row in zip(places, rows, strict=True)
        ]
    )


HAZARD_POINTS = Sheet(
    table="hazard-points",
    headings=(
        *("统一编号", "隐患点名称", "乡镇", "村", "经度", "纬度", "灾害类型", "体积（m³）"),
        *("诱发因素", "登记日期", "监测员", "监测员电话"),
    ),
    row=point_row,
    bare=bare_points,
    changes=8,
)
SHEETS = (PEOPLE, HOUSEHOLDS, HAZARD_POINTS)
