"""What is said when a call is refused: a sentence, and what is wrong with each column."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel, Field

from anlan.kernel.codes import InvalidDivisionCode, UnknownDivision
from anlan.kernel.sheets.unusable import UnusableFile
from anlan.kernel.tables.drafts import Fault
from anlan.kernel.tables.revisions import PlanOutOfDate
from anlan.registry.data import PlaceOutOfSight
from anlan.registry.http.wrong_values import faults_in
from anlan.registry.keeping import (
    ImportNotReady,
    RecordChangedSince,
    RecordInUse,
    RecordOutOfSight,
    RecordRefused,
)

log = logging.getLogger(__name__)


class ColumnFault(BaseModel):
    """What is wrong with one field; `column` is empty when it is the whole."""

    column: str
    sentence: str


class Problem(BaseModel):
    """Why a call was refused, in the language of Accept-Language."""

    detail: str = Field(description="One sentence, with the remedy.")
    faults: list[ColumnFault] = Field(description="What is wrong with single fields.")


WORDS = {
    IntegrityError: gettext_lazy(
        "The rows contradict records that are there; nothing was written."
    ),
    PlanOutOfDate: gettext_lazy("Others are writing into this table just now; try once more."),
    RequestDataTooBig: gettext_lazy("The call is too large: 1 MB is allowed, 30 MB for a file."),
    Http404: gettext_lazy("There is no such address; openapi.json lists all of them."),
}
NOT_IN_SIGHT = gettext_lazy("There is no such record in the division of this key.")
UNREADABLE = gettext_lazy("The body cannot be read: send JSON, or a file as multipart/form-data.")
STATUSES: Mapping[type[Exception], int] = {
    RecordRefused: 422,
    UnusableFile: 422,
    RecordChangedSince: 409,
    RecordInUse: 409,
    ImportNotReady: 409,
    PlanOutOfDate: 409,
    IntegrityError: 409,
    RecordOutOfSight: 404,
    PlaceOutOfSight: 404,
    UnknownDivision: 404,
    InvalidDivisionCode: 404,
    Http404: 404,
    RequestDataTooBig: 413,
    MultiPartParserError: 400,
    BadRequest: 400,
    SuspiciousOperation: 400,
    UnreadablePostError: 400,
}
READING_REFUSED = frozenset({401, 403, 404, 422})
WRITING_REFUSED = READING_REFUSED | {400, 409, 413}


def problem(status: int, detail: str, *, faults: Iterable[Fault] = ()) -> HttpResponse:
    """Return a refusal as JSON."""
    said = [{"column": fault.column, "sentence": fault.sentence} for fault in faults]
    return JsonResponse(
        {"detail": detail, "faults": said},
        status=status,
        json_dumps_params={"ensure_ascii": False},
        content_type="application/json; charset=utf-8",
    )


def refusal(error: Exception) -> HttpResponse:
    """Return what is said of an error that was foreseen, and of any other that it was not."""
    for kind in type(error).__mro__:
        if kind in STATUSES:
            if kind is IntegrityError:
                log.warning("the database refused what every check let through", exc_info=error)
            faults = getattr(error, "faults", ())
            return problem(STATUSES[kind], _sentence(error, kind), faults=faults)
    log.error("a call of a program failed", exc_info=error)
    return problem(
        500, _("The program failed here; it is written down. Try again, or tell its operator.")
    )


def _sentence(error: Exception, kind: type[Exception]) -> str:
    if kind in WORDS:
        return str(WORDS[kind])
    if STATUSES[kind] == 404:
        return str(NOT_IN_SIGHT)
    if STATUSES[kind] == 400:
        return str(UNREADABLE)
    return str(error)


def on_error(request: HttpRequest, error: Any) -> HttpResponse:
    """Return the refusal of an error."""
    return refusal(error)


def on_no_key(request: HttpRequest, error: Any) -> HttpResponse:
    """Return the refusal of a call without a good key."""
    answer = problem(
        401, _("The key is missing, unknown, revoked or has run out: Authorization: Bearer <key>.")
    )
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def on_http_error(request: HttpRequest, error: Any) -> HttpResponse:
    """Return the refusal of a key that may not, or of a body that cannot be read."""
    words = str(UNREADABLE) if error.status_code == 400 else error.message
    return problem(error.status_code, words)


def on_wrong_values(request: HttpRequest, error: Any) -> HttpResponse:
    """Return what is wrong with each value of a call."""
    faults = faults_in(error.errors, request=request)
    return problem(422, " ".join(fault.sentence for fault in faults), faults=faults)


HANDLERS: Mapping[type[Exception], Any] = {
    Exception: on_error,
    Http404: on_error,
    HttpError: on_http_error,
    AuthenticationError: on_no_key,
    ValidationError: on_wrong_values,
}
