"""The environment of a command: set before Django reads its settings, then Django is set up."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import django

DEMO_FILE = "demo.sqlite3"


def wanted(arguments: Sequence[str], *, present: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a command line needs beyond those already set.

    `anlan demo` is a drill: its own file, the virtual clock's queue, no real phone. It may lose
    its file when the power fails, so that file is written without waiting for the disk.
    """
    variables = {"DJANGO_SETTINGS_MODULE": "anlan.config.settings"}
    if "demo" in arguments[:1]:
        home = Path(present.get("ANLAN_HOME", "var")).absolute()
        variables |= {
            "ANLAN_DRILL": "yes",
            "ANLAN_DATABASE_URL": f"sqlite:///{home / DEMO_FILE}",
            "ANLAN_SQLITE_SYNCHRONOUS": "OFF",
        }
    return variables


def prepare() -> None:
    """Set the environment for the command line at hand and set Django up."""
    os.environ.update(wanted(sys.argv[1:], present=os.environ))
    django.setup()
