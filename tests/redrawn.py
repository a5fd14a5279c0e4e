"""What the tests of redrawn divisions share: the paper, the verbs with it, counts, accounts."""

from collections import Counter
from datetime import date
from typing import Any

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.registry.actions.merge_divisions import merge_divisions
from anlan.registry.actions.recode_division import recode_division
from anlan.registry.actions.rename_division import rename_division
from anlan.registry.data import Role
from anlan.registry.models import Account, Authority
from anlan.registry.relocation.columns import division_columns
from tests.cast import SLOPE

BY = the_program("test")
TODAY = date(2024, 7, 15)
NEW = "990701101204"
BASIS = "试政函〔2024〕7号"


def paper(**rest: Any) -> dict[str, Any]:
    """Return what every redrawing is told."""
    return {"on": TODAY, "basis": BASIS, "by": BY, "now": clock.now()} | rest


def rename(code=SLOPE, **rest):
    return rename_division(code, **(paper(name="新坡村") | rest))


def recode(code=SLOPE, new_code=NEW, **rest):
    return recode_division(code, new_code=new_code, **paper(**rest))


def merge(*codes, into=NEW, **rest):
    return merge_divisions(codes, into=into, **(paper(name="联合村") | rest))


def counts(code):
    """Return how many rows of each model carry a code."""
    columns = list(division_columns())
    return +Counter({c.label: c.rows.filter(**{c.name: code}).count() for c in columns})


def authority(cast, code, *, role=Role.VILLAGE_CADRE, name="cadre", until=None):
    account, _new = Account.objects.get_or_create(username=name)
    row = Authority.objects.create(
        account=account, role=role, division_id=code, valid_from=clock.now(), valid_until=until
    )
    return account.pk, row.pk
