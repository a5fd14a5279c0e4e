"""What monitoring announces."""

from django.dispatch import Signal

thresholds_crossed = Signal()
"""Stations stand over a threshold or over a higher one. Carries `exceedance_ids`."""

thresholds_cleared = Signal()
"""Stations have stayed below for the holding time. Carries `exceedance_ids`."""
