"""Every address: closed without a login, open with one, and cheap."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from anlan.command.models import ResponseTask
from anlan.warning.models import WarningSource
from tests.cast import SLOPE
from tests.evening import Evening
from tests.gateway.cap_specimens import message
from tests.rooms.web.conftest import Visit
from tests.upper_levels import add_source, receive

OPEN = {
    "login",
    "logout",
    "set_language",
    "healthz",
    "favicon",
    "robots",
    "sign_on",
    "sign_on_back",
}
CHANGING = {
    "answer_call",
    "record_answer",
    "change_warning",
    "complete_task",
    "close_account",
    "reopen_account",
    "reset_password",
    "reset_second_factor",
    "tie_account",
    "grant_authority",
    "withdraw_authority",
    "delegate_authority",
    "revoke_token",
    "end_warning_source",
    "end_sessions",
    "begin_second_factor",
    "confirm_second_factor",
    "renew_recovery_codes",
    "give_up_second_factor",
}
# Pages of the county's administrators and auditors; nobody of the evening is one.
GUARDED = {
    "accounts",
    "new_account",
    "account",
    "tokens",
    "audit",
    "redraw_divisions",
    "rename_division",
    "recode_division",
    "merge_divisions",
    "split_division",
    "boundaries",
}
# The pages of every table are visited in test_register_pages.py, the API has its own tests, and so
# have the pages of what people enter by hand.
OF_TABLES = (
    *("register_", "sheet_", "api_", "staff_", "macro_", "hand_"),
    *("device_", "new_device_"),  # visited in rooms/monitoring/test_device_pages.py
    "desk",  # visited in rooms/warning/test_desk.py
    # visited in rooms/monitoring/test_pages_*.py
    *("station_", "threshold_", "unknown_", "adopt_", "ignore_", "heed_"),
    *("rule", "critical_rain", "soil_model"),
    # visited in rooms/warning/test_channels_pages.py; callbacks have their own tests
    *("channel_", "new_channel_", "try_channel_", "end_channel_"),
    *("loudspeaker", "end_loudspeaker", "person_channels"),
    # visited in rooms/warning/test_cap_out.py, test_one_tap.py and test_communication_test.py
    *("cap_", "one_tap", "communication_test", "judge_warning"),
    *("end_communication_test", "record_test_answer", "start_communication_test"),
    # visited in rooms/warning/test_drafts.py
    *("new_warning", "warning_draft", "edit_warning_", "issue_warning_", "discard_warning_"),
)
EXPORTS = {"gaps_export", "stations_export", "warning_measures_export"}
MOST_QUERIES = 20


def addresses(evening: Evening) -> dict[str, str]:
    """Return an address for each name that leads anywhere."""
    call, task = evening.call_of("slope leader"), ResponseTask.objects.first()
    assert task
    keys = {
        "warning": evening.warning.uuid,
        "change_warning": evening.warning.uuid,
        "cancel_warning": evening.warning.uuid,
        "incident": evening.incident.uuid,
        "report": evening.incident.uuid,
        "answer_call": call.uuid,
        "record_answer": call.uuid,
        "complete_task": task.uuid,
        "revoke_token": evening.warning.uuid,
        "division_history": SLOPE,
        "station": evening.cast.stations["upper rain"].pk,
        **upper_keys(),
        **dict.fromkeys(
            (
                "account",
                "close_account",
                "reopen_account",
                "reset_password",
                "reset_second_factor",
                "tie_account",
                "grant_authority",
                "withdraw_authority",
            ),
            evening.accounts["duty"].pk,
        ),
    }
    named = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    names = {name for name in named if not name.startswith(OF_TABLES)}
    found = {name: reverse(name, args=[keys[name]] if name in keys else []) for name in names}
    found["map_replay"] += f"?incident={evening.incident.uuid}"
    return found


def upper_keys() -> dict[str, object]:
    """Return what the pages of upper-level warnings are about: one over the upper town."""
    source = WarningSource.objects.first() or add_source()
    uuid = receive(message(), source).uuid
    return {
        **dict.fromkeys(("upper_warning", "upper_warning_file"), uuid),
        **dict.fromkeys(("warning_source", "end_warning_source"), source.uuid),
    }


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
        if name in GUARDED or (name in EXPORTS and who == "slope"):
            assert answer.status_code == 403, name
            continue
        about_one = name in {
            "warning",
            "cancel_warning",
            "upper_warning",
            "upper_warning_file",
            "incident",
            "report",
            "map_replay",
            "division_history",
            "station",
        }
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
