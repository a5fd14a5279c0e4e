"""Files and functions stay small. The statements and branches of a function are ruff's to count."""

import ast
import statistics
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.architecture.tree import ROOT, functions, modules

LIMIT, SCIENCE_LIMIT, TEMPLATE_LIMIT = 400, 500, 200
MEDIAN_FUNCTION = 12

# Files past the stop, with the lines they have. This list may only shrink: take a file off it
# when it is cut, lower its number when it gets shorter, and never add one.
TOO_LONG: dict[str, int] = {}


def limit_for(path: str) -> int | None:
    """Return how many lines a file may have, or None when nobody counts them."""
    if "/migrations/" in path or "/vendor/" in path:
        return None
    if path.endswith(".html"):
        return TEMPLATE_LIMIT
    if path.endswith((".py", ".js", ".css")):
        return SCIENCE_LIMIT if path.startswith("src/anlan/science/") else LIMIT
    return None


def files(root: Path) -> dict[str, int]:
    """Return the lines of every file that has a limit."""
    counted = {}
    for folder in ("src", "tests", "scripts", "bench"):
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and limit_for(name) is not None:
                counted[name] = len(path.read_text().splitlines())
    return counted


def size_faults(lengths: Mapping[str, int], listed: Mapping[str, int]) -> Iterator[str]:
    """Give each file that is too long and not listed, has grown, or is listed without need."""
    for name, lines in lengths.items():
        limit = limit_for(name) or 0
        if name not in listed and lines > limit:
            yield f"{name} has {lines} lines, {limit} are allowed: cut it"
        elif name in listed and lines > listed[name]:
            yield f"{name} grew from {listed[name]} to {lines} lines"
        elif name in listed and lines <= limit:
            yield f"{name} is short enough now: take it off the list"
    for name in listed.keys() - lengths.keys():
        yield f"{name} is listed and does not exist: take it off the list"


def lengths_of_functions(tree: ast.AST) -> list[int]:
    """Return the lines of every function, from `def` to its end."""
    return [(node.end_lineno or node.lineno) - node.lineno + 1 for node in functions(tree)]


def test_files_are_short() -> None:
    faults = list(size_faults(files(ROOT), TOO_LONG))
    assert not faults, "\n".join(faults)


def test_the_median_function_is_short() -> None:
    lengths = [length for module in modules() for length in lengths_of_functions(module.tree)]
    if lengths:
        assert statistics.median(lengths) < MEDIAN_FUNCTION


def test_long_files_are_seen_and_the_list_only_shrinks() -> None:
    name = "src/anlan/warning/queries.py"
    assert list(size_faults({name: 401}, {}))
    assert not list(size_faults({name: 400}, {}))
    assert not list(size_faults({name: 450}, {name: 450}))
    assert list(size_faults({name: 451}, {name: 450}))
    assert list(size_faults({name: 399}, {name: 450}))
    assert list(size_faults({}, {name: 450}))
    assert not list(size_faults({"src/anlan/science/rain.py": 480}, {}))
    assert list(size_faults({"src/anlan/web/templates/web/map.html": 201}, {}))
