"""What crosses assessment's door."""
