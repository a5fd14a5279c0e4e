"""The register's own pages, one mould for every table: overview, list, record."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from anlan.kernel import clock, journal, scope
from anlan.kernel.tables.columns import Column
from anlan.kernel.tables.showing import COUNTED, Listed, Record, listed, record_at
from anlan.kernel.tables.table import Table
from anlan.registry.actions.show_personal import show_personal
from anlan.registry.data import Hazard, Permission
from anlan.registry.queries.authorities import codes_where
from anlan.registry.queries.choosing import place_choice
from anlan.registry.queries.layers import layer_of
from anlan.registry.queries.overview import counts_by_table
from anlan.registry.queries.pages import actor_for
from anlan.registry.screens.access import Access, access_to, grants_at, tables_for
from anlan.registry.screens.narrowing import filters_of, sought_in

GROUPS = (
    ("divisions", _("Divisions")),
    ("people", _("Organs, people and duties")),
    ("water", _("Rivers and reservoirs")),
    ("ground", _("Geology and earthquake")),
    ("forest", _("Forest")),
    ("relief", _("Households and shelters")),
    ("public", _("Units and facilities")),
    ("teams", _("Teams")),
)


# Under which hazard a place is first asked for.
HAZARD_OF = {
    "hazard-points": Hazard.GEOHAZARD,
    "reservoirs": Hazard.RESERVOIR,
    "river-sections": Hazard.RIVER_FLOOD,
    "forest-compartments": Hazard.FOREST_FIRE,
    "ranger-stations": Hazard.FOREST_FIRE,
    "fire-checkpoints": Hazard.FOREST_FIRE,
    "macro-stations": Hazard.EARTHQUAKE,
}


@dataclass(frozen=True)
class Cell:
    """One value of a row as a page shows it."""

    column: Column
    text: Any
    is_title: bool
    can_be_shown: bool = False


@require_safe
def show_register(request: HttpRequest) -> HttpResponse:
    """Show what the register holds, table by table."""
    found = tables_for(request)
    if not found:
        raise PermissionDenied
    counts = counts_by_table([access.table for access in found])
    groups: dict[str, list[Any]] = defaultdict(list)
    for access in found:
        groups[access.table.group].append(
            {"table": access.table, "count": _said(counts.get(access.table.name))}
        )
    grants = grants_at(request)
    return render(
        request,
        "registry/register.html",
        {
            "groups": [(label, groups[name]) for name, label in GROUPS if groups[name]],
            "may_import": bool(codes_where(grants, Permission.IMPORT_SHEETS)),
            "may_redraw": bool(codes_where(grants, Permission.REDRAW_DIVISIONS)),
        },
    )


@require_safe
def show_table(request: HttpRequest, table: str) -> HttpResponse:
    """Show the records of a table in sight, narrowed to what was asked for."""
    access = access_to(request, table)
    with scope.limited_to(access.readable):
        sought = sought_in(access.table, request.GET)
        shown = listed(access.table, sought)
        found = [access.seen(record) for record in shown.records]
        places = place_choice(sought.division)
        query = request.GET.copy()
        query.pop("page", None)
        return render(
            request,
            "registry/table.html",
            {
                "access": access,
                "table": access.table,
                "sought": sought,
                "rows": [(record, _listed_cells(access, record)) for record in found],
                "shown": shown,
                "counted": _counted(shown),
                "places": places,
                "filters": filters_of(access.table, request.GET),
                "query": query.urlencode(),
            },
        )


def _counted(shown: Listed) -> str:
    return _said(shown.total) or ""


def _said(count: int | None) -> str | None:
    """Return a count as pages say it: counting stops at COUNTED."""
    return None if count is None else f"{min(count, COUNTED):,}{'+' if count > COUNTED else ''}"


def _listed_cells(access: Access, record: Record) -> list[Cell]:
    table = access.table
    return [
        Cell(column=column, text=record.shown(column), is_title=column.name == table.title)
        for column in table.listed
    ]


@require_safe
def show_record(request: HttpRequest, table: str, address: str) -> HttpResponse:
    """Show one record whole, what hangs on it, and who changed it when."""
    access = access_to(request, table)
    with scope.limited_to(access.readable):
        record = known_record(access, address)
        return render(
            request,
            "registry/record.html",
            {
                "access": access,
                "table": access.table,
                "record": record,
                "title": record.shown(access.table.by_name[access.table.title]) or record.address,
                "cells": list(_whole_cells(access, record)),
                "may_change": access.may_change(record.home),
                "on_map": _position(record),
                "hazard": HAZARD_OF.get(access.table.name, Hazard.FLASH_FLOOD).value,
                "related": related_lists(request, access.table, record),
                "history": _history(access.table, record),
            },
        )


def _position(record: Record) -> str:
    lon, lat = record.values.get("lon"), record.values.get("lat")
    return "" if lon is None or lat is None else f"{lon:.6f},{lat:.6f}"


def known_record(access: Access, address: str) -> Record:
    """Return the record with this address in sight, or a page that says there is none."""
    record = record_at(access.table, address)
    if record is None:
        raise Http404
    return access.seen(record)


def _whole_cells(access: Access, record: Record) -> Sequence[Cell]:
    sees = access.may_see_numbers(record.home)
    return [
        Cell(
            column=column,
            text=record.shown(column),
            is_title=column.name == access.table.title,
            can_be_shown=sees and column.is_personal and bool(record.values.get(column.name)),
        )
        for column in access.table.columns
    ]


def related_lists(request: HttpRequest, table: Table, record: Record) -> list[dict[str, Any]]:
    """Return the lists of other tables whose rows name this record."""
    if table.address != "uuid":
        return []
    models = {table.model, table.detail} - {None}
    found = []
    for other in tables_for(request):
        for column in other.table.columns:
            if not column.is_reference or column.is_virtual or column.name == "division":
                continue
            model: Any = (
                other.table.detail if column.on_detail and other.table.detail else other.table.model
            )
            if model._meta.get_field(column.attribute).related_model in models:
                found.append({"table": other.table, "column": column})
    return found


def _history(table: Table, record: Record) -> list[Any]:
    """Return the last changes of a record: when, who, which columns."""
    rows = journal.entries_about(f"{table.name}:{record.address}", most=10)
    return [
        {
            "at": row.at,
            "actor": row.actor,
            "act": row.act,
            "columns": [table.by_name[name].label for name in row.columns if name in table.by_name],
        }
        for row in rows
    ]


@require_POST
def show_number(request: HttpRequest, table: str, address: str) -> HttpResponse:
    """Show one number of a person in full, and write down that it was shown."""
    access = access_to(request, table)
    with scope.limited_to(access.readable):
        record = known_record(access, address)
        column = access.table.by_name.get(request.POST.get("column", ""))
        if column is None or not column.is_personal:
            raise Http404
        if not access.may_see_numbers(record.home):
            raise PermissionDenied
        show_personal(
            access.table,
            shown=[record],
            columns=[column],
            way="page",
            by=actor_for(request.user.pk),
            now=clock.now(),
        )
        number = record.shown(column, in_full=True)
        return render(
            request,
            "registry/_number.html",
            {"number": number, "is_phone": "phone" in column.name},
        )


@gzip_page
@require_safe
def table_layer(request: HttpRequest, table: str) -> JsonResponse:
    """Return the places of a table as the map draws them: [name, x, y, facts, address]."""
    access = access_to(request, table)
    if not access.table.is_located:
        raise Http404
    with scope.limited_to(access.readable):
        return JsonResponse(
            {"rows": layer_of(access.table)},
            json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
        )
