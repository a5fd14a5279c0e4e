"""A register comes whole or not at all."""

import pytest

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.codes import InvalidDivisionCode, UnknownDivision
from anlan.kernel.models import JournalEntry
from anlan.kernel.snapshot import NotEmpty
from anlan.registry.api import restore_snapshot
from anlan.registry.models import Division
from tests.cast import COUNTY, SLOPE, UPPER, make_divisions

BY = the_program("test")


def division(code, parent=None):
    return {"code": code, "parent_id": parent, "kind": "town", "name": "镇", "lon": 1.0, "lat": 1.0}


def person(code):
    return {"id": 1, "division_id": code, "name": "王五", "phone": ""}


def restore(**rows):
    return restore_snapshot(rows, by=BY, now=clock.now())


def test_a_register_is_written_and_journalled(db, everywhere, fixed_clock):
    counts = restore(Division=[division(COUNTY), division(UPPER, COUNTY)], Person=[person(UPPER)])
    assert counts == {"Division": 2, "Person": 1}
    assert JournalEntry.objects.get().act == "register.restored"


@pytest.mark.parametrize(
    "rows",
    [
        {"Division": [division(COUNTY)], "Person": [person(SLOPE)]},
        {"Division": [division(COUNTY, SLOPE)]},
        {"Person": [person(SLOPE)]},
    ],
)
def test_a_division_that_does_not_exist_is_refused_by_name(db, everywhere, fixed_clock, rows):
    with pytest.raises(UnknownDivision, match=SLOPE) as caught:
        restore(**rows)
    assert caught.value.code == SLOPE
    assert not Division.objects.exists()
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize("code", ["99070110", "9907011010xx", "000000000000"])
def test_what_is_no_code_is_refused_by_name(db, everywhere, fixed_clock, code):
    with pytest.raises(InvalidDivisionCode, match=code):
        restore(Division=[division(code)])
    assert not Division.objects.exists()


def test_a_register_that_is_there_is_not_written_over(db, everywhere, fixed_clock):
    make_divisions()
    with pytest.raises(NotEmpty):
        restore(Division=[division("990702000000")])
    assert not Division.objects.filter(code="990702000000").exists()
