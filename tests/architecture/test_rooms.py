"""Every room has a door and a page: what it owns, reads and tells, and what it never does."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import PACKAGE, room_folders

PARTS = ("owns", "reads", "tells", "never")
LONGEST_PART = 5
# Nobody enters web: it stands on the top floor and is reached by its addresses alone.
WITHOUT_A_DOOR = frozenset({"web"})


def faults_of(folder: Path) -> Iterator[str]:
    """Give what a room lacks."""
    door = () if folder.name in WITHOUT_A_DOOR else ("api.py", "data.py")
    for name in (*door, "README.md"):
        if not (folder / name).exists():
            yield f"{folder.name} has no {name}"
    if (folder / "README.md").exists():
        yield from (
            f"{folder.name}/README.md {fault}"
            for fault in page_faults((folder / "README.md").read_text())
        )


def page_faults(text: str) -> Iterator[str]:
    """Give each part of a room's page that is missing, empty or longer than five lines."""
    parts = re.split(r"^#+ +", text, flags=re.MULTILINE)
    bodies = {part.partition("\n")[0].strip().lower(): part.partition("\n")[2] for part in parts}
    for name in PARTS:
        lines = [line for line in bodies.get(name, "").splitlines() if line.strip()]
        if not lines:
            yield f"has no part headed {name.capitalize()}"
        elif len(lines) > LONGEST_PART:
            yield f"says more than {LONGEST_PART} lines under {name.capitalize()}"


def test_every_room_is_whole() -> None:
    faults = [fault for folder in room_folders(PACKAGE) for fault in faults_of(folder)]
    assert not faults, "\n".join(faults)


PAGE = "# Warning\n## Owns\nwarnings\n## Reads\nregistry\n## Tells\nissued\n## Never\nsends twice\n"


def test_a_room_without_a_door_is_seen(tmp_path: Path) -> None:
    room = tmp_path / "warning"
    room.mkdir()
    (room / "__init__.py").touch()
    assert not room_folders(tmp_path)
    (room / "models.py").touch()
    assert room_folders(tmp_path) == [room]
    assert len(list(faults_of(room))) == len(("api.py", "data.py", "README.md"))
    for name in ("api.py", "data.py"):
        (room / name).touch()
    (room / "README.md").write_text(PAGE)
    assert not list(faults_of(room))


def test_a_page_that_says_too_little_or_too_much_is_seen() -> None:
    assert not list(page_faults(PAGE))
    assert list(page_faults(PAGE.replace("## Never", "## Ever")))
    assert list(page_faults(PAGE.replace("issued\n", "")))
    assert list(page_faults(PAGE.replace("issued\n", "issued\n" * 6)))
