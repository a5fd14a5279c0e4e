"""Communication tests: their list with the form to start one, and what one found."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.kernel import clock, scope
from anlan.kernel.codes import InvalidDivisionCode, contains
from anlan.kernel.paging import whole_number
from anlan.kernel.sheets.download import workbook
from anlan.kernel.sheets.writing import SheetColumn, write_rows
from anlan.registry.api import (
    actor_for,
    codes_with,
    exportable,
    has_permission_over,
    note_export,
    present_bearings,
    town_choice,
)
from anlan.registry.data import Bearing, Permission
from anlan.warning.actions.answer_test import answer_test
from anlan.warning.actions.end_test import end_test
from anlan.warning.actions.start_test import start_test
from anlan.warning.core.testing import HOURS, USUAL_HOURS
from anlan.warning.data import AlreadyAnswered, TestCallState
from anlan.warning.measuring import (
    TestEnded,
    TestOutOfSight,
    TestRefused,
    TestRunning,
    UnderWarning,
)
from anlan.warning.queries.tests import (
    TestedPerson,
    TestRow,
    access_call,
    access_test,
    by_town,
    last_tests,
    listed_tests,
    people_in,
)
from anlan.warning.testing_words import reason_words, way_words

NEEDS = Permission.RECORD_ANSWERS
MOST_SHOWN = 200
WORST_FIRST = (
    TestCallState.DEAD,
    TestCallState.SILENT,
    TestCallState.WAITING,
    TestCallState.ANSWERED,
)


@require_http_methods(["GET", "HEAD", "POST"])
def list_tests(request: HttpRequest) -> HttpResponse:
    """Show the tests, when the next one is due, and the form to start one."""
    typed: Any = {"hours": USUAL_HOURS}
    must_confirm = False
    if request.method == "POST":
        typed = {
            "division": request.POST.get("division", "").strip(),
            "hours": whole_number(request.POST.get("hours", ""), otherwise=0),
        }
        try:
            key = _started(request, division=typed["division"], hours=typed["hours"])
            return HttpResponseRedirect(reverse("communication_test", args=[key]))
        except UnderWarning as error:
            must_confirm = True
            messages.error(request, str(error))
        except (TestRefused, TestRunning) as error:
            messages.error(request, str(error))
    codes = codes_with(request, NEEDS)
    return render(
        request,
        "warning/communication_tests.html",
        {
            "list": listed_tests(whole_number(request.GET.get("page", ""), otherwise=1)),
            "last": last_tests(codes, now=clock.now()),
            "places": _places(codes),
            "hours": HOURS,
            "typed": typed,
            "must_confirm": must_confirm,
        },
    )


@require_safe
def show_test(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what a test found: how many answered, by town, who is dead, silent or still waited for.

    Of each only the first are shown when there are very many; the spreadsheet has them all.
    """
    test, people = _found(uuid), people_in(str(uuid))
    town = request.GET.get("town", "")
    shown = [each for each in people if not town or each.town_code == town]
    groups = {state: [each for each in shown if each.state == state] for state in WORST_FIRST}
    codes = codes_with(request, NEEDS)
    return render(
        request,
        "warning/communication_test.html",
        {
            "test": test,
            "rate": None if test.found.rate is None else round(100 * test.found.rate, 1),
            "towns": [
                (code, name, found, None if found.rate is None else round(100 * found.rate, 1))
                for code, name, found in by_town(people)
            ],
            "town": town if any(each.town_code == town for each in people) else "",
            "groups": [
                (state, _heading(state), [_row(each, codes) for each in group[:MOST_SHOWN]], group)
                for state, group in groups.items()
                if group
            ],
            "most": MOST_SHOWN,
            "may_end": test.ended_at is None and _may(request, test.division_code),
            "may_export": bool(codes_with(request, Permission.EXPORT_SHEETS)),
        },
    )


