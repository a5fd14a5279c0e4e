"""CAP 1.2 (OASIS Common Alerting Protocol): upper-level warnings as they come over the wire."""
