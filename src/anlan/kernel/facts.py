"""A fact that a room announces, and that the chain alone connects."""

from django.dispatch import Signal as Fact

__all__ = ["Fact"]
