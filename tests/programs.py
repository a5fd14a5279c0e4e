"""Other programs that call the API with keys of their own."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.registry.actions.issue_token import issue_token
from anlan.registry.data import Permission
from anlan.registry.permissions import FOR_PROGRAMS
from tests.cast import SLOPE, UPPER

ROOT = "/api/v1"


def key_for(
    division_code: str, *, permissions: Iterable[Permission] = FOR_PROGRAMS, days: int = 30
) -> str:
    """Issue a key over a division, with everything that a program may do unless told otherwise."""
    return issue_token(
        "tests",
        division_code=division_code,
        permissions=sorted(permissions),
        days=days,
        by=the_program("tests"),
        now=clock.now(),
    )


@dataclass(frozen=True)
class Program:
    """Another program with its key, that speaks English."""

    key: str
    language: str = "en"

    def call(self, method: str, path: str, *, body: Any = None, **asked: Any) -> HttpResponse:
        """Call an endpoint by its path below the root; `asked` are its query parameters."""
        client = Client(headers={"accept-language": self.language}, raise_request_exception=False)
        headers = {"authorization": f"Bearer {self.key}"} if self.key else {}
        content: dict[str, Any] = {}
        if body is not None:
            text = body if isinstance(body, str | bytes) else json.dumps(body)
            content = {"data": text, "content_type": "application/json"}
        answer = client.generic(
            method, ROOT + path, query_params=asked or None, headers=headers, **content
        )
        return answer  # type: ignore[return-value]  # the client's answer is one, and more

    def read(self, path: str, **asked: Any) -> Any:
        """Return what an endpoint answers, which must be well."""
        return said(self.call("GET", path, **asked), status=200)

    def upload(self, path: str, file: Any, **asked: Any) -> HttpResponse:
        """Send a file to an endpoint."""
        client = Client(headers={"accept-language": self.language}, raise_request_exception=False)
        answer = client.post(
            ROOT + path,
            {"file": file},
            query_params=asked or None,
            headers={"authorization": f"Bearer {self.key}"},
        )
        return answer  # type: ignore[return-value]  # the client's answer is one, and more


def program(division_code: str, *, permissions: Iterable[Permission] = FOR_PROGRAMS) -> Program:
    """Let a program in over a division."""
    return Program(key=key_for(division_code, permissions=permissions))


def said(answer: HttpResponse, *, status: int) -> Any:
    """Return the JSON of an answer with the expected status."""
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[:2_000])
    assert answer.headers["Content-Type"].startswith("application/json")
    return json.loads(answer.content)


# A record of every table that others refer to, in an order in which each finds the earlier ones.
FIRST: tuple[tuple[str, dict[str, Any]], ...] = (
    ("organizations", {"name": "上河镇应急办", "division": UPPER}),
    ("posts", {"title": "应急专干", "division": UPPER, "organization": "上河镇应急办"}),
    (
        "rivers",
        {"code": "R1", "name": "清河", "division": UPPER, "basin_km2": 120, "length_km": 18.5},
    ),
    (
        "teams",
        {"name": "上河镇救援队", "division": UPPER, "kind": "flood", "leader": "upper leader"},
    ),
)
# What a record may refer to by each column, once the cast and the FIRST records are there.
KNOWN = {
    "division": SLOPE,
    "organization": "上河镇应急办",
    "post": "上河镇应急办/应急专干",
    "river": "清河",
    "team": "上河镇救援队",
    "leader": "upper leader",
    "person": "slope leader",
    "deputy": "slope deputy",
    "place": "slope",
    "hazard_point": "slope",
    "shelter": "school",
    "household": "zhao",
    "carer": "slope carer",
    "monitor": "slope monitor",
    "phone": "13900001234",
    "second_phone": "0916-2212345",
    "duty_phone": "0916-2212345",
    "emergency_phone": "0916-2212345",
    "id_number": "11010519491231002X",
    "manned_from": "10-01",
    "manned_until": "05-31",
}


def add_first(caller: Program) -> dict[str, Any]:
    """Add the FIRST records and return them by table."""
    return {
        table: said(caller.call("POST", f"/{table}", body=body), status=201)
        for table, body in FIRST
    }
