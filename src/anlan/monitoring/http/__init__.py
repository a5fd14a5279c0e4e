"""Readings for other programs, in the shape of OGC SensorThings 1.1: sent in, and read out."""
