"""What the Makefile starts besides Anlan itself."""
