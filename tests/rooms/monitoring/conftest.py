"""The gauges and stations that people look at by eye."""

import pytest
from pytest_django.fixtures import Settings

from tests.by_hand import ByHand, make_by_hand
from tests.cast import Cast
from tests.evening import QUICK_HASH
from tests.rooms.web.conftest import evening, visit

__all__ = ["evening", "hand", "visit"]


@pytest.fixture
def hand(cast: Cast, settings: Settings) -> ByHand:
    """Write what is read by eye, and who reads it."""
    settings.PASSWORD_HASHERS = QUICK_HASH
    return make_by_hand(cast)
