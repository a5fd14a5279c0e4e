"""Monitoring's background work."""
