"""What the registry announces."""

from anlan.kernel.facts import Fact

redrawing_asked = Fact()
"""Divisions are about to get other codes. Carries `codes`, those that will end or be divided.

Sent before anything is written, also for a dry run: a room above that cannot follow now raises
RedrawingRefused, and nothing happens.
"""

divisions_redrawn = Fact()
"""Divisions got other codes. Carries `moves`, pairs of an old code and one that follows it, and
`on`, the day in ISO form. Where several follow one old code, the first of them is its heir."""
