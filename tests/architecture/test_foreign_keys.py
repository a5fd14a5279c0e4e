"""Foreign keys follow the floors: by string, protected, unseen by the lower room."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.tree import Module, floor_of, module_of, modules

RELATIONS = frozenset({"ForeignKey", "OneToOneField", "ManyToManyField"})


@dataclass(frozen=True)
class Link:
    """A relation from a model of ours to a model of another room of ours."""

    name: str
    room: str
    target: str
    on_delete: str = "PROTECT"
    related_name: str = "+"


def links() -> Iterator[Link]:
    """Give every relation between two rooms."""
    for model in apps.get_models(include_auto_created=True):
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            if (
                is_ours(model)
                and isinstance(field.related_model, type)
                and is_ours(field.related_model)
            ):
                yield link_of(model, field)


def is_ours(model: type[models.Model]) -> bool:
    """Tell whether a model belongs to this program."""
    return model.__module__.startswith("anlan.")


def link_of(model: type[models.Model], field: models.Field) -> Link:  # type: ignore[type-arg] # any field
    """Return what the rules ask of one relation."""
    remote: Any = field.remote_field
    return Link(
        name=f"{model._meta.label}.{field.name}",
        room=model._meta.app_label,
        target=remote.model._meta.app_label,
        on_delete=getattr(getattr(remote, "on_delete", None), "__name__", "PROTECT"),
        related_name=remote.related_name or "",
    )


def faults_of(link: Link) -> Iterator[str]:
    """Give what is wrong with one relation."""
    if link.room == link.target:
        return
    if floor_of(link.target) >= floor_of(link.room):
        yield f"{link.name} points to {link.target}, which is not on a floor below"
    if link.on_delete != "PROTECT":
        yield f"{link.name} is {link.on_delete}: use on_delete=models.PROTECT"
    if not link.related_name.endswith("+"):
        yield f"{link.name} gives {link.target} an attribute: use related_name='+'"


def named_by_class(module: Module) -> Iterator[str]:
    """Give each relation whose target is an imported class instead of a string."""
    imported = {each.name or each.module for each in module.imports()}
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or not is_relation(node.func):
            continue
        named = [word.value for word in node.keywords if word.arg == "to"]
        target = node.args[0] if node.args else next(iter(named), None)
        if isinstance(target, ast.Name) and target.id in imported:
            yield f"{module.path}:{node.lineno} names the class {target.id}: write 'room.Model'"


def is_relation(called: ast.expr) -> bool:
    """Tell whether a call makes a relation."""
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in RELATIONS


def test_foreign_keys_follow_the_floors() -> None:
    faults = [fault for link in links() for fault in faults_of(link)]
    assert not faults, "\n".join(faults)


def test_foreign_keys_are_named_by_strings() -> None:
    faults = [fault for module in modules() for fault in named_by_class(module)]
    assert not faults, "\n".join(faults)


GOOD = Link(name="warning.HazardWarning.division", room="warning", target="registry")


@pytest.mark.parametrize(
    "link",
    [
        replace(GOOD, on_delete="CASCADE"),
        replace(GOOD, related_name="warnings"),
        replace(GOOD, related_name=""),
        replace(GOOD, target="command"),
        replace(GOOD, room="plans", target="supplies"),
    ],
)
def test_a_wrong_link_is_seen(link: Link) -> None:
    assert list(faults_of(link))


def test_a_right_link_is_let_through() -> None:
    assert not list(faults_of(GOOD))
    assert not list(faults_of(replace(GOOD, target="warning", on_delete="CASCADE")))


def test_a_class_instead_of_a_string_is_seen() -> None:
    wrong = "from x import Division\ndivision = models.ForeignKey(Division, on_delete=PROTECT)"
    right = "division = models.ForeignKey('registry.Division', on_delete=PROTECT)"
    assert list(named_by_class(module_of("warning/models.py", wrong)))
    assert not list(named_by_class(module_of("warning/models.py", right)))
