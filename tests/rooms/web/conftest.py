from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.cast import Cast
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
        client = Client(headers={"accept-language": "zh-CN"})
        client.force_login(
            evening.accounts[name], backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return log_in
