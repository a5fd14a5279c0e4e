"""Which tasks a response opens, and who does them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from anlan.command.core import holder_for, tasks_to_open
from anlan.plans.data import ResponseLevel, TaskOutline, TaskSpread
from anlan.registry.data import Colour, DutyKind

NOW = datetime(2024, 7, 15, 12, 0, tzinfo=UTC)
COUNTY, UPPER, LOWER = "990701000000", "990701101000", "990701102000"
SLOPE, BANK, FORD = "990701101201", "990701101202", "990701102201"
worst = st.dictionaries(st.sampled_from([SLOPE, BANK, FORD]), st.sampled_from(list(Colour)))
outlines = st.lists(
    st.tuples(st.sampled_from(list(TaskSpread)), st.sampled_from(list(Colour))), max_size=4
).map(lambda rows: [outline(n, spread, colour) for n, (spread, colour) in enumerate(rows)])


def outline(number, spread, hit_from=Colour.YELLOW):
    return TaskOutline(
        template_id=number,
        level=ResponseLevel.THIRD,
        title="t",
        duty=DutyKind.TOWN_LEADER,
        spread=spread,
        within=timedelta(minutes=30),
        hit_from=hit_from,
    )


def opened(wanted, hit, already=frozenset()):
    found = tasks_to_open(wanted, county_code=COUNTY, worst=hit, already=set(already), now=NOW)
    return [(task.outline.template_id, task.division_code) for task in found]


def test_each_spread_reaches_its_divisions():
    hit = {SLOPE: Colour.ORANGE, BANK: Colour.YELLOW, FORD: Colour.BLUE}
    assert opened([outline(1, TaskSpread.COUNTY)], hit) == [(1, COUNTY)]
    assert opened([outline(1, TaskSpread.TOWN)], hit) == [(1, UPPER)]
    assert opened([outline(1, TaskSpread.VILLAGE)], hit) == [(1, SLOPE), (1, BANK)]
    assert opened([outline(1, TaskSpread.VILLAGE, Colour.ORANGE)], hit) == [(1, SLOPE)]


@given(outlines, worst)
def test_no_task_is_opened_twice_and_again_opens_nothing(wanted, hit):
    found = opened(wanted, hit)
    assert len(found) == len(set(found))
    assert opened(wanted, hit, already=found) == []


@given(outlines, worst, st.sampled_from([SLOPE, BANK, FORD]), st.sampled_from(list(Colour)))
def test_more_danger_only_adds_tasks(wanted, hit, village, colour):
    more = {**hit, village: max(colour, hit.get(village, colour))}
    assert set(opened(wanted, hit)) <= set(opened(wanted, more))


def test_the_deadline_runs_from_the_opening():
    (task,) = tasks_to_open(
        [outline(1, TaskSpread.COUNTY)], county_code=COUNTY, worst={}, already=set(), now=NOW
    )
    assert task.due_at == NOW + timedelta(minutes=30)


def test_the_holder_is_looked_for_upwards():
    duties: dict[DutyKind, dict[str, tuple[int, ...]]] = {
        DutyKind.WAREHOUSE_KEEPER: {SLOPE: (1, 2)},
        DutyKind.VILLAGE_LEADER: {SLOPE: (3,), BANK: (4,)},
        DutyKind.TOWN_LEADER: {UPPER: (5,)},
        DutyKind.COUNTY_DUTY: {COUNTY: (6,)},
    }

    def holder(code):
        return holder_for(code, duty=DutyKind.WAREHOUSE_KEEPER, holders=duties)

    assert [holder(code) for code in (SLOPE, BANK, UPPER, FORD, COUNTY)] == [1, 4, 5, 6, 6]
    assert holder_for(SLOPE, duty=DutyKind.RANGER, holders={}) is None
