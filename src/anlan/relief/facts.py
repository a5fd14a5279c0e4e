"""What relief announces."""

from anlan.kernel.facts import Fact

moves_ordered = Fact()
"""Households are to leave. Carries `move_uuids`."""
