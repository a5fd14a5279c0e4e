"""What the register lacks: one pure rule a function, over rows that the queries load."""
