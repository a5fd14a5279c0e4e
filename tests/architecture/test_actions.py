"""An action is one verb in a file of its name, told by keyword who acts and when."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.tree import Module, module_of, modules

TOLD = ("by", "now")


def is_action(module: Module) -> bool:
    """Tell whether a file is one of a room's actions."""
    parts = module.path.parts
    return len(parts) == 3 and parts[1] == "actions" and not module.stem.startswith("_")


def faults_of(module: Module) -> Iterator[str]:
    """Give what is wrong with one action."""
    defined = [node for node in module.tree.body if isinstance(node, ast.FunctionDef)]
    public = [node for node in defined if not node.name.startswith("_")]
    if [node.name for node in public] != [module.stem]:
        names = ", ".join(node.name for node in public) or "nothing"
        yield f"{module.path} defines {names}: it should define {module.stem} and no more"
        return
    arguments = public[0].args
    if len(arguments.posonlyargs) + len(arguments.args) > 1 or arguments.vararg:
        yield f"{module.path}: everything after the first argument is keyword-only"
    named = {argument.arg for argument in arguments.kwonlyargs}
    for word in TOLD:
        if word not in named:
            yield f"{module.path} is not told `{word}`"


def test_actions_are_verbs_in_files() -> None:
    faults = [fault for module in modules() if is_action(module) for fault in faults_of(module)]
    assert not faults, "\n".join(faults)


def action(source: str) -> Module:
    """Return a made-up action file."""
    return module_of("warning/actions/issue_warning.py", source)


@pytest.mark.parametrize(
    "source",
    [
        "def issue_warning(draft: Draft, *, by: Actor, now: datetime) -> None: ...",
        "def issue_warning(*, by, now): ...\ndef _check(): ...\nLIMIT = 3",
    ],
)
def test_a_right_action_is_let_through(source: str) -> None:
    assert is_action(action(source))
    assert not list(faults_of(action(source)))


@pytest.mark.parametrize(
    "source",
    [
        "",
        "def issue(draft, *, by, now): ...",
        "def issue_warning(draft, *, by, now): ...\ndef lift_warning(*, by, now): ...",
        "def issue_warning(draft, by, now): ...",
        "def issue_warning(draft, *, now): ...",
        "def issue_warning(draft, *, by): ...",
        "def issue_warning(*drafts, by, now): ...",
    ],
)
def test_a_wrong_action_is_seen(source: str) -> None:
    assert list(faults_of(action(source)))
