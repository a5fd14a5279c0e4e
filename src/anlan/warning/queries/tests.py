"""Communication tests as pages show them, and which numbers the newest ones found dead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet

from anlan.kernel import scope
from anlan.kernel.codes import Level, ancestor_of, level_of
from anlan.kernel.encryption import masked
from anlan.kernel.paging import turned
from anlan.registry.api import bearings, numbers_of
from anlan.warning.core.testing import Tally, is_overdue, tally
from anlan.warning.data import TestCallState
from anlan.warning.measuring import TestOutOfSight
from anlan.warning.models import CommunicationTest, TestCall

PAGE_ROWS = 30
CHUNK = 10_000
AROUND = (Level.CITY, Level.COUNTY, Level.TOWN, Level.VILLAGE)


@dataclass(frozen=True)
class TestRow:
    """A test in a list, with its persons in sight counted."""

    __test__ = False  # no test of pytest's

    uuid: str
    division_code: str
    place: str
    started_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    found: Tally


@dataclass(frozen=True)
class TestList:
    """One page of the tests, newest first."""

    __test__ = False

    rows: tuple[TestRow, ...]
    page: int
    pages: int


@dataclass(frozen=True)
class TestedPerson:
    """A person in a test; the phone is masked."""

    __test__ = False

    call_id: int
    test_uuid: str
    person: str
    place: str
    division_code: str
    town_code: str
    phone: str
    state: TestCallState
    answered_at: datetime | None
    answered_via: str
    reason: str


@dataclass(frozen=True)
class LastTest:
    """When a division was last tested, alone or with one around it, and whether that is too long
    ago."""

    code: str
    name: str
    started_at: datetime | None
    is_overdue: bool


def listed_tests(page: int) -> TestList:
    """Return one page of the tests that asked somebody in sight, newest first."""
    found = _in_sight()
    page, pages, first = turned(page, total=found.count(), size=PAGE_ROWS)
    rows = found.select_related("division").defer("division__boundary")
    return TestList(rows=test_rows(rows[first : first + PAGE_ROWS]), page=page, pages=pages)


def access_test(uuid: str) -> TestRow:
    """Return a test that asked somebody in sight, or raise TestOutOfSight."""
    rows = _in_sight().filter(uuid=uuid).select_related("division").defer("division__boundary")
    found = test_rows(rows)
    if not found:
        raise TestOutOfSight(uuid)
    return found[0]


def test_rows(tests: Iterable[CommunicationTest]) -> tuple[TestRow, ...]:
    """Return tests as a list shows them, their persons in sight counted with one query."""
    rows = list(tests)
    states: dict[int, list[str]] = {row.pk: [] for row in rows}
    for test, state in TestCall.objects.filter(test__in=[row.pk for row in rows]).values_list(
        "test_id", "state"
    ):
        states[test].append(state)
    return tuple(
        TestRow(
            uuid=str(row.uuid),
            division_code=row.division_id,
            place=row.division.name,
            started_at=row.started_at,
            ends_at=row.ends_at,
            ended_at=row.ended_at,
            found=tally(states[row.pk]),
        )
        for row in rows
    )


def people_in(uuid: str) -> list[TestedPerson]:
    """Return the persons in sight of a test by place and name."""
    with scope.everywhere("a village sees its persons in the test of its county"):
        tests = CommunicationTest.objects.filter(uuid=uuid)
    return _people(TestCall.objects.filter(test__in=tests))


def access_call(pk: int) -> TestedPerson:
    """Return one person in sight of a test, or raise TestOutOfSight."""
    found = _people(TestCall.objects.filter(pk=pk))
    if not found:
        raise TestOutOfSight(pk)
    return found[0]


def _people(calls: "QuerySet[TestCall]") -> list[TestedPerson]:
    rows = list(
        calls.select_related("person", "division", "test")
        .defer("division__boundary")
        .order_by("division_id", "person__name", "pk")
    )
    numbers = numbers_of(row.person_id for row in rows)
    return [
        TestedPerson(
            call_id=row.pk,
            test_uuid=str(row.test.uuid),
            person=row.person.name,
            place=row.division.name,
            division_code=row.division_id,
            town_code=_town(row.division_id),
            phone=masked((numbers.get(row.person_id) or ("",))[0]),
            state=TestCallState(row.state),
            answered_at=row.answered_at,
            answered_via=row.answered_via,
            reason=row.reason,
        )
        for row in rows
    ]


def by_town(people: Sequence[TestedPerson]) -> list[tuple[str, str, Tally]]:
    """Return code, name and figures of each town of these persons, the worst first."""
    groups: dict[str, list[str]] = {}
    for person in people:
        groups.setdefault(person.town_code, []).append(person.state)
    names = bearings(groups)
    rows = [
        (code, names[code].name if code in names else "", tally(states))
        for code, states in groups.items()
    ]
    return sorted(rows, key=lambda row: (row[2].rate or 0.0, row[0]))


def last_tests(codes: Iterable[str], *, now: datetime) -> list[LastTest]:
    """Return of each division in sight when it was last tested, those overdue first."""
    names = bearings(codes)
    around = {code: _around(code) for code in names}
    with scope.everywhere("a town was tested when its county was"):
        rows = CommunicationTest.objects.filter(
            division__in={each for all_ in around.values() for each in all_}
        )
        last = dict(
            rows.values("division_id")
            .annotate(last=Max("started_at"))
            .values_list("division_id", "last")
        )
    found = []
    for code, each in names.items():
        days = [last[above] for above in around[code] if above in last]
        started = max(days, default=None)
        found.append(
            LastTest(
                code=code,
                name=each.name,
                started_at=started,
                is_overdue=is_overdue(started, now=now),
            )
        )
    return sorted(found, key=lambda each: (not each.is_overdue, each.code))


def dead_numbers(person_ids: Iterable[int]) -> dict[int, str]:
    """Return of these persons those whom the newest ended test did not reach, with the reason."""
    wanted = sorted(set(person_ids))
    newest: dict[int, tuple[str, str]] = {}
    with scope.everywhere("whoever may call a person may know that the number is dead"):
        for start in range(0, len(wanted), CHUNK):
            rows = TestCall.objects.filter(
                person__in=wanted[start : start + CHUNK], test__ended_at__isnull=False
            ).order_by("test__ended_at", "pk")
            for person, state, reason in rows.values_list("person_id", "state", "reason"):
                newest[person] = (state, reason)
    return {
        person: reason for person, (state, reason) in newest.items() if state == TestCallState.DEAD
    }


def _in_sight() -> "QuerySet[CommunicationTest]":
    asked = TestCall.objects.values("test_id")
    with scope.everywhere("a village sees the test of its county that asked somebody of it"):
        rows: QuerySet[CommunicationTest] = CommunicationTest.objects.filter(pk__in=asked)
    return rows.order_by("-started_at", "-pk")


def _town(code: str) -> str:
    return ancestor_of(code, level=Level.TOWN) if level_of(code) > Level.TOWN else code


def _around(code: str) -> list[str]:
    """Return a division's code and those of the divisions around it."""
    own = level_of(code)
    return [ancestor_of(code, level=level) for level in AROUND if level <= own]
