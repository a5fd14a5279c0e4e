"""The register for other programs: typed endpoints over the same tables, queries and actions."""
