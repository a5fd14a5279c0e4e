"""The page behind the link of a message: no login, one letter, one answer."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from anlan.kernel import clock, scope
from anlan.kernel.actors import Actor
from anlan.warning.actions.answer_letter import answer_letter
from anlan.warning.core.links import ForgedLink, letter_of
from anlan.warning.data import (
    AnswerKind,
)
from anlan.warning.queries.letters import LetterGone, LetterOpened, open_letter
from anlan.warning.refusals import AnswerRefused
from anlan.warning.screens.refusals import note_refusal
from anlan.warning.screens.said import people_in, word_in

VIA = "link"


@dataclass(frozen=True)
class _Said:
    """What an answer led to, as the page tells it."""

    is_taken: bool
    sentences: tuple[str, ...]


@login_not_required
@never_cache
@csrf_exempt  # the signed token in the address is what lets in; there is no session to misuse
@require_http_methods(["GET", "HEAD", "POST"])
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show the calls of a letter with a button for each answer, and take the answer.

    A link that is forged or whose time is over shows nothing of any call, and is journalled.
    """
    now = clock.now()
    try:
        letter = open_letter(letter_of(token, key=settings.SECRET_KEY), now=now)
    except (ForgedLink, LetterGone) as error:
        note_refusal("link.refused", why=_why(error), now=now)
        return _page(request, "warning/link_refused.html", {}, status=404)
    said = None
    if request.method == "POST":
        said = _take(request, letter)
        letter = open_letter(letter.name, now=now)
    shown = {
        "letter": letter,
        "said": said,
        "words": [word for word in AnswerKind if word is not AnswerKind.DONE],
        "is_open": any(call.can_be_answered for call in letter.calls),
        "asks_report": any(
            not call.can_be_answered and call.reported_at is None for call in letter.calls
        ),
        "now": now,
    }
    return _page(request, "warning/one_tap.html", shown)


def _why(error: Exception) -> str:
    return "forged" if isinstance(error, ForgedLink) else "over"


def _take(request: HttpRequest, letter: LetterOpened) -> _Said:
    word = word_in(request.POST)
    if word is None:
        return _Said(is_taken=False, sentences=(_("Press one of the answers."),))
    with scope.everywhere("a letter is answered by its signed link"):
        try:
            done = answer_letter(
                person_id=letter.person_id,
                calls=[call.uuid for call in letter.calls],
                test_calls=letter.test_calls,
                word=word,
                notified=people_in(request.POST, "notified"),
                moved=people_in(request.POST, "moved"),
                remark=request.POST.get("remark", ""),
                via=VIA,
                by=Actor(label=f"person:{letter.person_id}", person_id=letter.person_id),
                now=clock.now(),
            )
        except AnswerRefused as error:
            return _Said(is_taken=False, sentences=(str(error),))
    if done.taken:
        return _Said(is_taken=True, sentences=())
    return _Said(is_taken=False, sentences=done.refusals)


def _page(
    request: HttpRequest, template: str, shown: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    response = render(request, template, shown, status=status)
    # The address is the key: it goes to no other site and into no search engine.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
