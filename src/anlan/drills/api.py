"""The drills' door."""

from anlan.drills.replay import Burst, ReplayCount, replay

__all__ = ["Burst", "ReplayCount", "replay"]
