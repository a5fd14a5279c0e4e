"""What stands of warnings at the places of the two counties, where the fields do not say it."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from anlan.kernel import clock
from anlan.registry.data import Colour
from anlan.warning.models import AnswerLimit


def warnings(world: Any, code: str) -> list[dict[str, Any]]:
    """Return the open warning of a town, and one that has ended and can be judged."""
    plain = {"hazard": "flash_flood", "colour": 3}
    return [
        plain | {"number": f"{code}-1", "state": "open"},
        plain | {"number": f"{code}-2", "state": "lifted", "ended_at": clock.now()},
    ]


def areas(world: Any, code: str) -> list[dict[str, Any]]:
    """Return that a village stands under the open warning, and stood under the one that ended."""
    standing, ended = world.rows[f"{code[:9]}000"]["warning.HazardWarning"][:2]
    return [{"warning": standing}, {"warning": ended, "released_at": clock.now()}]


def verdicts(world: Any, code: str) -> list[dict[str, Any]]:
    """Return what the warning of a town that has ended turned out to be."""
    return [{"warning": world.rows[code]["warning.HazardWarning"][1]}]


def tests(world: Any, code: str) -> list[dict[str, Any]]:
    """Return an open test of a village."""
    return [{"ends_at": clock.now() + timedelta(hours=6)}]


def calls(world: Any, code: str) -> list[dict[str, Any]]:
    """Return the call to the person of a village."""
    person = world.one("registry.Person", code)
    due = clock.now() + timedelta(minutes=10)
    return [{"ladder": [["person", person.pk, 10]], "state": "waiting", "due_at": due}]


def providers(world: Any, code: str) -> list[dict[str, Any]]:
    """Return a county's way to phones, and its way to loudspeakers."""
    broker = {"kind": "loudspeaker_mqtt", "name": f"标{code}乙", "address": "mqtt://127.0.0.1:9"}
    return [{"kind": "sms"}, broker]


def loudspeakers(world: Any, code: str) -> list[dict[str, Any]]:
    """Return the loudspeaker of a village."""
    broker = world.rows[f"{code[:6]}000000"]["warning.ChannelProvider"][1]
    return [{"provider": broker, "device": f"village-{code}"}]


def drafts(world: Any, code: str) -> list[dict[str, Any]]:
    """Return a draft of a place that waits, of a colour whose answers have a limit."""
    since = {"minutes": 15, "source": "walk", "effective_from": date(2020, 1, 1)}
    AnswerLimit.objects.get_or_create(colour=Colour.BLUE, hazard="", rung="", defaults=since)
    plain = {"hazard": "earthquake", "colour": 1, "origin": "person", "state": "waiting"}
    first = {"upper": None, "follows": None, "family": None}
    return [plain | first | {"areas": [code], "title": "", "text": "", "instruction": ""}]


OF_WARNINGS: Mapping[str, Callable[[Any, str], list[dict[str, Any]]]] = {
    "warning.HazardWarning": warnings,
    "warning.WarningArea": areas,
    "warning.WarningVerdict": verdicts,
    "warning.WarningDraft": drafts,
    "warning.CommunicationTest": tests,
    "warning.WarningSource": lambda world, code: [{"trusted_certificates": ""}],
    "warning.ChannelProvider": providers,
    "warning.Loudspeaker": loudspeakers,
    "warning.Summons": calls,
}
