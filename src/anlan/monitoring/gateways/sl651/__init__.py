"""Speak SL 651-2014, the telemetry protocol of Chinese hydrological stations."""
