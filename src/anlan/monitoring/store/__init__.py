"""Readings in bulk: the one place that writes and fetches them with SQL of its own.

The object mapper writes some 25,000 rows a second here, a binary copy ten times that; a storm over
a county needs the difference.
"""
