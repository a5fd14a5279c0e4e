"""The environment of a command: set before Django reads its settings, then Django is set up."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import django

DEMO_FILE = "demo.sqlite3"
# Whoever tries the demo has no phone to prove, and its passwords are as old as its storm.
DEMO_DOOR = {"ANLAN_SECOND_FACTOR": "optional", "ANLAN_PASSWORD_DAYS": "0"}
OWN_FILE = "anlan.sqlite3"


def wanted(arguments: Sequence[str], *, present: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a command line needs beyond those already set.

    `anlan demo` is a drill: its own file, the virtual clock's queue, no real phone. It may lose
    its file when the power fails, so that file is written without waiting for the disk. Any other
    command looks at the demo's file as long as there is no database of the county's own.
    """
    variables = {"DJANGO_SETTINGS_MODULE": "anlan.config.settings"}
    home = Path(present.get("ANLAN_HOME", "var")).absolute()
    demo = {"ANLAN_DATABASE_URL": f"sqlite:///{home / DEMO_FILE}"}
    if "demo" in arguments[:1]:
        return variables | demo | {"ANLAN_DRILL": "yes", "ANLAN_SQLITE_SYNCHRONOUS": "OFF"}
    has_own = "ANLAN_DATABASE_URL" in present or _holds_data(home / OWN_FILE)
    if has_own or not _holds_data(home / DEMO_FILE):
        return variables
    return variables | demo | {k: v for k, v in DEMO_DOOR.items() if k not in present}


def _holds_data(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def prepare() -> None:
    """Set the environment for the command line at hand and set Django up."""
    os.environ.update(wanted(sys.argv[1:], present=os.environ))
    django.setup()
