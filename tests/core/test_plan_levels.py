"""Which level of a plan is called."""

from hypothesis import given
from hypothesis import strategies as st

from anlan.plans.core import Condition, called_levels
from anlan.plans.data import ResponseLevel
from anlan.registry.data import Colour, Hazard

VILLAGES = tuple(f"99070110120{number}" for number in range(6))
hazards = st.sampled_from([Hazard.FLASH_FLOOD, Hazard.RIVER_FLOOD])
colours = st.sampled_from(list(Colour))
conditions = st.lists(
    st.builds(
        Condition,
        plan_id=st.integers(1, 2),
        level=st.sampled_from(list(ResponseLevel)),
        hazard=hazards,
        colour=colours,
        villages=st.integers(1, 4),
    ),
    max_size=8,
)
under = st.dictionaries(hazards, st.dictionaries(st.sampled_from(VILLAGES), colours))


def levels(found):
    return {plan: level for plan, (level, _condition, _count) in found.items()}


@given(conditions, under)
def test_the_strongest_level_whose_condition_holds_is_called(rules, now_under):
    called = levels(called_levels(rules, under=now_under))
    for plan in (1, 2):
        holding = [
            rule.level
            for rule in rules
            if rule.plan_id == plan
            and sum(c >= rule.colour for c in now_under.get(rule.hazard, {}).values())
            >= rule.villages
        ]
        assert called.get(plan) == (min(holding) if holding else None)


@given(conditions, under, hazards, st.sampled_from(VILLAGES), colours)
def test_more_villages_or_worse_colours_never_call_less(rules, now_under, hazard, village, colour):
    before = levels(called_levels(rules, under=now_under))
    more = {key: dict(found) for key, found in now_under.items()}
    here = more.setdefault(hazard, {})
    here[village] = max(colour, here.get(village, colour))
    after = levels(called_levels(rules, under=more))
    for plan, level in before.items():
        assert after[plan] <= level


@given(conditions, under)
def test_what_is_called_names_a_condition_that_holds_and_counts_rightly(rules, now_under):
    for plan, (level, rule, counted) in called_levels(rules, under=now_under).items():
        assert (rule.plan_id, rule.level) == (plan, level)
        assert counted == sum(c >= rule.colour for c in now_under.get(rule.hazard, {}).values())
        assert counted >= rule.villages


def test_nothing_under_warning_calls_nothing():
    rule = Condition(1, ResponseLevel.FOURTH, Hazard.FLASH_FLOOD, Colour.BLUE, 1)
    assert called_levels([rule], under={}) == {}
