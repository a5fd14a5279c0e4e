"""The OpenAPI document: what the endpoints say of themselves, without what is said twice."""

import json
import re
from functools import cache
from typing import Any

from django.utils.translation import override

from anlan.registry.http.service import service

SCHEMA = re.compile(r'"#/components/schemas/(\w+)"')
PROBLEM = {"$ref": "#/components/schemas/Problem"}


@cache
def document() -> bytes:
    """Return the document as JSON, in English."""
    with override("en"):
        found = json.loads(json.dumps(service.get_openapi_schema()))
    _share_refusals(found)
    _drop_unused(found)
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def _share_refusals(found: dict[str, Any]) -> None:
    """Describe each refusal once, and refer to it."""
    shared: dict[str, Any] = {}
    for operations in found["paths"].values():
        for operation in operations.values():
            responses = operation["responses"]
            for status, response in responses.items():
                if response.get("content", {}).get("application/json", {}).get("schema") == PROBLEM:
                    shared[f"Refused{status}"] = response
                    responses[status] = {"$ref": f"#/components/responses/Refused{status}"}
    found["components"]["responses"] = dict(sorted(shared.items()))


def _drop_unused(found: dict[str, Any]) -> None:
    """Leave out the shapes that nothing refers to."""
    schemas = found["components"]["schemas"]
    while True:
        used = set(SCHEMA.findall(json.dumps(found)))
        unused = set(schemas) - used
        if not unused:
            return
        for name in unused:
            del schemas[name]
