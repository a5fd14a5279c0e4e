"""Spreadsheets from and to the offices: read, understood cell by cell, and written."""
