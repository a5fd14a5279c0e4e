"""The buttons of 叫应: one's own answer, and the answer that came by phone."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.kernel import clock
from anlan.kernel.paging import whole_number
from anlan.registry.api import actor_for, has_permission_over
from anlan.registry.data import Permission
from anlan.warning.actions.answer import answer
from anlan.warning.data import AlreadyAnswered, AnswerKind, CallOutOfSight, NotYourCall
from anlan.warning.queries.calls import CallRow, access_call
from anlan.warning.refusals import AnswerRefused
from anlan.warning.screens.said import people_in, word_in


@require_POST
def answer_call(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Record that whoever is logged in has received the call and is acting."""
    call = _call(uuid)
    person_id = actor_for(request.user.pk).person_id
    if person_id is None:
        messages.error(
            request,
            _("Your account is tied to no person. Ask the county's administrator to tie it."),
        )
        return _back(request, call)
    return _answer(
        request,
        call,
        person_id=person_id,
        via="page",
        word=word_in(request.POST) or AnswerKind.RECEIVED,
    )


@require_POST
def record_answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Record that a person on the ladder answered by phone."""
    call = _call(uuid)
    may = has_permission_over(
        request.user.pk, Permission.RECORD_ANSWERS, division_code=call.division_code, at=clock.now()
    )
    if not may:
        raise PermissionDenied
    person = whole_number(request.POST.get("person", ""), otherwise=0)
    if not person:
        messages.error(request, _("Choose who answered on the phone."))
        return _back(request, call)
    return _answer(
        request,
        call,
        person_id=person,
        via="phone",
        word=word_in(request.POST) or AnswerKind.RECEIVED,
    )


def _call(uuid: UUID) -> CallRow:
    try:
        return access_call(str(uuid))
    except CallOutOfSight as error:
        raise Http404 from error


def _answer(
    request: HttpRequest, call: CallRow, *, person_id: int, via: str, word: AnswerKind
) -> HttpResponse:
    try:
        answer(
            call.uuid,
            person_id=person_id,
            word=word,
            notified=people_in(request.POST, "notified"),
            moved=people_in(request.POST, "moved"),
            via=via,
            by=actor_for(request.user.pk),
            now=clock.now(),
        )
    except (AlreadyAnswered, AnswerRefused, NotYourCall) as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("Recorded for %(village)s: %(word)s.")
            % {"village": call.village, "word": word.label},
        )
    return _back(request, call)


def _back(request: HttpRequest, call: CallRow) -> HttpResponseRedirect:
    wanted = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        wanted = reverse("warning", args=[call.warning_uuid])
    return HttpResponseRedirect(wanted)
