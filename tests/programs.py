"""Other programs that call the API with keys of their own."""

import json
from collections.abc import Iterable, Mapping
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
        return client.generic(  # type: ignore[return-value]  # the client's answer is one, and more
            method, ROOT + path, query_params=asked or None, headers=headers, **content
        )

    def read(self, path: str, **asked: Any) -> Any:
        """Return what an endpoint answers, which must be well."""
        return said(self.call("GET", path, **asked), status=200)

    def upload(self, path: str, file: Any, **asked: Any) -> HttpResponse:
        """Send a file to an endpoint."""
        client = Client(headers={"accept-language": self.language}, raise_request_exception=False)
        return client.post(  # type: ignore[return-value]  # the client's answer is one, and more
            ROOT + path,
            {"file": file},
            query_params=asked or None,
            headers={"authorization": f"Bearer {self.key}"},
        )


def program(division_code: str, *, permissions: Iterable[Permission] = FOR_PROGRAMS) -> Program:
    """Let a program in over a division."""
    return Program(key=key_for(division_code, permissions=permissions))


def said(answer: HttpResponse, *, status: int) -> Any:
    """Return the JSON of an answer with the expected status."""
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[:2_000])
    assert answer.headers["Content-Type"].startswith("application/json")
    return json.loads(answer.content)


# A record of every table that programs write, in an order in which each finds the earlier ones.
PLACE = {"division": SLOPE, "lon": 107.03, "lat": 33.01}
FIRST: Mapping[str, Mapping[str, Any]] = {
    "organizations": {"name": "上河镇应急办", "division": UPPER},
    "posts": {"title": "应急专干", "division": UPPER, "organization": "上河镇应急办"},
    "people": {"name": "赵一", "division": SLOPE, "phone": "13900005678"},
    "post-holdings": {
        "post": "上河镇应急办/应急专干",
        "person": "赵一",
        "is_full_time": True,
        "since": "2024-01-01",
    },
    "duties": {
        "person": "赵一",
        "kind": "ranger",
        "division": SLOPE,
        "valid_from": "2024-01-01",
    },
    "rivers": {
        "code": "R1",
        "name": "清河",
        "division": UPPER,
        "basin_km2": 120,
        "length_km": 18.5,
        "course": [[107.0, 33.0], [107.1, 33.1]],
    },
    "river-sections": {
        **PLACE,
        "name": "清河桥",
        "river": "清河",
        "warning_level_m": 102.0,
        "guaranteed_level_m": 103.5,
        "chief": "upper leader",
    },
    "reservoirs": {
        **PLACE,
        "name": "石门水库",
        "capacity_m3": 1_200_000,
        "flood_limit_level_m": 440,
        "design_level_m": 443.5,
        "check_level_m": 444.2,
        "dam_top_m": 446,
        "storage_curve": [[430, 100_000], [444, 1_200_000]],
    },
    "hazard-points": {**PLACE, "name": "后坡", "hazard_kind": "landslide", "volume_m3": 20_000},
    "macro-stations": {**PLACE, "name": "井", "observes": "水位"},
    "forest-stands": {
        "division": UPPER,
        "forest_land_ha": 100,
        "stocked_ha": 80.5,
        "special_shrub_ha": 1,
        "growing_stock_m3": 9_000,
    },
    "forest-compartments": {**PLACE, "name": "一林班", "area_ha": 12.5, "ownership": "state"},
    "ranger-stations": {**PLACE, "name": "北坡站", "ownership": "collective"},
    "fire-checkpoints": {**PLACE, "name": "北坡卡口", "manned_from": "10-01"},
    "shelters": {**PLACE, "name": "村小操场", "capacity": 120, "is_indoor": False},
    "schools": {**PLACE, "name": "村小", "school_kind": "primary", "pupils": 60},
    "hospitals": {**PLACE, "name": "卫生室", "beds": 4, "emergency_phone": "0916-2212345"},
    "enterprises": {**PLACE, "name": "砖厂", "industry": "建材", "employees": 12},
    "infrastructure": {
        **PLACE,
        "name": "清河桥",
        "facility_kind": "bridge",
        "owner": "交通局",
        "condition": "good",
        "inspected_on": "2024-06-01",
    },
    "households": {
        "division": SLOPE,
        "head_name": "钱二",
        "address": "2组5号",
        "phone": "13900009999",
        "id_number": "11010519491231002X",
        "people": 3,
        "elderly": 1,
        "threat": "geohazard",
        "hazard_point": "slope",
        "shelter": "school",
        "route_km": 0.6,
        "carer": "slope carer",
    },
    "teams": {
        "name": "上河镇救援队",
        "division": UPPER,
        "kind": "flood",
        "leader": "upper leader",
    },
    "team-members": {"team": "上河镇救援队", "person": "赵一"},
    "team-equipment": {"team": "上河镇救援队", "name": "冲锋舟", "quantity": 2, "serviceable": 1},
    "team-trainings": {
        "team": "上河镇救援队",
        "held_on": "2024-05-01",
        "subject": "水上救援",
        "hours": 4,
        "attended": 9,
    },
    "certificates": {"person": "赵一", "kind": "潜水", "issued_on": "2023-05-01"},
}
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
    "second_phone": "0916-2212345",
    "duty_phone": "0916-2212345",
    "emergency_phone": "0916-2212345",
    "manned_from": "10-01",
    "manned_until": "05-31",
}


def add_first(caller: Program) -> dict[str, Any]:
    """Add the FIRST records and return them by table."""
    return {
        table: said(caller.call("POST", f"/{table}", body=body), status=201)
        for table, body in FIRST.items()
    }
