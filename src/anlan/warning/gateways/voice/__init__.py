"""Calls that read a text aloud and take a key."""
