"""Compute with numbers and arrays: no Django, no clock, no chance, no input or output."""
