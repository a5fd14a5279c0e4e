"""The door of supplies."""

from anlan.supplies.actions.restore_snapshot import restore_snapshot

__all__ = ["restore_snapshot"]
