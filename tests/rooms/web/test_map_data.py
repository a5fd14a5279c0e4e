"""What the map is sent: right at each step, and small enough for the first screen."""

from datetime import datetime, timedelta

from django.test import Client
from django.urls import reverse

from anlan.demo.api import build_district, open_demo_accounts
from anlan.kernel import scope
from anlan.kernel.clock import FixedClock, use
from anlan.registry.models import Account
from anlan.web.core import steps_of
from tests.cast import SLOPE
from tests.conftest import FLOOD_EVENING
from tests.evening import Evening
from tests.rooms.web.conftest import Visit

FIRST_SCREEN_BYTES = 300_000
STORM = timedelta(hours=72)
FIGURES_A_STEP = 30  # the four counts, their brackets and commas


def test_the_replay_follows_the_evening(evening: Evening, visit: Visit) -> None:
    client = visit("duty")
    data = client.get(reverse("map_data")).json()
    replay = client.get(reverse("map_replay"), {"incident": str(evening.incident.uuid)}).json()
    villages = [row[0] for row in data["d"] if row[2] == "v"]
    first, last = replay["w"][0], next(row for row in reversed(replay["w"]) if row)
    assert len(first) == len(villages)
    assert set(first) == {"0"}
    assert int(last[villages.index(SLOPE)]) == evening.warning.colour
    assert len(replay["g"][0]) == len(data["g"])
    calls, answered, moving, sheltered = replay["c"][-1]
    assert calls > 0
    assert (answered, sheltered) == (0, 0)
    assert moving >= 0
    assert replay["live"] is True


def test_an_incident_out_of_sight_has_no_replay(evening: Evening, visit: Visit) -> None:
    for asked in ("", "no-uuid", "00000000-0000-0000-0000-000000000000"):
        assert visit("duty").get(reverse("map_replay"), {"incident": asked}).status_code == 404


def test_the_first_screen_of_the_whole_district_is_small(db: None) -> None:
    made_at: datetime = FLOOD_EVENING
    with use(FixedClock(made_at)), scope.everywhere("tests"):
        build_district(now=made_at)
        open_demo_accounts(now=made_at)
        client = Client()
        client.force_login(
            Account.objects.get(username="duty"),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        answer = client.get(reverse("map_data"))
        page = client.get(reverse("map"))
    data = answer.json()
    villages = sum(1 for row in data["d"] if row[2] == "v")
    assert villages == 313
    # The worst replay: every step differs from the one before it, so that none is left out.
    steps = len(steps_of(made_at, made_at + STORM))
    replay = steps * (villages + len(data["g"]) + FIGURES_A_STEP)
    assert len(page.content) + len(answer.content) + replay < FIRST_SCREEN_BYTES
