"""What relief announces."""

from django.dispatch import Signal

moves_ordered = Signal()
"""Households are to leave. Carries `move_uuids`."""
