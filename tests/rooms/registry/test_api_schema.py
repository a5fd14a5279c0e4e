"""The API does what its document says, whatever it is asked: schemathesis looks for a case."""

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from anlan.config.wsgi import application
from anlan.registry.http.document import document
from tests.cast import UPPER, Cast
from tests.programs import key_for

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
def key(cast: Cast) -> str:
    return key_for(UPPER)


def api():
    found = schemathesis.openapi.from_dict(json.loads(document()))
    found.app = application
    return found


schema = api()


@schema.parametrize()
@settings(
    max_examples=3,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_endpoint_keeps_to_the_document(case, key: str) -> None:
    case.call_and_validate(
        checks=CHECKS, headers={"Authorization": f"Bearer {key}", "Accept-Language": "en"}
    )
