"""What ruff's bans cannot say: signals, names, doors without logic, tests that test."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import pytest

from tests.architecture.tree import ROOT, Module, module_of, modules, modules_under

VAGUE = frozenset(
    {
        "utils",
        "util",
        "helpers",
        "helper",
        "common",
        "manager",
        "managers",
        "handler",
        "handlers",
        "misc",
    }
)
AUTOMATIC = frozenset({"auto_now", "auto_now_add"})

# What a value that crosses a door may take from Django.
CHOICES = frozenset({"TextChoices", "IntegerChoices"})

Rule = Callable[[Module], Iterator[str]]


def signals(module: Module) -> Iterator[str]:
    """Give each signal that is not declared in facts.py and connected in chain.py."""
    for each in module.imports():
        if each.module.startswith("django.db.models.signals") or each.name == "receiver":
            yield f"{module.path}:{each.line} listens to a signal: connect the fact in chain.py"
        elif each.module.startswith("django.dispatch") and module.stem != "facts":
            yield f"{module.path}:{each.line} makes a signal: declare the fact in facts.py"
    if module.room == "chain":
        return
    taken = {each.name for each in module.imports() if each.module.endswith(".facts")}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr == "connect":
            names = {child.id for child in ast.walk(node.value) if isinstance(child, ast.Name)}
            if names & {*taken, "facts"}:
                yield f"{module.path}:{node.lineno} connects a fact: only chain.py does"


def automatic_times(module: Module) -> Iterator[str]:
    """Give each field that reads the machine's clock by itself."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.keyword) and node.arg in AUTOMATIC:
            yield f"{module.path}:{node.value.lineno} {node.arg}: pass the action's `now`"


def hidden_clocks(module: Module) -> Iterator[str]:
    """Give each call that reads the machine's clock because it is not given a time."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and not node.args and not node.keywords:
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in {"localtime", "localdate", "gmtime", "naturaltime"}:
                yield f"{module.path}:{node.lineno} {name}() reads a clock: give it a time"


def vague_names(module: Module) -> Iterator[str]:
    """Give each module whose name does not say what it holds."""
    for part in module.path.parts:
        if part.removesuffix(".py") in VAGUE:
            yield f"{module.path}: {part} says nothing about what is in it"


def doors_with_logic(module: Module) -> Iterator[str]:
    """Give each statement of an api.py that is neither an import nor `__all__`, and each `get_`."""
    if len(module.path.parts) != 2 or module.stem != "api":
        return
    listed: list[str] = []
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and is_all(node):
            listed = list(ast.literal_eval(node.value))
        elif not isinstance(node, ast.Import | ast.ImportFrom) and not is_docstring(node):
            yield f"{module.path}:{node.lineno} has logic: a door only imports and lists"
    if not listed:
        yield f"{module.path} lists nothing in __all__"
    for name in listed:
        if name.startswith("get_"):
            yield f"{module.path}: {name}: a noun will do, or access_* when it may be refused"


def is_all(node: ast.Assign) -> bool:
    """Tell whether a statement lists what a module offers."""
    return [getattr(target, "id", "") for target in node.targets] == ["__all__"]


def is_docstring(node: ast.stmt) -> bool:
    """Tell whether a statement is a bare text."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def values_that_change(module: Module) -> Iterator[str]:
    """Give each dataclass in a data.py that is not frozen."""
    if module.stem != "data":
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            for mark in node.decorator_list:
                if "dataclass" in ast.unparse(mark) and "frozen=True" not in ast.unparse(mark):
                    yield f"{module.path}:{node.lineno} {node.name} is not frozen"


def values_that_know_django(module: Module) -> Iterator[str]:
    """Give each import of Django in a data.py other than of choices and the words for them."""
    if module.stem != "data":
        return
    for each in module.imports():
        is_words = each.module == "django.utils.translation"
        is_choices = each.module == "django.db.models" and each.name in CHOICES
        if each.module.startswith("django") and not (is_words or is_choices):
            yield f"{module.path}:{each.line} imports {each.module}.{each.name}: values are pure"


