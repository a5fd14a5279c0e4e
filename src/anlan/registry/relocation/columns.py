"""Which columns of the register carry a division: found from the models, none forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from anlan.registry.models import Division, DivisionChange, ForestStand

# The tree is rebuilt by itself, the history keeps its codes, a forest is added up.
APART = (
    (Division, "parent"),
    (DivisionChange, "division"),
    (ForestStand, "division"),
)


@dataclass(frozen=True)
class Column:
    """A column that carries a division's code."""

    model: type[models.Model]
    name: str

    @property
    def label(self) -> str:
        """Return the name of the model."""
        return self.model.__name__

    @property
    def rows(self) -> "models.QuerySet[Any]":
        """Return the rows of the model in sight."""
        return self.model._default_manager.all()

    def carries(self, field: str) -> bool:
        """Tell whether the model has a column of this name."""
        return any(each.name == field for each in self.model._meta.concrete_fields)


def division_columns() -> Iterator[Column]:
    """Give every column of the register that moves with its division."""
    for model in apps.get_app_config(Division._meta.app_label).get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Division and (model, field.name) not in APART:
                yield Column(model, field.name)
