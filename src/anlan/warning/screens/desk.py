"""The duty desk: who has not answered, live, with one key to dial and one to record."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from anlan.kernel import clock, scope
from anlan.registry.api import codes_where, mapped_divisions, with_earlier_codes
from anlan.registry.data import Permission
from anlan.warning.core.desk import Group, coverage, group_of
from anlan.warning.core.desk_cursor import read_cursor
from anlan.warning.core.desk_outline import rounded
from anlan.warning.data import AnswerKind, AttemptReason
from anlan.warning.queries.desk import DeskRow, desk_rows
from anlan.warning.queries.desk_changes import DeskChanges, changes_since, present_cursor
from anlan.warning.screens.desk_words import (
    FIELDS,
    labels,
    payload,
    towns_of,
    words,
)

COMPACT: Final[dict[str, Any]] = {"ensure_ascii": False, "separators": (",", ":")}
FIRST_ROWS: Final = 50  # what stands in the page itself, before and without the script
# After so many milliseconds a browser asks again, and after so many while its desk is empty;
# docs/decisions/0016-the-duty-desk.md says why.
ASK_AGAIN_MS: Final = 500
ASK_AGAIN_EMPTY_MS: Final = 2_000
TOWN_KINDS: Final = frozenset({"town", "subdistrict"})


@contextmanager
def desk_sight(request: HttpRequest) -> Iterator[list[str]]:
    """See the divisions where whoever asks may record answers; refuse those who may nowhere."""
    grants = getattr(request, "grants", ())
    codes = codes_where(grants, Permission.RECORD_ANSWERS)
    if not codes:
        raise PermissionDenied
    if {grant.division_code for grant in grants} == set(codes):
        yield codes
    else:
        with scope.limited_to(with_earlier_codes(codes)):
            yield codes


@gzip_page
@require_safe
def show_desk(request: HttpRequest) -> HttpResponse:
    """Show the desk: the most urgent calls in the page, all of them for its script."""
    now = clock.now()
    with desk_sight(request):
        cursor = present_cursor(now=now)
        rows = desk_rows(now=now)
        groups = [group_of(row.call, now=now) for row in rows]
        return render(
            request,
            "warning/desk.html",
            {
                "rows": list(zip(rows[:FIRST_ROWS], groups, strict=False)),
                "total": len(rows),
                "to_call": groups.count(Group.NOW),
                "now_group": Group.NOW,
                "towns": _towns(rows),
                "answer_kinds": list(enumerate(AnswerKind, start=1)),
                "reasons": list(zip("nbw", AttemptReason, strict=True)),
                "settings": _settings(),
                "data": payload(rows, now=now) | {"cursor": str(cursor)},
            },
        )


@gzip_page
@require_safe
def list_rows(request: HttpRequest) -> JsonResponse:
    """Return every row, or with `since` those that changed after a cursor and those that went."""
    now = clock.now()
    with desk_sight(request):
        cursor = read_cursor(request.GET.get("since", ""))
        changes = changes_since(cursor, now=now) if cursor else None
        if changes is not None and not changes.all_anew:
            found = _changed(changes, now=now) | {"cursor": str(changes.cursor)}
        else:
            found = {"cursor": str(present_cursor(now=now))} | payload(desk_rows(now=now), now=now)
    answer = JsonResponse(found, json_dumps_params=COMPACT)
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def send_events(request: HttpRequest) -> HttpResponse:
    """Tell at once what has changed since the browser last asked, and when to ask again.

    No connection is held: the browser's EventSource comes back by itself with the last id.
    """
    now = clock.now()
    text = request.headers.get("Last-Event-ID", "") or request.GET.get("since", "")
    is_empty = request.GET.get("rows") == "0"
    lines = [f"retry: {ASK_AGAIN_EMPTY_MS if is_empty else ASK_AGAIN_MS}"]
    with desk_sight(request):
        cursor = read_cursor(text)
        if cursor is None:
            changes = DeskChanges(present_cursor(now=now), all_anew=True)
        else:
            changes = changes_since(cursor, now=now)
        if changes.all_anew:
            lines += ["event: anew", "data: {}"]
        elif changes.calls:
            lines += ["event: rows", f"data: {json.dumps(_changed(changes, now=now), **COMPACT)}"]
    if str(changes.cursor) != text:
        lines.append(f"id: {changes.cursor}")
    return HttpResponse(
        "\n".join(lines) + "\n\n",
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store"},
    )


@gzip_page
@require_safe
def list_towns(request: HttpRequest) -> JsonResponse:
    """Return the towns in sight as the map draws them: [nine digits, name, lon, lat, outline]."""
    with desk_sight(request):
        rows = [
            [each.code[:9], each.name, each.lon, each.lat, rounded(each.boundary)]
            for each in mapped_divisions()
            if each.kind in TOWN_KINDS
        ]
    answer = JsonResponse({"towns": rows}, json_dumps_params=COMPACT)
    answer["Cache-Control"] = "private, max-age=600"
    return answer


def _changed(changes: DeskChanges, *, now: datetime) -> dict[str, Any]:
    """Return the changed rows, and the calls that stand on the desk no more."""
    rows = desk_rows(now=now, uuids=changes.calls)
    there = {row.uuid for row in rows}
    gone = [uuid for uuid in changes.calls if uuid not in there]
    return payload(rows, now=now) | {"gone": gone}


def _towns(rows: list[DeskRow]) -> list[tuple[str, Any]]:
    names = towns_of(rows)
    return [(names[each.town_code[:9]], each) for each in coverage(row.call for row in rows)]


def _settings() -> dict[str, Any]:
    nobody = "00000000-0000-0000-0000-000000000000"
    return {
        "fields": FIELDS,
        "labels": labels(),
        "words": words(),
        "nobody": nobody,
        "urls": {
            "rows": reverse("desk_rows"),
            "events": reverse("desk_events"),
            "towns": reverse("desk_towns"),
            "dial": reverse("desk_dial", args=[nobody]),
            "answer": reverse("desk_answer", args=[nobody]),
            "attempt": reverse("desk_attempt", args=[nobody]),
            "warning": reverse("warning", args=[nobody]),
        },
    }
