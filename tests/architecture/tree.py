"""The program as the architecture tests see it: its modules, what each imports, and the floors."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "anlan"


@cache
def floors() -> tuple[frozenset[str], ...]:
    """Return the names on each floor, the top floor first, as the import contract states them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(each for each in contracts["contracts"] if each["id"] == "floors")["layers"]
    words = (layer.replace("|", " ").replace(":", " ").split() for layer in layers)
    return tuple(frozenset(word.strip("()") for word in names) for names in words)


def floor_of(name: str) -> int:
    """Return the height of a room or a floor, 0 at the bottom."""
    return next(height for height, names in enumerate(reversed(floors())) if name in names)


NOT_ROOMS = frozenset({"config", "cli", "chain", "kernel", "science"})


def rooms() -> frozenset[str]:
    """Return the names of all rooms that the house has space for."""
    return frozenset().union(*floors()) - NOT_ROOMS


@dataclass(frozen=True)
class Import:
    """One imported module, with the name taken from it when there is one."""

    line: int
    module: str
    name: str = ""

    @property
    def target(self) -> tuple[str, ...]:
        """Return what is imported as room, file, name; nothing when it is not ours."""
        parts = tuple(self.module.split(".")) + ((self.name,) if self.name else ())
        return parts[1:] if parts[0] == "anlan" else ()


@dataclass(frozen=True)
class Module:
    """One Python file of the program, its path counted from src/anlan."""

    path: PurePosixPath
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        """Return the parsed file."""
        return ast.parse(self.source, filename=str(self.path))

    @property
    def room(self) -> str:
        """Return the room or floor that the file stands in."""
        return self.path.parts[0].removesuffix(".py")

    @property
    def stem(self) -> str:
        """Return the file's name without its ending."""
        return self.path.stem

    @property
    def is_migration(self) -> bool:
        """Tell whether Django wrote the file."""
        return "migrations" in self.path.parts

    def imports(self) -> Iterator[Import]:
        """Give every import, wherever in the file it stands, relative ones made absolute."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Import(node.lineno, alias.name)
            elif isinstance(node, ast.ImportFrom):
                source = self._absolute(node)
                for alias in node.names:
                    yield Import(node.lineno, source, alias.name)

    def _absolute(self, node: ast.ImportFrom) -> str:
        """Return the module that an import statement names, counted from the top."""
        if not node.level:
            return node.module or ""
        base = ("anlan", *self.path.parts[:-1])
        kept = base[: len(base) - node.level + 1]
        return ".".join((*kept, *([node.module] if node.module else [])))


def modules_under(folder: Path) -> list[Module]:
    """Return every Python file under a folder laid out like src/anlan."""
    return [
        Module(PurePosixPath(path.relative_to(folder).as_posix()), path.read_text())
        for path in sorted(folder.rglob("*.py"))
    ]


@cache
def modules() -> tuple[Module, ...]:
    """Return every Python file of the program except migrations."""
    return tuple(module for module in modules_under(PACKAGE) if not module.is_migration)


def module_of(path: str, source: str) -> Module:
    """Return a module made up by a test of the tests."""
    return Module(PurePosixPath(path), source)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Give every function and method of a parsed file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def expressions(tree: ast.AST) -> Iterator[ast.expr]:
    """Give every expression of a parsed file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            yield node


def room_folders(package: Path) -> list[Path]:
    """Return the folders of rooms that have been begun: that hold more than `__init__.py`."""
    folders = (path for path in sorted(package.iterdir()) if path.is_dir() and path.name in rooms())
    return [
        path for path in folders if any(each.name != "__init__.py" for each in path.glob("*.py"))
    ]