@require_safe
def export_test(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give the persons of a test as a workbook, their phones masked."""
    codes = exportable(request)
    with scope.limited_to(codes):
        test = _found(uuid)
        note_export(request, "communication_test", codes)
        people = people_in(str(uuid))
    columns = (
        SheetColumn(_("Person"), 14),
        SheetColumn(_("Division"), 22),
        SheetColumn(_("Phone"), 16, as_text=True),
        SheetColumn(_("State"), 16),
        SheetColumn(_("Answered at"), 18),
        SheetColumn(_("By means of"), 16),
        SheetColumn(_("Why not reached"), 30),
    )
    rows = (
        (
            each.person,
            each.place,
            each.phone,
            str(each.state.label),
            each.answered_at,
            way_words(each.answered_via),
            reason_words(each.reason),
        )
        for each in people
    )
    created = timezone.make_naive(clock.now())
    content = b"".join(write_rows(_("Communication test"), columns, rows, created=created))
    day = f"{timezone.localtime(test.started_at):%Y-%m-%d}"
    return workbook(content, name=f"{_('Communication test')}-{day}.xlsx")


@require_POST
def stop_test(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End a test before its time."""
    test = _found(uuid)
    if not _may(request, test.division_code):
        raise PermissionDenied
    if end_test(test.uuid, by=actor_for(request.user.pk), now=clock.now()) is None:
        messages.error(request, _("This test had ended before; nothing is to be done."))
    else:
        messages.success(request, _("The test is ended. Whoever has not answered was silent."))
    return HttpResponseRedirect(reverse("communication_test", args=[test.uuid]))


@require_POST
def record_test_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a person in a test was reached by a phone call."""
    try:
        call = access_call(pk)
    except TestOutOfSight as error:
        raise Http404 from error
    if not _may(request, call.division_code):
        raise PermissionDenied
    try:
        answer_test(call.call_id, via="phone", by=actor_for(request.user.pk), now=clock.now())
    except (AlreadyAnswered, TestEnded) as error:
        messages.error(request, _words(error))
    else:
        messages.success(
            request, _("Recorded: %(person)s was reached by phone.") % {"person": call.person}
        )
    return HttpResponseRedirect(reverse("communication_test", args=[call.test_uuid]))


def _started(request: HttpRequest, *, division: str, hours: int) -> UUID:
    """Start the test that was asked for; refuse whoever may not."""
    try:
        if not _may(request, division):
            raise PermissionDenied
    except InvalidDivisionCode as error:
        raise TestRefused(str(error)) from error
    key = start_test(
        division,
        hours=hours,
        despite_warnings=bool(request.POST.get("despite_warnings")),
        by=actor_for(request.user.pk),
        now=clock.now(),
    )
    messages.success(request, _("The test has begun. Everybody is asked now."))
    return key


def _found(uuid: UUID) -> TestRow:
    try:
        return access_test(str(uuid))
    except TestOutOfSight as error:
        raise Http404 from error


def _may(request: HttpRequest, code: str) -> bool:
    return has_permission_over(request.user.pk, NEEDS, division_code=code, at=clock.now())


def _places(codes: list[str]) -> list[Bearing]:
    """Return where whoever asks may start a test: their divisions and the towns in them."""
    towns = [each for each in town_choice() if any(contains(code, each.code) for code in codes)]
    own = present_bearings(codes)
    return [*own, *(town for town in towns if town not in own)]


def _row(person: TestedPerson, codes: list[str]) -> dict[str, Any]:
    """Return a person as the page shows them, and whether their answer may be recorded."""
    return {
        "call_id": person.call_id,
        "person": person.person,
        "place": person.place,
        "phone": person.phone,
        "answered_at": person.answered_at,
        "via": way_words(person.answered_via),
        "reason": reason_words(person.reason),
        "may_record": any(contains(code, person.division_code) for code in codes),
    }


def _heading(state: TestCallState) -> str:
    return {
        TestCallState.DEAD: _("Dead numbers"),
        TestCallState.SILENT: _("Did not answer"),
        TestCallState.WAITING: _("Still waited for"),
        TestCallState.ANSWERED: _("Answered"),
    }[state]


def _words(error: Exception) -> str:
    if isinstance(error, AlreadyAnswered):
        return _("This person had answered before; the first answer stands.")
    return str(error)
