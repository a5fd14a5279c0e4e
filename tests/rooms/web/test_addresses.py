"""Every address: closed without a login, open with one, and cheap."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from anlan.command.models import ResponseTask
from tests.evening import Evening
from tests.rooms.web.conftest import Visit

OPEN = {"login", "logout", "set_language", "healthz", "favicon", "robots"}
CHANGING = {"answer_call", "record_answer", "complete_task"}
MOST_QUERIES = 20


def addresses(evening: Evening) -> dict[str, str]:
    """Return an address for each name that leads anywhere."""
    call, task = evening.call_of("slope leader"), ResponseTask.objects.first()
    assert task
    keys = {
        "warning": evening.warning.uuid,
        "incident": evening.incident.uuid,
        "report": evening.incident.uuid,
        "answer_call": call.uuid,
        "record_answer": call.uuid,
        "complete_task": task.uuid,
    }
    names = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    found = {name: reverse(name, args=[keys[name]] if name in keys else []) for name in names}
    found["map_replay"] += f"?incident={evening.incident.uuid}"
    return found


def test_no_page_opens_without_a_login(evening: Evening) -> None:
    client = Client()
    for name, address in addresses(evening).items():
        if name in OPEN:
            continue
        answer = client.post(address) if name in CHANGING else client.get(address)
        assert answer.status_code == 302, name
        assert answer.headers["Location"].startswith(reverse("login")), name


@pytest.mark.parametrize("who", ["duty", "upper", "lower", "slope", "reader"])
def test_every_page_opens_and_asks_little(evening: Evening, visit: Visit, who: str) -> None:
    client = visit(who)
    concerned = who != "lower"
    for name, address in addresses(evening).items():
        if name in OPEN | CHANGING:
            continue
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(address)
        about_one = name in {"warning", "incident", "report", "map_replay"}
        assert answer.status_code == (200 if concerned or not about_one else 404), name
        if name != "report":  # computed afresh while the incident goes on
            assert len(asked) <= MOST_QUERIES, (name, len(asked))


def test_an_opened_hour_asks_little(evening: Evening, visit: Visit) -> None:
    address = reverse("incident", args=[evening.incident.uuid])
    client = visit("duty")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address, {"hour": "202407152000"})
    assert "entries" in answer.content.decode()
    assert len(asked) <= MOST_QUERIES


def test_changes_are_not_made_by_looking(evening: Evening, visit: Visit) -> None:
    found = addresses(evening)
    for name in CHANGING:
        assert visit("duty").get(found[name]).status_code == 405, name


def test_machines_are_answered(db: None) -> None:
    client = Client()
    health = client.get("/healthz")
    assert health.status_code == 200
    assert health.json()["database"] == "ok"
    assert "Disallow: /" in client.get("/robots.txt").content.decode()
    assert client.get("/favicon.ico").headers["Location"].endswith(".svg")
