"""The drills' door."""

from anlan.drills.replay import replay

__all__ = ["replay"]
