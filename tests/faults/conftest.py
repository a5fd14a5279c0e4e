"""Fixtures of the tests that really kill: a database of their own, and who is in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from anlan.kernel.scope import everywhere
from tests.own_database import OwnDatabase, own_database


@pytest.fixture
def own(transactional_db: None, tmp_path: Path) -> Iterator[OwnDatabase]:
    """Give a database that processes can share, with every division in sight of the test."""
    with everywhere("tests"), own_database(tmp_path) as database:
        yield database
