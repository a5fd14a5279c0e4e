"""Spreadsheets of what was seen by eye: their columns, what they would do, what stands there."""
