"""A county with a full duty desk for a measurement: so many calls that nobody has answered.

22 towns with 14 villages each, drawn as a grid; every town stands under a warning, every village
has its share of the calls. A fifth of them has rung everybody in vain, a fifth is overdue.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

TOWNS, VILLAGES = 22, 14
COUNTY = "110101000000"
HAZARDS = ("flash_flood", "geohazard", "river_flood", "rainstorm")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"


def fill(calls: int, *, now: datetime) -> None:
    """Write the county, its people, warnings and calls into an empty database."""
    from anlan.registry.models import Division, Person

    Division.objects.bulk_create(_divisions())
    villages = [code for code, _name in _villages()]
    people = Person.objects.bulk_create(
        Person(
            uuid=uuid.uuid4(),
            division_id=villages[n % len(villages)],
            name=f"{SURNAMES[n % len(SURNAMES)]}{SURNAMES[n // 20 % 20]}{n}",
            phone=f"138{n:08d}",
        )
        for n in range(calls)
    )
    _fill_calls([person.pk for person in people], villages, now=now)
    for name in ("one", "two"):
        _open(name, now=now)


def _open(name: str, *, now: datetime) -> None:
    from anlan.registry.models import Account, Authority

    account = Account.objects.create(
        username=name, division_id=COUNTY, date_joined=now, password_changed_at=now
    )
    Authority.objects.create(
        account=account, role="duty_officer", division_id=COUNTY, valid_from=now - timedelta(days=9)
    )


def _square(column: float, row: float, size: float) -> list[list[float]]:
    west, south = 107 + column / 10, 33 + row / 10
    return [[west, south], [west + size, south], [west + size, south + size], [west, south + size]]


def _divisions() -> list[Any]:
    from anlan.registry.models import Division

    found = [Division(code=COUNTY, kind="county", name="测县", lon=107.3, lat=33.2)]
    for town in range(TOWNS):
        column, row = town % 6, town // 6
        code = f"{COUNTY[:6]}{101 + town}000"
        found.append(
            Division(
                code=code, kind="town", name=f"{SURNAMES[town % 20]}家镇{town}", parent_id=COUNTY,
                lon=107.05 + column / 10, lat=33.05 + row / 10,
                boundary=_square(column, row, 0.1),
            )
        )  # fmt: skip
    found += [
        Division(code=code, kind="village", name=name, parent_id=f"{code[:9]}000")
        for code, name in _villages()
    ]
    return found


def _villages() -> list[tuple[str, str]]:
    return [
        (f"{COUNTY[:6]}{101 + town}{201 + n}", f"{SURNAMES[(town + n) % 20]}家沟{town}-{n}村")
        for town in range(TOWNS)
        for n in range(VILLAGES)
    ]


def _fill_calls(people: list[int], villages: list[str], *, now: datetime) -> None:
    from anlan.warning.models import HazardWarning, Summons, WarningArea

    issued = now - timedelta(minutes=30)
    warnings = HazardWarning.objects.bulk_create(
        HazardWarning(
            uuid=uuid.uuid4(), number=f"{COUNTY[:6]}{town:025d}",
            division_id=f"{COUNTY[:6]}{101 + town}000", hazard=HAZARDS[town % len(HAZARDS)],
            colour=1 + town % 4, state="open", headline="测试", text="测试",
            crossed_at=issued, issued_at=issued,
        )
        for town in range(TOWNS)
    )  # fmt: skip
    WarningArea.objects.bulk_create(
        WarningArea(
            warning=warnings[n // VILLAGES], division_id=code, entered_at=issued,
            hazard=warnings[n // VILLAGES].hazard, colour=warnings[n // VILLAGES].colour,
        )
        for n, code in enumerate(villages)
    )  # fmt: skip
    Summons.objects.bulk_create(
        _call(n, person, villages=villages, warnings=warnings, people=people, now=now)
        for n, person in enumerate(people)
    )


def _call(
    n: int, person: int, *, villages: list[str], warnings: list[Any], people: list[int], now: Any
) -> Any:
    from anlan.warning.models import Summons

    place = n % len(villages)
    behind = [people[(n + step) % len(people)] for step in (1, 2, 3)]
    kinds = zip(("deputy", "town", "county"), behind, strict=True)
    is_dead = n % 5 == 0
    late = timedelta(minutes=-(n % 7) - 1) if n % 5 == 1 else timedelta(minutes=30 + n % 60)
    return Summons(
        uuid=uuid.uuid4(),
        warning=warnings[place // VILLAGES],
        division_id=villages[place],
        person_id=person,
        duty="village_leader",
        ladder=[["person", person, 5.0], ["retry", person, 5.0], *([k, p, 5.0] for k, p in kinds)],
        rung=4 if is_dead else n % 3,
        state="unanswered" if is_dead else "waiting",
        asked_at=now - timedelta(minutes=30),
        due_at=None if is_dead else now + late,
        report_minutes=20,
    )
