"""A room imports only from floors below its own: import-linter says so, from pyproject.toml."""

import pytest
from importlinter.cli import lint_imports

from tests.architecture.tree import PACKAGE, ROOT, floor_of, rooms


def test_imports_point_down(capsys: pytest.CaptureFixture[str]) -> None:
    code = lint_imports(
        config_filename=str(ROOT / "pyproject.toml"), cache_dir=str(ROOT / ".import_linter_cache")
    )
    assert code == 0, capsys.readouterr().out


def test_the_floors_stand_in_the_order_of_the_chain() -> None:
    upwards = (
        "registry",
        "monitoring",
        "warning",
        "command",
        "relief",
        "assessment",
        "drills",
        "web",
    )
    assert sorted(upwards, key=floor_of) == list(upwards)
    assert floor_of("kernel") == floor_of("science") == 0
    assert floor_of("supplies") == floor_of("plans") == floor_of("monitoring")


def test_every_folder_stands_on_a_floor() -> None:
    known = rooms() | {"config", "cli", "kernel", "science"}
    found = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert found <= known
