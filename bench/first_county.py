"""The first made-up county: its divisions, offices, people, places, households and what they do."""

import random
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

TOWNS, VILLAGES = 22, 313
PLACES, PEOPLE, HOUSEHOLDS, TEAMS = 3_000, 2_000, 1_500, 40
ENTRIES, WARNINGS, ACCOUNTS = 2_000, 60, 60
NOW = datetime(2026, 7, 15, 4, 0, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
FIRST, CITY, PROVINCE = "110101", "110100000000", "110000000000"

FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华"
WHERE = "东西南北上下前后大小新老石柳槐松竹梅桃杏"
WHAT = "沟坡湾河坪岭庄营寨滩坝梁塬岔峪台洼泉塘桥"


class FirstCounty:
    """The county that the others are copies of."""

    def __init__(self) -> None:
        self.chance = random.Random(20260715)
        self.towns = [f"{FIRST}{100 + n:03d}000" for n in range(TOWNS)]
        self.villages = [
            f"{self.towns[n % TOWNS][:9]}{200 + n // TOWNS:03d}" for n in range(VILLAGES)
        ]
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
                    name=self.names[code] + self.organ_name(code),
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

    def organ_name(self, code: str) -> str:
        """Return what the organ of a division is called."""
        if code == self.code:
            return "应急管理局"
        return "应急办" if code.endswith("000") else "村委会"

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
        """Write places of every kind."""
        from many_places import write_places

        write_places(self)

    def of_kind(self, kind: str) -> list[Any]:
        """Return the places of a kind."""
        return [row for row in self.places if row.kind == kind]

    def write_households(self) -> None:
        """Write the households at risk."""
        from many_places import write_households

        write_households(self)

    def write_duties(self) -> None:
        """Write who answers for what."""
        from many_places import write_duties

        write_duties(self)

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
