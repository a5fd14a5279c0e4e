"""`python -m anlan` is `anlan`."""

from anlan.cli.main import app

app()
