"""Rows that go from one division to another, and the few that would collide there."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from anlan.kernel.models import TableRevision
from anlan.registry.data import RedrawingRefused
from anlan.registry.models import Authority, Division, ForestStand, Organization
from anlan.registry.redrawing import Move
from anlan.registry.relocation.columns import Column, division_columns

FOREST_FIGURES = ("forest_land_ha", "stocked_ha", "special_shrub_ha", "growing_stock_m3")
NAME_LENGTH = 80


def move_all(moves: Iterable[Move], *, now: datetime) -> Counter[str]:
    """Move every row from its old to its new code, and return how many by model."""
    mapping = {old: new for old, new in moves if old != new}
    keep_organizations_apart(mapping)
    join_authorities(mapping, now=now)
    counted = Counter({ForestStand.__name__: add_forests(mapping)})
    for column in division_columns():
        present = column.rows.filter(**{f"{column.name}__in": mapping})
        for old in sorted(set(present.values_list(f"{column.name}_id", flat=True))):
            rows = column.rows.filter(**{column.name: old})
            if column.model is Authority:
                rows = rows.exclude(valid_until__lte=now)
            counted[column.label] += moved(column, rows, to=mapping[old])
    return +counted


def moved(column: Column, rows: Any, *, to: str) -> int:
    """Give rows another division and return how many; a row seen before is out of date then."""
    changes: dict[str, Any] = {f"{column.name}_id": to}
    if column.carries("version"):
        changes["version"] = F("version") + 1
    try:
        with transaction.atomic():
            return int(rows.update(**changes))
    except IntegrityError as error:
        raise RedrawingRefused(
            _("Rows of the table %(table)s would stand there twice: settle that first.")
            % {"table": column.model._meta.verbose_name}
        ) from error


def outdate_plans() -> None:
    """Let every spreadsheet that was only looked through be looked through anew."""
    TableRevision.objects.update(number=F("number") + 1)


def keep_organizations_apart(mapping: Mapping[str, str]) -> None:
    """Give an organ the name of its old division where another one of its name stands."""
    names = dict(Division.objects.filter(pk__in=mapping).values_list("pk", "name"))
    taken = set(
        Organization.objects.filter(division__in=set(mapping.values())).values_list(
            "division_id", "name"
        )
    )
    for row in Organization.objects.filter(division__in=mapping).order_by("division_id", "pk"):
        target, name = mapping[row.division_id], row.name
        number = 1
        while (target, name) in taken:
            ending = _("(formerly %(name)s)") % {"name": names[row.division_id]}
            ending = ending if number == 1 else f"{ending}{number}"
            name = row.name[: NAME_LENGTH - len(ending)] + ending
            number += 1
        taken.add((target, name))
        if name != row.name:
            Organization.objects.filter(pk=row.pk).update(name=name, version=F("version") + 1)


def join_authorities(mapping: Mapping[str, str], *, now: datetime) -> None:
    """End an authority whose twin stands at the new code already; the longer of the two counts."""
    taken: dict[tuple[Any, ...], Authority] = {
        (row.account_id, row.role, row.division_id, row.office, row.valid_from): row
        for row in Authority.objects.filter(division__in=set(mapping.values()))
    }
    in_force = Authority.objects.filter(division__in=mapping).exclude(valid_until__lte=now)
    for row in in_force.order_by("division_id", "pk"):
        key = (row.account_id, row.role, mapping[row.division_id], row.office, row.valid_from)
        twin = taken.setdefault(key, row)
        if twin is row:
            continue
        if twin.valid_until is not None:
            twin.valid_until = row.valid_until and max(row.valid_until, twin.valid_until)
            twin.save(update_fields=["valid_until"])
        Authority.objects.filter(pk=row.pk).update(valid_until=max(now, row.valid_from))


def add_forests(mapping: Mapping[str, str]) -> int:
    """Add the forests of the old codes to those of the new ones, and return how many moved."""
    stands = list(ForestStand.objects.filter(division__in=mapping).order_by("pk"))
    for stand in stands:
        figures = {name: getattr(stand, name) for name in FOREST_FIGURES}
        target, is_new = ForestStand.objects.get_or_create(
            division_id=mapping[stand.division_id], defaults=figures
        )
        if not is_new:
            changes = {name: F(name) + figures[name] for name in FOREST_FIGURES}
            ForestStand.objects.filter(pk=target.pk).update(**changes, version=F("version") + 1)
        stand.delete()
    return len(stands)
