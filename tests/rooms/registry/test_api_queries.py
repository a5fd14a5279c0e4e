"""No call of a program costs more than twenty queries, however many records it lists."""

import pytest

from anlan.kernel.tables.table import tables
from tests.cast import SLOPE, UPPER, Cast
from tests.programs import Program, add_first, program

MOST = 20


@pytest.fixture
def upper(cast: Cast) -> Program:
    """A program that may everything in 上河镇, where each table has a record."""
    caller = program(UPPER)
    add_first(caller)
    return caller


def test_a_page_of_each_table(upper, django_assert_max_num_queries):
    for table in tables():
        with django_assert_max_num_queries(MOST):
            upper.read(f"/{table.name}", size=200, q="a")
        with django_assert_max_num_queries(MOST):
            upper.read(f"/{table.name}", size=200)


def test_numbers_in_full(upper, django_assert_max_num_queries):
    with django_assert_max_num_queries(MOST):
        assert len(upper.read("/people", size=200, in_full="true")["records"]) > 1


def test_questions_about_the_whole(upper, django_assert_max_num_queries):
    for path, asked in (
        ("/tables", {}),
        ("/gaps", {}),
        ("/who-answers", {"place": SLOPE, "hazard": "geohazard", "in_full": "true"}),
        (f"/divisions/{SLOPE}/history", {}),
    ):
        with django_assert_max_num_queries(MOST):
            upper.read(path, **asked)
