"""The service: every endpoint in one place."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI, Router
from ninja.errors import ValidationError, ValidationErrorContext
from ninja.parser import Parser

from anlan.kernel.tables.table import tables
from anlan.registry.http.faults import HANDLERS
from anlan.registry.http.questions import add_question_routes
from anlan.registry.http.records import add_record_routes, desk_of, is_written_by_programs
from anlan.registry.http.shapes import shapes_of
from anlan.registry.http.sheets import add_sheet_route

ABOUT = """The register of a county: divisions, people, duties, places, households, teams.

Show the key that your county's administrator issued: `Authorization: Bearer <key>`. It reads and
writes within one division, until it ends. Errors are JSON: one sentence, and one for each field
that is wrong, in the language of `Accept-Language` (Chinese without it; `en` for English).
"""


class StrictJson(Parser):
    """Reads the JSON of RFC 8259: no NaN, no infinity, no endless nesting."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body; raise ValueError when it is no JSON."""
        try:
            return json.loads(request.body, parse_constant=_no_number)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")


class Service(NinjaAPI):
    """The API, whose errors keep the values that were wrong, so that a sentence can name them."""

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        """Return every wrong value with where it stood."""
        found: list[dict[str, Any]] = []
        for context in error_contexts:
            model: Any = context.model
            turned = getattr(model, "__ninja_flatten_map_reverse__", {})
            for error in context.pydantic_validation_error.errors(include_url=False):
                place = _flat(error["loc"], turned=turned)
                found.append({**error, "loc": (model.__ninja_param_source__, *place)})
        return ValidationError(found)


def _flat(place: tuple[Any, ...], *, turned: Mapping[tuple[Any, ...], Any]) -> Any:
    """Return where in the call a value stands, for one that stands somewhere within a shape."""
    for length in range(len(place), 0, -1):
        if place[:length] in turned:
            return turned[place[:length]]
    return place


def make_service() -> Service:
    """Return the service with the endpoints of every table."""
    service = Service(
        title="Anlan register",
        version="1",
        description=ABOUT,
        openapi_url=None,
        docs_url=None,
        parser=StrictJson(),
        urls_namespace="api",
    )
    for kind, handler in HANDLERS.items():
        service.add_exception_handler(kind, handler)
    router = Router()
    add_question_routes(router)
    for table in tables():
        desk = desk_of(table, shapes_of(table))
        if is_written_by_programs(table):
            add_sheet_route(router, desk)
        add_record_routes(router, desk)
    service.add_router("", router)
    return service


service = make_service()
