"""The evening with its accounts, for the register's pages as for the others."""

from collections.abc import Iterator
from typing import Any

import pytest

from anlan.registry.facts import divisions_redrawn
from tests.rooms.web.conftest import evening, visit

__all__ = ["evening", "visit"]


@pytest.fixture
def facts() -> Iterator[list[dict[str, Any]]]:
    """Hear what is announced about redrawn divisions."""
    heard: list[dict[str, Any]] = []

    def listen(sender: object, *, signal: object, **payload: Any) -> None:
        heard.append(payload)

    divisions_redrawn.connect(listen, weak=False, dispatch_uid="test")
    yield heard
    divisions_redrawn.disconnect(dispatch_uid="test")
