"""The one scope: what is out of sight is not found, and forgetting the scope is a fault."""

import pytest
from django.apps import apps
from django.db import connection, models

from anlan.kernel import scope
from anlan.kernel.codes import CODE_DIGITS, code_range
from anlan.kernel.models import JournalEntry
from anlan.registry.models import Division, Duty, Household, Person
from anlan.warning.models import Summons
from tests.cast import COUNTY, LOWER, SLOPE, UPPER, VILLAGES, make_divisions

SCOPED = [model for model in apps.get_models() if issubclass(model, scope.ScopedModel)]
everything = pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)


@everything
def test_reading_without_a_scope_raises_and_names_the_table(db, model):
    with pytest.raises(scope.NoActiveScope, match=model.__name__):
        model.objects.exists()


@everything
def test_the_scope_path_leads_to_a_division_code(model):
    *steps, last = model.scope_path.split("__")
    found = model
    for step in steps:
        found = found._meta.get_field(step).related_model
    field = found._meta.get_field(last)
    is_key = field.is_relation and field.related_model is Division and field.attname == last
    is_code = isinstance(field, models.CharField) and field.max_length == CODE_DIGITS
    assert is_key or (is_code and found is Division)


@everything
@pytest.mark.parametrize("codes", [[], [COUNTY], [UPPER, SLOPE], [LOWER]])
def test_every_table_can_be_read_in_every_scope(db, model, codes):
    with scope.limited_to(codes):
        assert list(model.objects.all()[:3]) == []
        assert model.objects.count() == 0


@everything
def test_what_is_seen_in_two_towns_together_is_what_the_county_holds_below(cast, model):
    def keys(codes):
        with scope.limited_to(codes):
            rows = model.objects.values_list("pk", model.scope_path)
            return {(str(key), code) for key, code in rows}

    whole = keys([COUNTY])
    assert keys([UPPER]) | keys([LOWER]) == {(k, c) for k, c in whole if c[6:9] != "000"}
    assert all(code.startswith(UPPER[:9]) for _key, code in keys([UPPER]))
    assert keys(["990702000000"]) == keys([]) == set()


def test_another_town_is_out_of_sight(cast):
    with scope.limited_to([UPPER]):
        assert set(Division.objects.values_list("code", flat=True)) == {UPPER, *VILLAGES[:3]}
        assert not Household.objects.filter(pk=cast.households["wu"]).exists()
        assert not Person.objects.filter(pk=cast.people["county officer"]).exists()
        assert Person.objects.filter(pk=cast.people["slope leader"]).exists()


def test_a_village_sees_itself_alone(cast):
    with scope.limited_to([SLOPE]):
        assert set(Duty.objects.values_list("division_id", flat=True)) == {SLOPE}


def test_changes_too_stop_at_the_border(cast):
    with scope.limited_to([LOWER]):
        assert Household.objects.filter(pk=cast.households["zhao"]).update(people=9) == 0
    assert Household.objects.get(pk=cast.households["zhao"]).people == 4


def test_a_query_made_in_one_scope_keeps_it(cast):
    with scope.limited_to([LOWER]):
        rows = Household.objects.all()
    assert {row.division_id[:9] for row in rows} == {LOWER[:9]}


@pytest.mark.parametrize(
    ("model", "path"),
    [(Division, "code"), (Summons, "division_id"), (JournalEntry, "division_code")],
    ids=["key", "foreign key", "journal"],
)
def test_a_prefix_is_searched_by_an_index(db, everywhere, model, path):
    make_divisions()
    if connection.vendor == "postgresql":
        # A table of eight rows is read whole unless told otherwise.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    low, high = code_range(UPPER[:9])
    plan = model._base_manager.filter(**{f"{path}__gte": low, f"{path}__lte": high}).explain()
    if connection.vendor == "postgresql":
        assert "Index Cond" in plan
        assert "Seq Scan" not in plan
    else:
        assert "SEARCH" in plan
        assert "INDEX" in plan
