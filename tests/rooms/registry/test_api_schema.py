"""The API does what its document says, whatever it is asked: schemathesis looks for a case."""

import json
import random
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from anlan.config.wsgi import application
from anlan.registry.http.document import document
from tests.cast import UPPER, Cast
from tests.programs import FIRST, KNOWN, Program, add_first, key_for

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    allow_header_conformance,
]
EXAMPLES = 4


@pytest.fixture
def town(transactional_db: None, cast: Cast) -> tuple[str, dict[str, Any]]:
    """Return a key over a town, and a record there of each table that programs write.

    They are committed: the end of a request closes the connection, and with it what it began.
    """
    key = key_for(UPPER)
    return key, add_first(Program(key=key))


def operations() -> list[Any]:
    """Return every endpoint of the document, called in this process."""
    schema = schemathesis.openapi.from_dict(json.loads(document()))
    schema.app = application
    return [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]


def lead(case: Any, first: dict[str, Any], *, chance: random.Random) -> None:
    """Make most cases name records that are there, so that they come further than the door."""
    table, body = case.path.split("/")[3], case.body
    if isinstance(body, dict):
        for name in set(body) & set(KNOWN):
            if isinstance(body[name], str) and chance.random() < 0.9:
                body[name] = KNOWN[name]
        if case.method == "POST" and table in FIRST and chance.random() < 0.5:
            kept = set(chance.sample(sorted(body), min(2, len(body))))
            case.body = {**FIRST[table], **{name: body[name] for name in kept}, **_title(body)}
    if "address" in (case.path_parameters or {}) and table in first and chance.random() < 0.8:
        case.path_parameters["address"] = first[table]["uuid"]


def _title(body: dict[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in ("name", "title", "head_name") if name in body}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_endpoint_keeps_to_the_document(
    town: tuple[str, dict[str, Any]], mode: GenerationMode
) -> None:
    key, first = town
    chance = random.Random(20240715)
    met: set[tuple[str, int]] = set()
    for operation in operations():

        def check(case: Any) -> None:
            lead(case, first, chance=chance)
            answer = case.call_and_validate(
                checks=CHECKS, headers={"Authorization": f"Bearer {key}", "Accept-Language": "en"}
            )
            met.add((case.method, answer.status_code))

        tried = settings(
            max_examples=EXAMPLES,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        tried(given(case=operation.as_strategy(generation_mode=mode))(check))()
    assert {status for _method, status in met} >= {200, 422}
