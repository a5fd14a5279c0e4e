from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.cast import Cast
from tests.entrance import logged_in
from tests.evening import QUICK_HASH, Evening, make_evening

Visit = Callable[[str], Client]


@pytest.fixture
def evening(cast: Cast, settings: Settings) -> Evening:
    """Let the rain have fallen on the upper town."""
    settings.PASSWORD_HASHERS = QUICK_HASH
    return make_evening(cast)


@pytest.fixture
def visit(evening: Evening) -> Visit:
    """Return a browser in which somebody of the evening is logged in."""

    def log_in(name: str) -> Client:
        return logged_in(evening.accounts[name])

    return log_in
