"""Monitoring's decisions: values and `now` in, a decision out."""
