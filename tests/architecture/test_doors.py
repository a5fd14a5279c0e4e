"""A room is entered by its door alone: `api.py` for what it does, `data.py` for what it says."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.tree import Module, expressions, module_of, modules, rooms

DOOR = frozenset({"api", "data"})
# chain.py connects facts to tasks; config installs the rooms and cli starts the program.
WIDER_DOORS = {"chain": DOOR | {"facts", "tasks"}}
MAY_ENTER_ANYWHERE = frozenset({"config", "cli"})


def side_entries(module: Module) -> Iterator[str]:
    """Give each place where a module enters another room by something that is not its door."""
    if module.room in MAY_ENTER_ANYWHERE:
        return
    door = WIDER_DOORS.get(module.room, DOOR)
    for each in module.imports():
        room, entered = (*each.target, "", "")[:2]
        if room in rooms() and room != module.room and entered not in door:
            yield f"{module.path}:{each.line} enters {room} by {entered or 'the room itself'}"
    yield from hidden_entries(module, door)


def hidden_entries(module: Module, door: frozenset[str]) -> Iterator[str]:
    """Give each text that names a module of another room, and each model fetched by its name."""
    for node in expressions(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            first, room, entered = (*node.value.split("."), "", "", "")[:3]
            if first == "anlan" and room in rooms() - {module.room} and entered not in {*door, ""}:
                yield f"{module.path}:{node.lineno} names {node.value!r}"
        elif module.room in rooms() and getattr(node, "attr", "") == "get_model":
            yield f"{module.path}:{node.lineno} fetches a model by name: call a query"


def test_rooms_are_entered_by_their_doors() -> None:
    faults = [fault for module in modules() for fault in side_entries(module)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "source",
    [
        "from anlan.registry.models import Division",
        "from anlan.registry import models",
        "import anlan.registry.queries",
        "import anlan.registry",
        "from anlan.registry import facts",
        "def later():\n    from anlan.registry.models import Division",
        "from ..registry.models import Division",
        "MODEL = import_string('anlan.registry.models.Division')",
        "apps.get_model('registry', 'Division')",
    ],
)
def test_a_side_entry_is_seen(source: str) -> None:
    assert list(side_entries(module_of("warning/queries.py", source)))


@pytest.mark.parametrize(
    "source",
    [
        "from anlan.registry.api import people_of",
        "from anlan.registry import api, data",
        "from anlan.warning.models import HazardWarning",
        "from anlan.kernel.models import JournalEntry",
        "from . import models",
        "from .models import HazardWarning",
        "from django.apps import apps",
    ],
)
def test_a_door_is_let_through(source: str) -> None:
    assert not list(side_entries(module_of("warning/queries.py", source)))


def test_the_chain_may_see_facts_and_tasks_and_no_models() -> None:
    chain = "from anlan.monitoring.facts import threshold_crossed\nfrom anlan.warning import tasks"
    assert not list(side_entries(module_of("chain.py", chain)))
    assert list(
        side_entries(module_of("chain.py", "from anlan.warning.models import HazardWarning"))
    )
