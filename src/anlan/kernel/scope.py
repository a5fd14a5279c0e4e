"""The one scope: which divisions the present work may see.

Every row that belongs to a place carries a division code, and authority is a set of code
prefixes. A query made while no scope is active raises: forgetting it is a fault, not a leak.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.db import models

from anlan.kernel.codes import Level, code_range, prefix_of


class NoActiveScope(RuntimeError):
    """A scoped table was read although nobody had said for whom."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} was read with no scope active; use scope.limited_to() or scope.everywhere()"
        )


@dataclass(frozen=True)
class Scope:
    """What the present work may see: the prefixes of its divisions, or everything for a reason."""

    prefixes: tuple[str, ...]
    reason: str = ""

    @property
    def is_everywhere(self) -> bool:
        """Tell whether no division is out of sight."""
        return self.prefixes == ("",)

    def sees(self, code: str) -> bool:
        """Tell whether the division with this code is in sight."""
        return any(code.startswith(prefix) for prefix in self.prefixes)


_active: ContextVar[Scope | None] = ContextVar("anlan_scope", default=None)


def active() -> Scope:
    """Return the scope in force; raise NoActiveScope when there is none."""
    found = _active.get()
    if found is None:
        raise NoActiveScope("the scope")
    return found


@contextmanager
def limited_to(codes: Iterable[str]) -> Iterator[Scope]:
    """See only these divisions and what lies in them until the block ends."""
    token = _active.set(Scope(prefixes=narrowest(codes)))
    try:
        yield active()
    finally:
        _active.reset(token)


@contextmanager
def everywhere(reason: str) -> Iterator[Scope]:
    """See every division until the block ends; `reason` says what work needs that."""
    token = _active.set(Scope(prefixes=("",), reason=reason))
    try:
        yield active()
    finally:
        _active.reset(token)


def narrowest(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the prefixes of these divisions without those that another one already holds."""
    kept: dict[str, None] = {}
    for prefix in sorted({prefix_of(code) for code in codes}, key=lambda text: (len(text), text)):
        if not any(prefix[:digits] in kept for digits in Level):
            kept[prefix] = None
    return tuple(kept)


def within(path: str, prefixes: Iterable[str]) -> models.Q:
    """Return the condition that the code at `path` carries one of the prefixes."""
    condition = models.Q(pk__in=[])
    for low, high in _joined(code_range(prefix) for prefix in prefixes):
        condition |= models.Q(**{f"{path}__gte": low, f"{path}__lte": high})
    return condition


def _joined(ranges: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the ranges with those joined that overlap or between which no code lies.

    Counties side by side become one range: a query of a hundred conditions takes ten times as long.
    """
    found: list[tuple[str, str]] = []
    for low, high in sorted(ranges):
        if found and int(low) <= int(found[-1][1]) + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


M = TypeVar("M", bound="ScopedModel")


class ScopedManager(models.Manager[M]):
    """A manager whose every query is narrowed to the active scope."""

    def get_queryset(self) -> models.QuerySet[M]:
        """Return the rows in sight; raise NoActiveScope when no scope is active."""
        scope = _active.get()
        if scope is None:
            raise NoActiveScope(self.model.__name__)
        rows = super().get_queryset()
        if scope.is_everywhere:
            return rows
        return rows.filter(within(self.model.scope_path, scope.prefixes))


class ScopedModel(models.Model):
    """A row that belongs to a place. `scope_path` leads to its division code."""

    scope_path: ClassVar[str] = "division_id"
    personal_data: ClassVar[tuple[str, ...]] = ()

    objects: ClassVar[ScopedManager[Any]] = ScopedManager()

    class Meta:
        abstract = True
