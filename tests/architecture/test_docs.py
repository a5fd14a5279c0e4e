"""The pages say what is true: commands exist, links lead somewhere, the version has its entry."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer

from anlan.cli.main import app
from tests.architecture.tree import ROOT

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|work|home|Users)/\w+")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
VARIABLE = re.compile(r"\bANLAN_[A-Z_]*[A-Z]\b")
TEXTS = (".py", ".sh", ".md", ".toml", ".html", ".js", ".css", ".po", ".in", ".yaml", ".cfg")


def pages() -> list[Path]:
    """Return every page for people."""
    folders = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.md")]
    return sorted(path for path in folders if "node_modules" not in path.parts)


def texts(*folders: str) -> Iterator[Path]:
    """Give every text file that is ours under these folders."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in TEXTS and "vendor" not in path.parts:
                yield path


def commands_in(page: str) -> Iterator[list[str]]:
    """Give the words of each command that a page shows: lines of code blocks and short code."""
    lines = [line for block in FENCE.findall(page) for line in block.splitlines()]
    for line in [*lines, *CODE.findall(FENCE.sub("", page))]:
        words = line.split("#")[0].strip().removeprefix("$ ").removeprefix(".venv/bin/")
        if words.startswith(("make ", "anlan ")):
            yield shlex.split(words)


def make_targets() -> set[str]:
    """Return the targets of the Makefile."""
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def command_fault(words: list[str], *, targets: set[str], top: object) -> str | None:
    """Return what is wrong with a command that a page shows, or None."""
    asked = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    if words[0] == "make":
        return next((f"make has no {word}" for word in asked if word not in targets), None)
    step = top
    for word in asked:
        # A group has `commands`; what follows a command that is no group are its arguments.
        commands = getattr(step, "commands", None)
        if commands is None:
            return None
        if getattr(step, "invoke_without_command", False) and word not in commands:
            return None  # the value of an option of the group itself
        if word not in commands:
            return f"anlan has no {word}"
        step = commands[word]
    return None


def test_commands_exist() -> None:
    top = typer.main.get_command(app)
    faults = [
        f"{page.relative_to(ROOT)}: {shlex.join(words)}: {fault}"
        for page in pages()
        for words in commands_in(page.read_text())
        if (fault := command_fault(words, targets=make_targets(), top=top))
    ]
    assert not faults, "\n".join(faults)


def test_links_lead_somewhere() -> None:
    faults = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages()
        for target in LINK.findall(page.read_text())
        if "://" not in target and not target.startswith(("#", "mailto:"))
        if not (page.parent / target.partition("#")[0]).exists()
    ]
    assert not faults, "\n".join(faults)


def test_the_version_has_its_entry() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text()


def test_nothing_names_a_folder_of_one_machine() -> None:
    files = [
        *texts("src", "tests", "scripts", "docs", "requirements", "bench"),
        *ROOT.glob("*.md"),
        ROOT / "Makefile",
    ]
    faults = [
        str(path.relative_to(ROOT)) for path in files if MACHINE_PATH.search(path.read_text())
    ]
    assert not faults, "\n".join(faults)


def test_nothing_is_left_for_later() -> None:
    faults = [
        str(path.relative_to(ROOT))
        for path in texts("src", "tests", "scripts")
        if UNFINISHED.search(path.read_text())
    ]
    assert not faults, "\n".join(faults)


def test_locks_name_no_address() -> None:
    for path in (ROOT / "requirements").iterdir():
        assert "://" not in path.read_text(), path.name
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_every_variable_is_told_to_operators() -> None:
    settings = (ROOT / "src" / "anlan" / "config" / "settings.py").read_text()
    read = set(re.findall(r"[\"'](ANLAN_[A-Z_]+)[\"']", settings))
    told = set(VARIABLE.findall((ROOT / "docs" / "operators.md").read_text()))
    assert not read - told


@pytest.mark.parametrize(
    ("words", "is_right"),
    [
        (["make", "demo", "SERVE=no"], True),
        (["make", "tea"], False),
        (["anlan", "journal", "verify"], True),
        (["anlan", "journal", "burn"], False),
        (["anlan", "figures", "--json"], True),
    ],
)
def test_a_command_that_does_not_exist_is_seen(words: list[str], is_right: bool) -> None:
    journal = SimpleNamespace(commands={"verify": SimpleNamespace()})
    top = SimpleNamespace(commands={"journal": journal, "figures": SimpleNamespace()})
    assert (command_fault(words, targets={"demo"}, top=top) is None) is is_right


def test_commands_are_found_in_a_page() -> None:
    page = "Type `make demo`.\n```\n$ make test  # all\n.venv/bin/anlan figures --json\n```\n`make`"
    assert [words[:2] for words in commands_in(page)] == [
        ["make", "test"],
        ["anlan", "figures"],
        ["make", "demo"],
    ]
