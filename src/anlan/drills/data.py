"""What crosses the drills' door."""
