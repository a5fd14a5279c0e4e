"""The page of a division's history, and the forms by which divisions are redrawn."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from anlan.kernel import scope
from anlan.kernel.codes import InvalidDivisionCode, Level, UnknownDivision, level_of
from anlan.registry.boundaries.planning import area_notice
from anlan.registry.boundaries.shapes import area_km2, drawn_shape
from anlan.registry.data import Permission, RedrawingRefused
from anlan.registry.models import Division
from anlan.registry.queries.authorities import may
from anlan.registry.queries.division_history import division_history, successors_of
from anlan.registry.queries.divisions import bearings
from anlan.registry.redrawing import Redrawing
from anlan.registry.relocation.tree import access_divisions, all_in
from anlan.registry.screens.division_words import table_rows
from anlan.registry.screens.redrawing_forms import (
    AREAS_SALT,
    MergeForm,
    PaperForm,
    RecodeForm,
    RenameForm,
    SplitForm,
)
from anlan.registry.screens.standing import Standing, division_choices, standing

CARRY_OUT = "carry_out"
REFUSED = (RedrawingRefused, UnknownDivision, InvalidDivisionCode)


@dataclass(frozen=True)
class Way:
    """One way of redrawing: where its page is, what it is called, and its form."""

    url_name: str
    title: str | Promise
    hint: str | Promise
    form: type[PaperForm]


RENAME = Way(
    "rename_division",
    gettext_lazy("Rename"),
    gettext_lazy("The code stays, the name changes."),
    RenameForm,
)
RECODE = Way(
    "recode_division",
    gettext_lazy("Give another code"),
    gettext_lazy("All that carries the old code goes along, with every village in it."),
    RecodeForm,
)
MERGE = Way(
    "merge_divisions",
    gettext_lazy("Merge"),
    gettext_lazy("Several become one; people, places and households are added up."),
    MergeForm,
)
SPLIT = Way(
    "split_division",
    gettext_lazy("Split"),
    gettext_lazy("One becomes several; one part may keep the code."),
    SplitForm,
)
WAYS = (RENAME, RECODE, MERGE, SPLIT)


@require_safe
def show_history(request: HttpRequest, code: str) -> HttpResponse:
    """Show a division's figures, what lies in it, whether its boundary fits, and its history."""
    who = standing(request, needs=Permission.READ_REGISTER)
    row = _division(code)
    rows = all_in(code)
    figures = whole_figures(row, rows)
    shape = drawn_shape(row.boundary)
    recorded = float(sum(figures[name] for name in TERRAIN))
    return render(
        request,
        "registry/division_history.html",
        {
            "division": row,
            "figures": figures,
            "inside": [each for each in rows if each.parent_id == code],
            "recorded_km2": recorded,
            "drawn_km2": None if shape is None else area_km2(shape),
            "notice": "" if shape is None else area_notice(shape, recorded_km2=recorded),
            "history": division_history(code),
            "successors": bearings(successors_of(code)).values() if row.ended_on else (),
            "redrawings": WAYS if _may_redraw(who, code) and not row.ended_on else (),
        },
    )


TERRAIN = ("plain_km2", "hill_km2", "mountain_km2")


def whole_figures(row: Division, rows: Sequence[Division]) -> dict[str, Any]:
    """Return a division's figures: its own where it has any, else the sums of its villages."""
    villages = [each for each in rows if level_of(each.code) is Level.VILLAGE]
    return {
        name: getattr(row, name) or sum(getattr(each, name) for each in villages)
        for name in ("population", "households", *TERRAIN)
    }


@require_safe
def choose_division(request: HttpRequest) -> HttpResponse:
    """Show the divisions that somebody may redraw, and the ways to do it."""
    who = standing(request, needs=Permission.REDRAW_DIVISIONS)
    return _choice(request, who, ways=WAYS)


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest) -> HttpResponse:
    """Rename a division."""
    return _redraw(request, way=RENAME)


@require_http_methods(["GET", "HEAD", "POST"])
def recode(request: HttpRequest) -> HttpResponse:
    """Give a division another code."""
    return _redraw(request, way=RECODE)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest) -> HttpResponse:
    """Merge divisions."""
    return _redraw(request, way=MERGE)


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest) -> HttpResponse:
    """Split a division."""
    return _redraw(request, way=SPLIT)


def _redraw(request: HttpRequest, *, way: Way) -> HttpResponse:
    """Show a form, then what it would do, then do it."""
    who = standing(request, needs=Permission.REDRAW_DIVISIONS)
    code = request.POST.get("code") or request.GET.get("code") or ""
    if not code:
        return _choice(request, who, ways=(way,))
    with scope.limited_to(who.codes(Permission.REDRAW_DIVISIONS)):
        form = way.form(request.POST or None, request.FILES or None, division=_division(code))
        found, seen = None, ""
        if form.is_valid():
            found, seen = _answer(request, form, who=who)
        if found is not None and not seen:
            messages.success(request, _("Done. The history has it."))
            target = _main_code(found, otherwise=code)
            return HttpResponseRedirect(reverse("division_history", args=[target]))
        return render(
            request,
            "registry/division_redraw.html",
            {
                "division": form.division,
                "way": way,
                "form": form,
                "found": found,
                "rows": table_rows(found.rows) if found else (),
                "seen": seen,
            },
            status=400 if form.errors else 200,
        )


def _answer(
    request: HttpRequest, form: PaperForm, *, who: Standing
) -> tuple[Redrawing | None, str]:
    """Return what a form does, and the mark of what was tried; no mark when it was done.

    It is done when exactly this was looked at before.
    """
    try:
        seen = _mark(form.values())
        is_final = request.POST.get("step") == CARRY_OUT and constant_time_compare(
            request.POST.get("seen", ""), seen
        )
        found = form.carry_out(is_dry_run=not is_final, by=who.actor, now=who.now)
    except REFUSED as error:
        form.add_error(None, str(error))
        return None, ""
    if isinstance(form, SplitForm):
        _keep_areas(form)
    return found, "" if is_final else seen


def _mark(values: Mapping[str, Any]) -> str:
    """Return a keyed digest of what an action is told."""
    text = json.dumps(values, default=_as_text, sort_keys=True)
    return salted_hmac("redrawing", text).hexdigest()


def _as_text(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return vars(value) if hasattr(value, "__dataclass_fields__") else str(value)


def _keep_areas(form: SplitForm) -> None:
    """Carry the boundaries on in the form: a browser does not send a file a second time."""
    areas = {part.code: part.boundary for part in form.values()["parts"] if part.boundary}
    signed = signing.dumps(areas, salt=AREAS_SALT, compress=True) if areas else ""
    form.data = {**{key: form.data[key] for key in form.data}, "areas": signed}


def _choice(request: HttpRequest, who: Standing, *, ways: tuple[Way, ...]) -> HttpResponse:
    divisions = division_choices(who.codes(Permission.REDRAW_DIVISIONS))
    shown = {"divisions": divisions, "redrawings": ways}
    return render(request, "registry/division_choice.html", shown)


def _division(code: str) -> Division:
    try:
        return access_divisions([code])[code]
    except (UnknownDivision, InvalidDivisionCode) as error:
        raise Http404 from error


def _may_redraw(who: Standing, code: str) -> bool:
    return may(who.grants, Permission.REDRAW_DIVISIONS, division_code=code)


def _main_code(found: Redrawing, *, otherwise: str) -> str:
    """Return the code under which the redrawn division is found now."""
    return found.moves[0][1] if found.moves else otherwise
