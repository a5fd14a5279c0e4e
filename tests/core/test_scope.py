"""The one scope, as far as it needs no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel import scope
from anlan.kernel.codes import contains

COUNTY, UPPER, LOWER = "990701000000", "990701101000", "990701102000"
SLOPE, FORD = "990701101201", "990701102201"
codes = st.lists(
    st.sampled_from([COUNTY, UPPER, LOWER, SLOPE, FORD, "990702000000", "990701101202"]), max_size=5
)


def test_no_scope_raises():
    with pytest.raises(scope.NoActiveScope):
        scope.active()


def test_a_scope_ends_with_its_block_even_by_an_error():
    with pytest.raises(KeyError), scope.everywhere("test"):
        raise KeyError
    with pytest.raises(scope.NoActiveScope):
        scope.active()


def test_the_innermost_scope_counts():
    with scope.everywhere("test") as wide:
        assert wide.is_everywhere
        with scope.limited_to([UPPER]) as narrow:
            assert not narrow.is_everywhere
            assert scope.active().sees(SLOPE)
            assert not scope.active().sees(FORD)
            assert not scope.active().sees(COUNTY)
        assert scope.active().sees(FORD)


def test_nothing_allowed_means_nothing_seen():
    with scope.limited_to([]) as none:
        assert not none.is_everywhere
        assert not none.sees(SLOPE)


@given(codes, st.sampled_from([COUNTY, UPPER, LOWER, SLOPE, FORD, "990702101201"]))
def test_narrowing_changes_nothing_of_what_is_seen(allowed, code):
    with scope.limited_to(allowed) as active:
        assert active.sees(code) == any(contains(outer, code) for outer in allowed)


@given(codes)
def test_no_prefix_holds_another(allowed):
    kept = scope.narrowest(allowed)
    assert not any(a != b and a.startswith(b) for a in kept for b in kept)
