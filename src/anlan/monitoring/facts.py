"""What monitoring announces."""

from anlan.kernel.facts import Fact

thresholds_crossed = Fact()
"""Stations stand over a threshold or over a higher one. Carries `exceedance_ids`."""

thresholds_cleared = Fact()
"""Stations have stayed below for the holding time. Carries `exceedance_ids`."""
