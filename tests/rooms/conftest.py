"""Every room meets the same small cast."""

from tests.fixtures import cast, phones, virtual

__all__ = ["cast", "phones", "virtual"]
