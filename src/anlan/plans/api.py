"""The plans' door."""

from anlan.plans.actions.restore_snapshot import restore_snapshot
from anlan.plans.queries.levels import levels_called, outlines_for

__all__ = ["levels_called", "outlines_for", "restore_snapshot"]
