"""What is done at the desk with one call: dial, record the answer, record that nobody took it."""

from typing import Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.kernel import clock
from anlan.kernel.paging import whole_number
from anlan.registry.api import actor_for, codes_where, may, show_phones, with_earlier_codes
from anlan.registry.data import Permission
from anlan.warning.actions.answer import answer
from anlan.warning.actions.record_attempt import record_attempt
from anlan.warning.data import (
    AlreadyAnswered,
    AttemptReason,
    CallReplaced,
    NotYourCall,
)
from anlan.warning.queries.desk import DeskRow, desk_rows, names_on
from anlan.warning.refusals import AnswerRefused
from anlan.warning.screens.desk import desk_sight
from anlan.warning.screens.desk_words import payload
from anlan.warning.screens.said import people_in, word_in

BY_PHONE: Final = "phone"


@require_POST
def dial(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """Return the number of a person rung for a call in full; each showing is journalled."""
    with desk_sight(request):
        row = _row(request, uuid)
        person = _person(request, row)
        if person is None:
            return _said(_("Choose who is to be called."))
        codes = codes_where(getattr(request, "grants", ()), Permission.SHOW_PERSONAL)
        if not codes:
            raise PermissionDenied
        numbers = show_phones(
            [person],
            codes=with_earlier_codes(codes),
            by=actor_for(request.user.pk),
            now=clock.now(),
        )
        if not numbers.get(person):
            return _said(
                _("%(person)s has no number in the register. Call the next one, or add it there.")
                % {"person": names_on([row]).get(person, row.person)}
            )
    return JsonResponse({"is_done": True, "number": numbers[person]})


@require_POST
def record_answer(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """Record what a person on the ladder said on the phone."""
    with desk_sight(request):
        row = _row(request, uuid)
        person, word = _person(request, row), word_in(request.POST)
        if person is None:
            return _said(_("Choose who answered on the phone."))
        if word is None:
            return _said(_("Choose what was answered."))
        try:
            answer(
                row.uuid,
                person_id=person,
                word=word,
                notified=people_in(request.POST, "notified"),
                moved=people_in(request.POST, "moved"),
                via=BY_PHONE,
                by=actor_for(request.user.pk),
                now=clock.now(),
            )
        except (AlreadyAnswered, AnswerRefused, NotYourCall) as error:
            return _refused(row, error)
        return _done(row, word.label)


@require_POST
def record_no_answer(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """Record that a phone call by hand reached nobody, and why."""
    with desk_sight(request):
        row = _row(request, uuid)
        person, reason = _person(request, row), request.POST.get("reason", "")
        if person is None:
            return _said(_("Choose who was called."))
        if reason not in AttemptReason.values:
            return _said(_("Choose why nobody was reached."))
        try:
            record_attempt(
                row.uuid,
                person_id=person,
                reason=AttemptReason(reason),
                by=actor_for(request.user.pk),
                now=clock.now(),
            )
        except (AlreadyAnswered, NotYourCall) as error:
            return _refused(row, error)
        return _done(row, AttemptReason(reason).label)


def _row(request: HttpRequest, uuid: UUID) -> DeskRow:
    """Return a call on the desk where whoever asks may record answers."""
    found = desk_rows(now=clock.now(), uuids=[str(uuid)])
    if not found:
        raise Http404
    grants = getattr(request, "grants", ())
    code = found[0].call.division_code
    if not may(grants, Permission.RECORD_ANSWERS, division_code=code):
        raise PermissionDenied
    return found[0]


def _person(request: HttpRequest, row: DeskRow) -> int | None:
    """Return the person that a form names, one of those rung; without a name the first."""
    rung = [key for key, _rung in row.people]
    asked = request.POST.get("person", "")
    if not asked:
        return rung[0]
    person = whole_number(asked, otherwise=0)
    return person if person in rung else None


def _done(row: DeskRow, what: Any) -> JsonResponse:
    return JsonResponse(
        {
            "is_done": True,
            "said": _("Recorded for %(village)s: %(what)s.")
            % {"village": row.village, "what": what},
        }
        | _now(row)
    )


def _refused(row: DeskRow, error: Exception) -> JsonResponse:
    """Say why an answer was not taken, by whom and when the call had been answered."""
    said = str(error)
    fresh = desk_rows(now=clock.now(), uuids=[row.uuid])
    is_taken = isinstance(error, AlreadyAnswered) and not isinstance(error, CallReplaced)
    if is_taken and fresh and fresh[0].answered_at:
        said = _("%(person)s has already answered at %(at)s; that stands.") % {
            "person": fresh[0].answered_by,
            "at": f"{timezone.localtime(fresh[0].answered_at):%H:%M}",
        }
    return JsonResponse({"is_done": False, "said": said} | _now(row))


def _now(row: DeskRow) -> dict[str, Any]:
    """Return the row as it stands now, for the desk that has just acted."""
    now = clock.now()
    rows = desk_rows(now=now, uuids=[row.uuid])
    return payload(rows, now=now) | {"gone": [] if rows else [row.uuid]}


def _said(text: str) -> JsonResponse:
    return JsonResponse({"is_done": False, "said": text})
