"""The warning room's decisions: values and `now` in, a decision out."""
