"""Any of the services that Apprise knows, by its address."""