def unseen_texts(module: Module) -> Iterator[str]:
    """Give each name for gettext that the reader of texts does not know, and so would pass over."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for alias in node.names:
                if alias.asname not in (None, "_"):
                    yield f"{module.path}:{node.lineno} calls {alias.name} {alias.asname}: use _"


def untested(module: Module) -> Iterator[str]:
    """Give each test that sleeps, is skipped or is expected to fail."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            text = ast.unparse(node)
            if text in {"time.sleep", "asyncio.sleep"}:
                yield f"{module.path}:{node.lineno} sleeps: wait for the event, or move the clock"
            elif text.startswith("pytest.") and node.attr in {
                "skip",
                "skipif",
                "xfail",
                "importorskip",
            }:
                yield f"{module.path}:{node.lineno} is skipped: a test runs or does not exist"


RULES: tuple[Rule, ...] = (
    signals,
    automatic_times,
    hidden_clocks,
    vague_names,
    doors_with_logic,
    values_that_change,
    values_that_know_django,
    unseen_texts,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_program_keeps(rule: Rule) -> None:
    faults = [fault for module in modules() for fault in rule(module)]
    assert not faults, "\n".join(faults)


def test_tests_test() -> None:
    faults = [
        fault
        for module in modules_under(ROOT / "tests")
        for fault in (*untested(module), *vague_names(module))
    ]
    assert not faults, "\n".join(faults)


def test_folders_say_what_they_hold() -> None:
    folders = (path for path in (ROOT / "src").rglob("*") if path.is_dir())
    assert not [path for path in folders if path.name in VAGUE]


@pytest.mark.parametrize(
    ("rule", "path", "source"),
    [
        (signals, "warning/models.py", "from django.db.models.signals import post_save"),
        (signals, "warning/apps.py", "from django.dispatch import receiver"),
        (signals, "warning/tasks.py", "from django.dispatch import Signal"),
        (signals, "warning/apps.py", "from . import facts\nfacts.warning_issued.connect(f)"),
        (signals, "demo/run.py", "from anlan.warning.facts import issued\nissued.connect(f)"),
        (automatic_times, "warning/models.py", "at = models.DateTimeField(auto_now_add=True)"),
        (hidden_clocks, "warning/queries.py", "today = timezone.localdate()"),
        (vague_names, "warning/utils.py", ""),
        (vague_names, "warning/helpers/names.py", ""),
        (doors_with_logic, "warning/api.py", "from .queries import x\n__all__ = ['x']\ny = x()"),
        (doors_with_logic, "warning/api.py", "from .queries import x"),
        (doors_with_logic, "warning/api.py", "from .q import get_x\n__all__ = ['get_x']"),
        (values_that_change, "warning/data.py", "@dataclass\nclass Rung:\n    name: str"),
        (values_that_know_django, "warning/data.py", "from django.db import models"),
        (unseen_texts, "x/y.py", "from django.utils.translation import gettext as _now"),
        (untested, "rooms/test_x.py", "time.sleep(1)"),
        (untested, "rooms/test_x.py", "@pytest.mark.skip\ndef test_x(): ..."),
    ],
)
def test_a_fault_is_seen(rule: Rule, path: str, source: str) -> None:
    assert list(rule(module_of(path, source)))


@pytest.mark.parametrize(
    ("rule", "path", "source"),
    [
        (signals, "warning/facts.py", "from django.dispatch import Signal\nissued = Signal()"),
        (signals, "chain.py", "from anlan.warning import facts\nfacts.issued.connect(f)"),
        (signals, "monitoring/store.py", "connection = sqlite3.connect(path)"),
        (doors_with_logic, "warning/api.py", '"""Door."""\nfrom .q import x\n__all__ = ["x"]'),
        (hidden_clocks, "warning/queries.py", "day = timezone.localdate(issued_at)"),
        (doors_with_logic, "web/screens/api.py", "x = 1"),
        (values_that_know_django, "x/data.py", "from django.db.models import TextChoices"),
        (unseen_texts, "x/y.py", "from django.utils.translation import gettext as _"),
        (
            values_that_change,
            "warning/data.py",
            "@dataclass(frozen=True, slots=True)\nclass R: ...",
        ),
    ],
)
def test_what_is_right_is_let_through(rule: Rule, path: str, source: str) -> None:
    assert not list(rule(module_of(path, source)))


def test_modules_are_found(tmp_path: Path) -> None:
    (tmp_path / "warning" / "actions").mkdir(parents=True)
    (tmp_path / "warning" / "actions" / "issue_warning.py").write_text("x = 1")
    found = modules_under(tmp_path)
    assert [module.path for module in found] == [PurePosixPath("warning/actions/issue_warning.py")]
    assert found[0].room == "warning"
