"""Rows in bulk are the rows that the object mapper would have written."""

from datetime import timedelta

import pytest
from django.forms.models import model_to_dict

from anlan.kernel import clock
from anlan.kernel.bulk import insert_rows
from anlan.kernel.models import JournalSeal
from anlan.registry.models import Person
from tests.cast import SLOPE


def test_a_row_is_what_the_mapper_writes(cast):
    by_mapper = Person.objects.create(division_id=SLOPE, name="甲", phone="13900000001")
    by_hand = insert_rows(
        Person,
        [(SLOPE, "甲", "13900000001")],
        columns=("division_id", "name", "phone"),
        same={"left_on": None},
    )
    assert by_hand == 1
    made = Person.objects.filter(name="甲").exclude(pk=by_mapper.pk).get()
    assert made.uuid != by_mapper.uuid
    assert model_to_dict(made, exclude=["id"]) == model_to_dict(by_mapper, exclude=["id"])


def test_times_and_constants_are_kept(everywhere, db, fixed_clock):
    now = clock.now()
    insert_rows(
        JournalSeal,
        [(n, n, now + timedelta(minutes=n)) for n in range(1, 4)],
        columns=("first_seq", "last_seq", "sealed_at"),
        same={"head": "h"},
    )
    rows = JournalSeal.objects.filter(head="h").order_by("first_seq")
    assert [row.sealed_at - now for row in rows] == [timedelta(minutes=n) for n in range(1, 4)]


def test_a_column_that_is_none_is_named():
    with pytest.raises(ValueError, match="Person has no colour"):
        insert_rows(Person, [], columns=("colour",), same={})
