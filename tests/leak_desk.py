"""What the leak test knows of the duty desk."""

from collections.abc import Mapping
from typing import Any

from anlan.registry.data import Permission
from tests.leak_patterns import Body

ABOUT: Mapping[str, tuple[str, str]] = {
    "desk_dial": ("warning.Summons", "uuid"),
    "desk_answer": ("warning.Summons", "uuid"),
    "desk_attempt": ("warning.Summons", "uuid"),
}
WRITES: Mapping[str, str] = {
    "desk_dial": "nothing",  # a number is shown, and that is journalled
    "desk_answer": Permission.RECORD_ANSWERS,
    "desk_attempt": Permission.RECORD_ANSWERS,
}
FORMS: Mapping[str, Mapping[str, str]] = {
    "desk_dial": {},
    "desk_answer": {"word": "received"},
    "desk_attempt": {"reason": "busy"},
}


def of_desk(world: Any, visitor: Any, case: Any) -> list[Body]:
    """Return what the desk sends of a call."""
    return [Body(FORMS[case.name])]
