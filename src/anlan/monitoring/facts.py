"""What monitoring announces."""

from anlan.kernel.facts import Fact

thresholds_crossed = Fact()
"""Stations stand over a threshold or over a higher one. Carries `exceedance_ids`."""

thresholds_cleared = Fact()
"""Stations have stayed below for the holding time. Carries `exceedance_ids`."""

macro_anomaly_verified = Fact()
"""Somebody at the county has verified a macro anomaly (宏观异常). Carries `report_ids`."""

silences_raised = Fact()
"""Stations have been silent for so long that somebody must be told. Carries `silence_ids`."""
