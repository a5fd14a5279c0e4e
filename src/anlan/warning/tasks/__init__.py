"""The warning room's background work."""
