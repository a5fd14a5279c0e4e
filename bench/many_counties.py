"""Fill an empty register with many counties of made-up data, quickly and always the same.

A county has 22 towns, 313 villages, 3,000 places of every kind with their details, 2,000 people,
1,500 households at risk and whatever else the register's models hold. The first county is made row
by row through the models; the others are copies of it by SQL, with their own codes and keys. The
numbers of people in a copy are those of the first county, and their digests are made different.

    PYTHONPATH=src:bench python bench/many_counties.py [counties=1]

makes a database, prints what it holds and how long it took, and deletes it.
"""

import json
import random
import sys
import time
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from throwaway import own_database

TOWNS, VILLAGES = 22, 313
PLACES, PEOPLE, HOUSEHOLDS, TEAMS = 3_000, 2_000, 1_500, 40
STRIDE = 50_000  # keys of county n begin at n times this
ENTRIES, WARNINGS, ACCOUNTS = 2_000, 60, 60
NOW = datetime(2026, 7, 15, 4, 0, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
FIRST, CITY, PROVINCE = "110101", "110100000000", "110000000000"

FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华"
WHERE = "东西南北上下前后大小新老石柳槐松竹梅桃杏"
WHAT = "沟坡湾河坪岭庄营寨滩坝梁塬岔峪台洼泉塘桥"


def county_prefix(number: int) -> str:
    """Return the six digits of the county with this number, from 0."""
    return f"11{1 + number // 99:02d}{1 + number % 99:02d}"


def fill(counties: int, *, say: bool = False) -> None:
    """Write `counties` counties into the present, empty register."""
    from anlan.kernel.scope import everywhere

    begin = time.perf_counter()
    with everywhere("measurement"):
        made = FirstCounty()
        made.write()
    if say:
        print(f"first county {time.perf_counter() - begin:.1f} s")
    for number in range(1, counties):
        copy_county(number)
    settle()
    if say:
        print(f"{counties} counties {time.perf_counter() - begin:.1f} s")


class FirstCounty:
    """The county that the others are copies of."""

    def __init__(self) -> None:
        self.chance = random.Random(20260715)
        self.towns = [f"{FIRST}{100 + n:03d}000" for n in range(TOWNS)]
        self.villages = [f"{self.towns[n % TOWNS][:9]}{200 + n // TOWNS:03d}" for n in range(VILLAGES)]
        self.code = f"{FIRST}000000"

    def write(self) -> None:
        """Write every table, those that others refer to first."""
        self.write_divisions()
        self.write_organs()
        self.write_people()
        self.write_places()
        self.write_households()
        self.write_duties()
        self.write_teams()
        self.write_roads()
        self.write_accounts()
        self.write_sheets()
        self.write_events()

    def uuid(self) -> uuid.UUID:
        """Return a uuid whose first eight digits are those of the first county."""
        return uuid.UUID(f"{0:08x}{self.chance.getrandbits(96):024x}")

    def person_name(self) -> str:
        """Return a name; some people have the same."""
        given = "".join(self.chance.choices(GIVEN, k=self.chance.choice((1, 2))))
        return self.chance.choice(FAMILY) + given

    def put(self, model: Any, rows: Iterable[Any]) -> list[Any]:
        """Write rows of one model, with uuids that are always the same."""
        found = list(rows)
        for row in found:
            if any(field.name == "uuid" for field in model._meta.concrete_fields):
                row.uuid = self.uuid()
        model._base_manager.bulk_create(found, batch_size=2_000)
        return found

    def write_divisions(self) -> None:
        """Write the tree, what became of one village, and the forest of each town."""
        from anlan.registry.data import DivisionChangeKind, DivisionKind, LimitName
        from anlan.registry.models import Division, DivisionChange, ForestStand, RegisterLimit

        above = [
            Division(code=PROVINCE, kind=DivisionKind.PROVINCE, name="试省"),
            Division(code=CITY, parent_id=PROVINCE, kind=DivisionKind.CITY, name="试市"),
        ]
        names = {
            **{code: f"{WHERE[n % 20]}{WHAT[n % 19]}镇" for n, code in enumerate(self.towns)},
            **{
                code: f"{WHERE[n % 20]}{WHAT[n // 20 % 20]}{'' if n < 200 else '新'}村"
                for n, code in enumerate(self.villages)
            },
        }
        self.names = {self.code: "试县", **names}
        self.put(Division, [*above, self.division(self.code, CITY, DivisionKind.COUNTY)])
        self.put(Division, [self.division(c, self.code, DivisionKind.TOWN) for c in self.towns])
        self.put(
            Division,
            [self.division(c, c[:9] + "000", DivisionKind.VILLAGE) for c in self.villages],
        )
        self.put(
            DivisionChange,
            [
                DivisionChange(
                    division_id=code,
                    kind=DivisionChangeKind.RENAMED,
                    on=date(2021, 3, 1),
                    from_code=code,
                    from_name=f"老{self.names[code]}",
                    to_name=self.names[code],
                )
                for code in self.villages[:10]
            ],
        )
        self.put(
            ForestStand,
            [
                ForestStand(
                    division_id=code,
                    forest_land_ha=4_000 + n,
                    stocked_ha=3_000 + n,
                    special_shrub_ha=50,
                    growing_stock_m3=120_000 + n,
                )
                for n, code in enumerate(self.towns)
            ],
        )
        self.put(
            RegisterLimit,
            [
                RegisterLimit(
                    name=LimitName.TEAM_MEMBERS,
                    division_id=self.code,
                    value=6,
                    source="made up",
                    effective_from=LONG_AGO,
                )
            ],
        )

    def division(self, code: str, parent: str, kind: str) -> Any:
        """Return one division of the county."""
        from anlan.registry.models import Division

        return Division(
            code=code,
            parent_id=parent,
            kind=kind,
            name=self.names[code],
            population=self.chance.randrange(300, 3_000),
            households=self.chance.randrange(80, 290),
            plain_km2=1,
            hill_km2=2,
            mountain_km2=3,
            lon=107 + self.chance.random(),
            lat=33 + self.chance.random(),
        )

    def write_organs(self) -> None:
        """Write a bureau, town offices and village committees with their posts."""
        from anlan.registry.data import OrganKind, PostKind
        from anlan.registry.models import Organization, Post

        homes = [self.code, *self.towns, *self.villages]
        self.organs = self.put(
            Organization,
            [
                Organization(
                    division_id=code,
                    name=f"{self.names[code]}{'应急管理局' if code == self.code else '应急办' if code.endswith('000') else '村委会'}",
                    kind=OrganKind.COMMITTEE if code[9:] != "000" else OrganKind.TOWN_OFFICE,
                    staff_quota=self.chance.randrange(3, 9),
                )
                for code in homes
            ],
        )
        self.posts = self.put(
            Post,
            [
                Post(
                    division_id=organ.division_id,
                    organization=organ,
                    title=title,
                    kind=kind,
                    established_on=LONG_AGO,
                )
                for organ in self.organs
                for title, kind in (
                    (("信息员", PostKind.INFORMANT),)
                    if organ.division_id[9:] != "000"
                    else (("主任", PostKind.LEADER), ("应急专干", PostKind.EMERGENCY_OFFICER))
                )
            ],
        )

    def write_people(self) -> None:
        """Write the people, a few of whom have left, and who holds which post."""
        from anlan.kernel.encryption import index_of
        from anlan.registry.models import Person, PostHolding

        rows = []
        for number in range(PEOPLE):
            organ = self.organs[number % len(self.organs)]
            phone, identity = f"138{number:08d}", id_number(FIRST, number)
            rows.append(
                Person(
                    division_id=organ.division_id,
                    organization=organ,
                    name=self.person_name(),
                    title=self.chance.choice(("支书", "主任", "网格员", "护林员", "")),
                    phone=phone,
                    phone_index=index_of(phone),
                    second_phone="0916-2212345" if number % 10 == 0 else "",
                    id_number=identity,
                    id_index=index_of(identity),
                    phone_checked_on=date(2026, 5, 1),
                    left_on=date(2025, 1, 1) if number % 50 == 49 else None,
                )
            )
        self.people = self.put(Person, rows)
        for number, row in enumerate(self.people[::7]):
            row.deputy = self.people[number * 7 + 1] if number * 7 + 1 < PEOPLE else None
        Person.objects.bulk_update(self.people[::7], ["deputy"], batch_size=500)
        self.put(
            PostHolding,
            [
                PostHolding(
                    post=post,
                    person=self.people[number % PEOPLE],
                    is_full_time=number % 3 == 0,
                    since=LONG_AGO,
                )
                for number, post in enumerate(self.posts)
                if number % 9
            ],
        )

    def write_places(self) -> None:
        """Write places of every kind, as many of each as a hill county has in proportion."""
        from many_places import place_details

        from anlan.registry.models import Place, River

        self.rivers = self.put(
            River,
            [
                River(
                    division_id=self.towns[n],
                    code=f"R{n:03d}",
                    name=f"{WHERE[n]}河",
                    basin_km2=100 + n,
                    length_km=20 + n,
                )
                for n in range(12)
            ],
        )
        self.places: list[Any] = []
        for kind, share, model, detail in place_details():
            count = round(PLACES * share)
            rows = self.put(
                Place,
                [
                    Place(
                        division_id=self.villages[(n * 7) % VILLAGES],
                        kind=kind,
                        code=f"{FIRST}-{kind.value[:2].upper()}{n:05d}",
                        name=f"{WHERE[n % 20]}{WHAT[n // 20 % 20]}{kind.label}{n}",
                        lon=107 + self.chance.random(),
                        lat=33 + self.chance.random(),
                    )
                    for n in range(count)
                ],
            )
            self.places += rows
            if model is not None:
                details = [detail(n, self) for n in range(count)]
                self.put(
                    model, [model(place=p, **d) for p, d in zip(rows, details, strict=True)]
                )

    def of_kind(self, kind: str) -> list[Any]:
        """Return the places of a kind."""
        return [row for row in self.places if row.kind == kind]

    def write_households(self) -> None:
        """Write the households at risk."""
        from anlan.kernel.encryption import index_of
        from anlan.registry.data import HouseholdThreat, PlaceKind
        from anlan.registry.models import Household

        points, shelters = self.of_kind(PlaceKind.HAZARD_POINT), self.of_kind(PlaceKind.SHELTER)
        rows = []
        for n in range(HOUSEHOLDS):
            point, phone = points[n % len(points)], f"139{n:08d}"
            under_slope = n % 3 > 0
            rows.append(
                Household(
                    division_id=point.division_id,
                    head_name=self.person_name(),
                    address=f"{n}号",
                    phone=phone,
                    phone_index=index_of(phone),
                    people=3 + n % 4,
                    needing_help=n % 3,
                    elderly=n % 3,
                    threat=HouseholdThreat.GEOHAZARD if under_slope else HouseholdThreat.FLOOD,
                    hazard_point_id=point.pk if under_slope else None,
                    shelter_id=shelters[n % len(shelters)].pk,
                    route_km=0.5 + n % 5,
                    lon=107.1,
                    lat=33.1,
                )
            )
        self.households = self.put(Household, rows)

    def write_duties(self) -> None:
        """Write who answers for divisions, for nine places in ten and for the households."""
        from many_places import DUTY_OF_KIND

        from anlan.registry.data import DutyKind
        from anlan.registry.models import Duty

        asked: list[tuple[str, str, int | None, int | None]] = [
            *((self.code, kind, None, None) for kind in (DutyKind.COUNTY_DUTY, DutyKind.COMMANDER)),
            *((code, DutyKind.TOWN_LEADER, None, None) for code in self.towns),
            *((code, DutyKind.VILLAGE_LEADER, None, None) for code in self.villages),
            *((code, DutyKind.INFORMANT, None, None) for code in self.villages[::2]),
            *(
                (row.division_id, DUTY_OF_KIND[row.kind], row.pk, None)
                for n, row in enumerate(self.places)
                if n % 10
            ),
            *((h.division_id, DutyKind.HOUSEHOLD_CARER, None, h.pk) for h in self.households),
        ]
        self.put(
            Duty,
            [
                Duty(
                    person=self.people[(n * 13) % PEOPLE],
                    kind=kind,
                    division_id=code,
                    place_id=place,
                    household_id=household,
                    valid_from=LONG_AGO,
                )
                for n, (code, kind, place, household) in enumerate(asked)
            ],
        )

    def write_teams(self) -> None:
        """Write the teams with all that hangs on them."""
        from many_others import write_teams

        write_teams(self, teams=TEAMS)

    def write_roads(self) -> None:
        """Write a ring of roads through the villages."""
        from anlan.registry.models import RoadLink, RoadNode

        nodes = self.put(
            RoadNode, [RoadNode(division_id=code, lon=107.1, lat=33.1) for code in self.villages]
        )
        self.put(
            RoadLink,
            [
                RoadLink(start=start, end=nodes[(n + 1) % VILLAGES], length_km=3, speed_kmh=40)
                for n, start in enumerate(nodes)
            ],
        )

    def write_accounts(self) -> None:
        """Write the accounts of the county and what goes with them."""
        from many_others import write_accounts

        write_accounts(self, accounts=ACCOUNTS)

    def write_sheets(self) -> None:
        """Write a few spreadsheets that were taken in."""
        from many_others import write_sheets

        write_sheets(self)

    def write_events(self) -> None:
        """Write warnings, incidents and what the journal says."""
        from many_others import write_events

        write_events(self, entries=ENTRIES, warnings=WARNINGS)


def id_number(prefix: str, number: int) -> str:
    """Return an identity number with its right last character."""
    from anlan.kernel.sheets.personal import check_sign

    born = date(1950, 1, 1) + timedelta(days=number % 18_000)
    head = f"{prefix}{born:%Y%m%d}{number // 18_000:03d}"
    return head + check_sign(head + "0")


# Copies


def copied_models() -> Sequence[Any]:
    """Return the models that a county fills, those that others refer to first."""
    from django.apps import apps

    from anlan.command.models import Incident
    from anlan.kernel.models import JournalEntry
    from anlan.warning.models import HazardWarning

    wanted = {*apps.get_app_config("registry").get_models(), JournalEntry, HazardWarning, Incident}
    ordered: list[Any] = []
    while wanted:
        ready = [model for model in wanted if not _needs(model) & (wanted - {model})]
        ordered += sorted(ready, key=lambda model: model.__name__)
        wanted -= set(ready)
    return ordered


def _needs(model: Any) -> set[Any]:
    return {field.related_model for field in model._meta.concrete_fields if field.is_relation}


def copy_county(number: int) -> None:
    """Write the county with this number as a copy of the first."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for model in copied_models():
            fields = model._meta.concrete_fields
            names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
            values = ", ".join(_copied(field, number) for field in fields)
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} "
                f"WHERE {_is_first(model)}"
            )


def _is_first(model: Any) -> str:
    """Return the condition that a row is one of the first county's."""
    if model.__name__ == "Division":
        return f"code >= '{FIRST}' AND code <= '{FIRST}999999'"
    key = model._meta.pk
    column = f'"{key.column}"'
    if key.is_relation and key.related_model.__name__ == "Division":
        return f"{column} <= '{FIRST}999999'"
    return f"{column} < {STRIDE}"


def _copied(field: Any, number: int) -> str:
    """Return the SQL of a column's value in a copy."""
    column, prefix = f'"{field.column}"', county_prefix(number)
    target = field.related_model.__name__ if field.is_relation else ""
    if target == "Division" or field.column in ("code", "from_code", "division_code"):
        return (
            f"CASE WHEN substr({column}, 1, 6) = '{FIRST}' "
            f"THEN '{prefix}' || substr({column}, 7) ELSE {column} END"
        )
    if target or (field.primary_key and not field.is_relation):
        return f"{column} + {number * STRIDE}"
    if field.column == "uuid":
        return _copied_uuid(column, number)
    if field.column in ("phone_index", "id_index", "digest"):
        return f"CASE WHEN {column} = '' THEN '' ELSE '{number:08x}' || substr({column}, 9) END"
    if field.column in ("username", "number") and field.unique:
        return f"'{number}-' || {column}"
    return column


def _copied_uuid(column: str, number: int) -> str:
    from django.db import connection

    if connection.vendor == "postgresql":
        return f"('{number:08x}' || substr(replace({column}::text, '-', ''), 9))::uuid"
    return f"'{number:08x}' || substr({column}, 9)"


def settle() -> None:
    """Let the database know what it holds, as a server does by itself in a quiet hour."""
    from django.core.management.color import no_style
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), copied_models()):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")


def account_everywhere(counties: int) -> int:
    """Open an account that may do everything in each of the counties and return its key."""
    from anlan.registry.data import Role
    from anlan.registry.models import Account, Authority

    account = Account.objects.create(username="everywhere", division_id=CITY)
    Authority.objects.bulk_create(
        Authority(
            account=account,
            role=role,
            division_id=f"{county_prefix(number)}000000",
            valid_from=NOW - timedelta(days=900),
        )
        for number in range(counties)
        for role in (Role.ADMINISTRATOR, Role.CLERK)
    )
    return int(account.pk)


def counted() -> dict[str, int]:
    """Return how many rows each table holds."""
    return {model.__name__: model._base_manager.count() for model in copied_models()}


if __name__ == "__main__":
    with own_database():
        fill(int(sys.argv[1]) if len(sys.argv) > 1 else 1, say=True)
        print(json.dumps(counted(), indent=1))
