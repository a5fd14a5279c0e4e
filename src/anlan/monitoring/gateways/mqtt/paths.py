"""Paths into JSON: a chain of keys and indexes such as `data.0.rain`."""

import re
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from anlan.monitoring.gateways.mqtt.refusals import PayloadRefused, Reason

LONGEST, MOST_STEPS = 200, 16
ROOT: Final = "$"
_STEP = re.compile(r"((?:[^.\\]|\\.)+)(?:\.|$)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_INDEX = re.compile(r"-?\d{1,6}", re.ASCII)


class BadPath(ValueError):
    """A text that is no path."""


class Step(NamedTuple):
    """One step down: by a key, or by an index where the text can be one."""

    key: str
    place: int | None


@dataclass(frozen=True)
class Path:
    """Where a value stands. One that begins with `$` starts at the payload, others at its record.

    A dot within a key is written with a backslash before it; an index counts from 0, from the end
    with a minus.
    """

    text: str
    steps: tuple[Step, ...]
    is_from_root: bool

    def value_in(self, payload: Any, record: Any) -> Any:
        """Return what stands there; raise PayloadRefused naming the step that leads nowhere."""
        found = payload if self.is_from_root else record
        for number, (key, place) in enumerate(self.steps, start=1):
            if isinstance(found, dict) and key in found:
                found = found[key]
            elif isinstance(found, list) and place is not None and _holds(found, place):
                found = found[place]
            else:
                gone = ".".join(step.key for step in self.steps[:number])
                raise PayloadRefused(
                    Reason.NO_SUCH_PATH, path=self.text, value=f"{gone} ← {_kind(found)}"
                )
        return found


def path_of(text: Any) -> Path:
    """Return the path that a text means; raise BadPath for one that means none."""
    if not isinstance(text, str) or len(text) > LONGEST or text != text.strip():
        raise BadPath(text)
    if text == ROOT:
        return Path(text, (), is_from_root=True)
    is_from_root = text.startswith(f"{ROOT}.")
    steps = tuple(_steps(text.removeprefix(f"{ROOT}.") if is_from_root else text))
    if not 1 <= len(steps) <= MOST_STEPS:
        raise BadPath(text)
    return Path(text, steps, is_from_root=is_from_root)


def _steps(text: str) -> list[Step]:
    found, at, ends_with_dot = [], 0, False
    while at < len(text):
        step = _STEP.match(text, at)
        if step is None:
            raise BadPath(text)
        key = _ESCAPED.sub(r"\1", step[1])
        found.append(Step(key, int(key) if _INDEX.fullmatch(key) else None))
        ends_with_dot, at = step[0] != step[1], step.end()
    if ends_with_dot:
        raise BadPath(text)
    return found


def _holds(found: list[Any], place: int) -> bool:
    return -len(found) <= place < len(found)


def _kind(value: Any) -> str:
    """Return what a value is, with the keys that it has."""
    if isinstance(value, dict):
        return "{" + ", ".join(list(value)[:6]) + "}"
    return f"[{len(value)}]" if isinstance(value, list) else type(value).__name__
