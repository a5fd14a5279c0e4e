"""Deputies of deputies, and circles that must not be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.registry.core.deputies import check_deputies, deputy_chain, deputy_cycles
from anlan.registry.data import DeputyCycle

people = st.integers(1, 9)
links = st.dictionaries(people, people, max_size=9)


@given(links, people)
def test_a_chain_ends_and_names_nobody_twice(found, person):
    chain = list(deputy_chain(person, links=found))
    assert len(chain) == len(set(chain))
    assert person not in chain


@given(links)
def test_circles_are_found_once_and_all_of_them(found):
    circles = deputy_cycles(found)
    for circle in circles:
        steps = dict(zip(circle, (*circle[1:], circle[0]), strict=True))
        assert all(found[person] == deputy for person, deputy in steps.items())
        assert circle[0] == min(circle)
    in_circles = [person for circle in circles for person in circle]
    assert len(in_circles) == len(set(in_circles))
    for person in found:
        place = person
        for _step in range(len(found) + 1):
            place = found.get(place, 0)
            if place == person:
                assert person in in_circles
                break
        else:
            assert person not in in_circles


def test_a_person_passed_over_does_not_end_the_chain():
    assert list(deputy_chain(1, links={1: 2, 2: 3}, without={2})) == [3]


@pytest.mark.parametrize("found", [{1: 1}, {1: 2, 2: 1}, {1: 2, 2: 3, 3: 1, 4: 1}])
def test_a_circle_is_refused_with_the_names(found):
    names = {1: "甲", 2: "乙", 3: "丙", 4: "丁"}
    with pytest.raises(DeputyCycle, match="甲") as caught:
        check_deputies(found, names=names)
    assert set(caught.value.person_ids) == {1, 2, 3} & set(found)
    assert "丁" not in str(caught.value)


def test_a_circle_of_others_keeps_nobody_from_their_work():
    circle = {1: 2, 2: 1, 5: 6}
    check_deputies(circle, names={}, about={5})
    with pytest.raises(DeputyCycle, match="#1"):
        check_deputies(circle, names={}, about={2, 5})


def test_a_chain_is_let_through():
    check_deputies({1: 2, 2: 3, 4: 3}, names={})
